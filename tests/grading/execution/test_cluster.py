"""docs/cluster.md, walked through: certificates are made and a cluster is started as it says; what is not so is refused.

A class of two is graded. That the marks are those of one machine is held by test_batch.py.
"""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import dask.config
import distributed  # noqa: F401  its own settings stand below those of the tests
import nbformat
import pytest
from grading.conftest import SMALL
from processes import PATIENCE

from course_utils import cli
from course_utils.errors import CourseError
from course_utils.grading.course import Course, released_notebook
from course_utils.grading.execution import cluster, pool
from course_utils.grading.limits import Limits
from course_utils.kit import kit_folder

BLOCKS = dict(
    re.findall(
        r"^```sh (\w+)\n(.*?)^```$",
        (kit_folder() / "docs" / "cluster.md").read_text(encoding="utf-8"),
        re.M | re.S,
    )
)
BIN = Path(sys.executable).parent


@pytest.fixture(scope="session")
def authorities(tmp_path_factory):
    """Two folders of certificates, each of an authority of its own, made as the page says."""
    folders = [tmp_path_factory.mktemp(name) for name in ("ours", "theirs")]
    for folder in folders:
        subprocess.run(
            ["sh", "-e", "-c", BLOCKS["certificates"]], cwd=folder, check=True, capture_output=True, text=True
        )
    return [folder / "tls" for folder in folders]


def as_the_page_says(block: str, port: int, folder: Path | None = None) -> tuple[list[str], dict[str, str]]:
    """A command of the page for a port of this machine, and the environment after its settings for these certificates."""
    kept = {"PATH", "LANG", "LC_ALL", "TMPDIR"}
    environment = {name: value for name, value in os.environ.items() if name in kept}
    environment["PATH"] = os.pathsep.join([str(BIN), environment.get("PATH", os.defpath)])
    settings = BLOCKS["settings"] if folder else ""
    command = BLOCKS[block].replace("HOST", "127.0.0.1").replace("8786", str(port)).strip()
    return [
        "sh",
        "-e",
        "-c",
        f"cd '{folder or '.'}'\n{settings}\ncd - >/dev/null\nexec {command}",
    ], environment


class Machines:
    """Schedulers and workers, each in a folder of its own; all of them end with the test."""

    def __init__(self, folder: Path):
        self.folder, self.running = folder, []

    def start(self, name: str, command: list[str], environment: dict[str, str]) -> Path:
        home = self.folder / name
        home.mkdir()
        log = home / "log"
        with log.open("w") as out:
            self.running.append(
                subprocess.Popen(
                    command,
                    cwd=home,
                    env=environment | {"HOME": str(home)},
                    stdout=out,
                    stderr=subprocess.STDOUT,
                )
            )
        return log

    def scheduler(self, folder: Path | None) -> int:
        """A scheduler, with these certificates or none; its port, once it listens."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command, environment = as_the_page_says("scheduler", port, folder)
        if folder is None:
            command[-1] = command[-1].replace("--protocol tls", "")
        self.log = self.start("scheduler", command, environment)
        self.wait_for(lambda: "Scheduler at:" in self.log.read_text())
        return port

    def worker(self, port: int, folder: Path) -> None:
        log = self.start("worker", *as_the_page_says("worker", port, folder))
        self.wait_for(
            lambda: "Registered to:" in log.read_text() and "Starting established" in log.read_text()
        )

    def wait_for(self, come, seconds: float = PATIENCE) -> None:
        waiting = threading.Event()
        for _ in range(int(seconds / 0.1)):
            if come():
                return
            assert all(process.poll() is None for process in self.running), [
                path.read_text() for path in self.folder.glob("*/log")
            ]
            waiting.wait(0.1)
        pytest.fail(f"it did not come: {[path.read_text() for path in self.folder.glob('*/log')]}")

    def end(self) -> None:
        for process in self.running:
            process.terminate()
        for process in self.running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE)
            process.kill()


@pytest.fixture
def machines(tmp_path):
    made = Machines(tmp_path / "machines")
    made.folder.mkdir()
    yield made
    made.end()


@pytest.fixture(scope="module")
def made(tmp_path_factory, small_assignment, answered):
    """Two who have handed in: one is right, one is not."""
    course = Course.create(tmp_path_factory.mktemp("made") / "class", [small_assignment])
    course.generate(SMALL)
    course.add_students({"ada": {}, "bob": {}})
    for student, answers in (("ada", {}), ("bob", {"total": "total = 3"})):
        target = course.submitted(student, SMALL)
        target.mkdir(parents=True)
        nbformat.write(answered(released_notebook(course, SMALL), **answers), target / f"{SMALL}.ipynb")
    return course


@pytest.fixture
def a_class(made, tmp_path):
    """A copy of that class for each test."""
    shutil.copytree(made.folder, tmp_path / "class")
    return Course(tmp_path / "class", apart=True)


def grade(course: Course, port: int, folder: Path | None, *options: str, scheme: str = "tls"):
    command, environment = as_the_page_says("grade", port, folder)
    command[-1] = command[-1].replace("01_who_is_our_customer", SMALL).replace("tls://", f"{scheme}://")
    command[-1] += " ".join(("", *options))
    return subprocess.run(
        command,
        cwd=course.folder / "assignments",
        env=environment | {"HOME": str(course.folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def scores(course: Course) -> dict[str, float]:
    with course.gradebook as gradebook:
        return {each.student_id: each.score for each in gradebook.assignment_submissions(SMALL)}


@pytest.mark.needs("bubblewrap")
@pytest.mark.needs("openssl")
def test_with_certificates_the_class_is_graded(machines, a_class, authorities):
    ours, theirs = authorities
    port = machines.scheduler(ours)
    machines.worker(port, ours)
    done = grade(a_class, port, ours)
    # The question in words waits for its mark, which is no reason for another exit code.
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 graded" in done.stdout
    assert scores(a_class) == {"ada": 4, "bob": 2}
    address = f"tls://127.0.0.1:{port}"
    # Another authority; and one that both trust, with a certificate that the scheduler does not.
    for folder, authority, said in (
        (theirs, theirs, "shows a certificate that is not from your authority"),
        (theirs, ours, "does not take your certificate"),
    ):
        with certificates(folder, authority), pytest.raises(CourseError, match=said):
            next(pool.run_on_cluster([(0, None)], address, "none", Limits()))


def certificates(folder: Path, authority: Path):
    """Dask's settings for a client with these, within a ``with``."""
    files = {
        "ca-file": authority / "ca.pem",
        "client.cert": folder / "grading.pem",
        "client.key": folder / "grading.key",
    }
    return dask.config.set({f"distributed.comm.tls.{name}": str(path) for name, path in files.items()})


@pytest.mark.needs("bubblewrap")
@pytest.mark.needs("openssl")
def test_a_scheduler_without_tls_is_sent_nothing(machines, a_class, authorities):
    port = machines.scheduler(None)
    done = grade(a_class, port, authorities[0])
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert "speaks without encryption, so nothing was sent to it" in done.stderr
    assert "docs/cluster.md" in done.stderr
    assert "Receive client connection" not in machines.log.read_text()
    assert scores(a_class) == {}


class Listener:
    """Somebody who listens at a port of this machine, and notes every connection."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port, self.heard = self.socket.getsockname()[1], []
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        with contextlib.suppress(OSError):
            while True:
                line, _ = self.socket.accept()
                self.heard.append(line.recv(100))
                line.close()


@pytest.fixture
def listener():
    made = Listener()
    yield made
    made.socket.close()


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:{}", "dask://localhost:{}", "tls://127.0.0.1:{}"])
def test_what_is_refused_is_not_even_reached(address, listener, a_class, monkeypatch, capsys):
    monkeypatch.chdir(a_class.folder / "assignments")
    monkeypatch.delenv("DASK_DISTRIBUTED__COMM__TLS__CA_FILE", raising=False)
    assert cli.main(["grade", SMALL, f"--cluster={address.format(listener.port)}"]) == 2
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert "docs/cluster.md" in said
    assert listener.heard == []


@pytest.mark.parametrize(
    "host", ["192.0.2.1", "[2001:db8::1]", "0.0.0.0", "[::]", "[::ffff:192.0.2.1]", "10.0.0.1"]
)
@pytest.mark.parametrize("kind", ["tcp", "dask"])
def test_the_flag_is_for_this_machine_alone(kind, host):
    with pytest.raises(CourseError, match="is for a scheduler on this machine alone"):
        cluster.reach(f"{kind}://{host}:8786", unprotected=True)


def test_a_name_is_this_machine_only_if_all_that_it_leads_to_is(monkeypatch):
    leads_to = ["127.0.0.1"]
    monkeypatch.setattr(cluster.socket, "getaddrinfo", lambda *_: [(0, 0, 0, "", (n, 0)) for n in leads_to])
    assert cluster.reach("dask://grader:8786", unprotected=True) == ("tcp://grader:8786", None)
    leads_to.append("192.0.2.1")
    with pytest.raises(CourseError, match="grader is not"):
        cluster.reach("dask://grader:8786", unprotected=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.10", "[::1]", "localhost"])
def test_on_this_machine_it_needs_the_flag_besides(host):
    assert cluster.reach(f"tcp://{host}:8786", unprotected=True) == (f"tcp://{host}:8786", None)
    with pytest.raises(CourseError, match="is not protected"):
        cluster.reach(f"tcp://{host}:8786")


def test_the_flag_takes_nothing_from_an_address_with_certificates():
    with pytest.raises(CourseError, match="There are no certificates"):
        cluster.reach("tls://127.0.0.1:8786", unprotected=True)


@pytest.mark.parametrize(
    "content", ["", "-----BEGIN CERTIFICATE-----\nxxxx\n-----END CERTIFICATE-----\n", None]
)
def test_certificates_that_cannot_be_read_are_named(content, tmp_path):
    for name in ("ca.pem", "grading.pem", "grading.key"):
        if content is not None:
            (tmp_path / name).write_text(content)
    with (
        certificates(tmp_path, tmp_path),
        pytest.raises(CourseError, match="The certificates for the cluster cannot be read"),
    ):
        cluster.reach("tls://127.0.0.1:8786")


@pytest.mark.parametrize(
    "address", ["host", "dask://", "dask://host", "dask://:8786", "ucx://host:8786", "tcp://h:x"]
)
def test_an_address_without_a_meaning(address):
    with pytest.raises(CourseError, match="--cluster must look like dask://HOST:PORT"):
        cluster.reach(address)


def test_the_flag_without_a_cluster(capsys):
    assert cli.main(["grade", SMALL, "--unprotected-cluster"]) == 2
    assert "say which, with --cluster" in capsys.readouterr().err


# ---- what is not installed -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "command", "sentence"),
    [
        ("distributed", ("grade", SMALL, "--cluster=tls://127.0.0.1:1"), "Dask is not installed: "),
        (
            "psycopg",
            ("grade", SMALL, "--sandbox=none"),
            "The gradebook that COURSE_GRADEBOOK names needs psycopg, ",
        ),
    ],
)
def test_what_is_not_installed_is_a_sentence(module, command, sentence, a_class):
    code = f"import sys; sys.modules[{module!r}] = None; from course_utils import cli; sys.exit(cli.main({[*command]!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=a_class.folder / "assignments",
        env=os.environ | {"COURSE_GRADEBOOK": "postgresql+psycopg://grader@127.0.0.1:1/grades"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith(sentence)
    assert "python -m pip install --require-hashes -r requirements-cluster.lock" in done.stderr
    assert len(done.stderr.splitlines()) == 1


VERBS = {
    "grade": ("grade", SMALL, "--sandbox=none"),
    "grade all": ("grade", "--all"),
    "regrade": ("regrade", SMALL, "--yes", "--sandbox=none"),
    "class": ("class", "class.csv"),
    "late": ("late", SMALL),
    "report": ("report", SMALL),
    "export": ("export", "--to=csv"),
    "collect": ("collect", SMALL, "--from=canvas", "handed_in"),
}


@pytest.fixture(params=VERBS)
def refused(request, a_class, monkeypatch, capsys):
    """Runs a verb that needs the gradebook, with all that it reads besides; gives the one sentence that it says."""
    folder = a_class.folder / "assignments"
    (folder / "class.csv").write_text("id,last_name\nada,Lovelace\n")
    (folder / "handed_in").mkdir()
    (folder / "handed_in" / f"quillmary_5001_9_{SMALL}.ipynb").write_text("{}")
    monkeypatch.chdir(folder)

    def run() -> str:
        capsys.readouterr()
        assert cli.main([*VERBS[request.param]]) == 2
        said = capsys.readouterr().err
        assert len(said.splitlines()) == 1, said
        return said

    return run


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("postgresql+psycopg://grader@127.0.0.1:2/grades", "needs psycopg, which is not installed here"),
        ("postgresql+psycopg2://grader@127.0.0.1:1/grades", r"must begin with postgresql\+psycopg://"),
        ("grades", "COURSE_GRADEBOOK does not name a database"),
        ("oracel://x", "COURSE_GRADEBOOK does not name a database"),
        (
            "sqlite:////nowhere/at/all/gradebook.db",
            "(The gradebook cannot be opened where it is|There is no gradebook in /nowhere)",
        ),
    ],
)
def test_a_setting_that_leads_nowhere(refused, address, sentence, monkeypatch):
    for module in ("psycopg", "psycopg2"):
        monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setenv("COURSE_GRADEBOOK", address)
    assert re.search(sentence, refused())


@pytest.mark.parametrize("kind", ["not a database", "a folder"])
def test_a_gradebook_that_cannot_be_read(refused, kind, a_class):
    path = a_class.folder / "assignments" / "gradebook.db"
    path.unlink()
    if kind == "a folder":
        path.mkdir()
    else:
        path.write_text("This is a letter, and no gradebook at all. " * 100)
    why = (
        "The file of the gradebook is not a gradebook"
        if kind == "not a database"
        else "is a folder, where a file"
    )
    assert why in refused()
