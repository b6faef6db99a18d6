"""What a machine gets: the locks, environment.yml for conda and Binder, and bootstrap.sh, which makes .venv."""

import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

from course_utils.authoring import environment
from course_utils.errors import CourseError

PINNED = (
    *("jupyterlab==4.6.6", "notebook==7.6.5", "ipywidgets==8.1.9", "nbgrader==0.9.6"),
    *("pandas==3.1.1", "seaborn==0.13.2", "faker==40.54.0", "jupytext==1.19.6"),
)


@pytest.fixture(scope="module")
def lock(kit) -> str:
    return (kit / environment.LOCK).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def conda(kit) -> dict:
    return yaml.safe_load((kit / environment.ENVIRONMENT).read_text(encoding="utf-8"))


# The locks


@pytest.mark.parametrize("name", environment.LOCKS)
def test_every_pin_is_exact_and_has_hashes_and_no_index_is_named(kit, name):
    text = (kit / name).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[a-zA-Z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(environment.pins(text)) > 100
    assert [block for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in text
    assert "index" not in re.sub(r"^.*#.*$", "", text, flags=re.MULTILINE)


def test_the_versions_known_to_work_together_are_the_pinned_ones(lock):
    assert set(PINNED) <= {str(pin) for pin in environment.pins(lock)}


def test_the_tests_run_with_what_students_run(kit, lock):
    tested = {str(pin) for pin in environment.pins((kit / environment.TEST_LOCK).read_text(encoding="utf-8"))}
    assert {str(pin) for pin in environment.pins(lock)} <= tested


def test_a_cluster_runs_what_was_tested(kit):
    tested, there = (
        {str(pin) for pin in environment.pins((kit / name).read_text(encoding="utf-8"))}
        for name in (environment.TEST_LOCK, environment.CLUSTER_LOCK)
    )
    lab = {str(pin) for pin in environment.pins((kit / environment.LOCK).read_text(encoding="utf-8"))}
    assert lab < there < tested
    assert {"distributed", "psycopg", "psycopg-binary"} <= {pin.split("==")[0] for pin in there}


def test_what_is_installed_here_is_what_the_lock_pins(kit):
    for pin in environment.pins((kit / environment.TEST_LOCK).read_text(encoding="utf-8")):
        if pin.marker is None or pin.marker.evaluate():
            assert pin.specifier.contains(version(pin.name)), pin


@pytest.mark.parametrize(
    "line", ["numpy", "numpy>=2", "numpy==2.*", "-r other.txt", "x @ https://example.org/x.whl"]
)
def test_a_lock_with_anything_but_exact_pins_is_refused_with_its_line(line):
    with pytest.raises(CourseError, match="Line 2 of the lock"):
        environment.rendered(f"pandas==3.1.1\n{line}\n")


# environment.yml


def test_environment_yml_is_what_the_lock_makes(kit, lock):
    assert (kit / environment.ENVIRONMENT).read_text(encoding="utf-8") == environment.rendered(lock)
    assert environment.check(kit) == 0


def test_a_stale_environment_yml_is_named(tmp_path, kit, capsys):
    shutil.copy(kit / environment.LOCK, tmp_path)
    assert environment.check(tmp_path) == 1
    (tmp_path / environment.ENVIRONMENT).write_text("name: course\n", encoding="utf-8")
    assert environment.check(tmp_path) == 1
    assert "run “course env”" in capsys.readouterr().err
    environment.write(tmp_path)
    assert environment.check(tmp_path) == 0


def test_conda_gives_python_and_pip_and_nothing_else(conda):
    *given, pips = conda["dependencies"]
    assert given == ["python=3.11", "pip"]
    assert list(pips) == ["pip"]


def test_the_pins_stand_in_environment_yml_itself(conda, lock):
    lines = conda["dependencies"][-1]["pip"]
    assert [
        line for line in lines if line.startswith(("-", ".", "/")) or "file:" in line or "://" in line
    ] == []
    assert set(PINNED) <= set(lines)
    here = [str(pin) for pin in environment.pins(lock) if pin.marker is None or pin.marker.evaluate()]
    assert sys.version_info[:2] != (3, 11) or set(here) <= set(lines)


def test_pins_for_other_pythons_only_are_left_out_and_those_for_windows_stay():
    made = environment.rendered(
        "numpy==2.4.6 ; python_full_version < '3.12' \\\n"
        "numpy==2.5.5 ; python_full_version >= '3.12' \\\n"
        "pywinpty==3.1.2 ; os_name == 'nt' \\\n"
        "appnope==1.0.0 ; sys_platform == 'darwin' \\\n"
    )
    lines = yaml.safe_load(made)["dependencies"][-1]["pip"]
    assert [line.split("==")[0] for line in lines] == ["numpy", "pywinpty", "appnope"]
    assert lines[0].startswith("numpy==2.4.6")


def test_pip_reads_the_lines_as_they_stand(conda, tmp_path):
    """conda writes them into a file and hands it to pip; every one of them is installed here already."""
    listed = tmp_path / "from-conda.txt"
    listed.write_text("\n".join(conda["dependencies"][-1]["pip"]) + "\n", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--dry-run",
        "--no-deps",
        "--no-index",
        "-r",
        str(listed),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Would install" not in done.stdout


def test_binder_builds_python_3_11_and_the_packages_before_the_lessons_are_copied(kit, copy_kit, tmp_path):
    folder = copy_kit(tmp_path / "kit")
    user = ["--user-id=1000", "--user-name=jovyan"]  # which it would refuse to take from root
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", *user, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    recipe = done.stdout + done.stderr
    assert "Building conda environment for python=3.11" in recipe
    install = recipe.index("env update")
    copied = re.search(r"^COPY \S+ src/ ", recipe, flags=re.MULTILINE).start()
    built = recipe.index("RUN ./postBuild")
    assert install < copied < built


def test_binders_last_step_installs_the_kit_where_it_lies(kit):
    assert os.access(kit / "postBuild", os.X_OK)
    assert "pip install --no-deps --no-build-isolation -e ." in (kit / "postBuild").read_text(
        encoding="utf-8"
    )


# bootstrap.sh: it is run here with a pip that only notes what it was asked, so that these tests take no minutes.


TOOLS = ("sh", "cat", "chmod", "cmp", "cp", "df", "dirname", "awk", "head", "mkdir", "rm")


class Machine:
    """One bare machine: a folder, and the only programs that it has."""

    def __init__(self, root: Path):
        self.folder, self.programs, self.notes = (
            root / "O'Neil's kit [1] 50% #2 é 図",
            root / "bin",
            root / "notes",
        )
        self.folder.mkdir()
        self.programs.mkdir()
        for tool in TOOLS:
            (self.programs / tool).symlink_to(shutil.which(tool))
        self.python()

    def program(self, name: str, body: str) -> None:
        path = self.programs / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        path.chmod(0o755)

    def python(self, *, change: str = "", pip: str = "exit 0") -> None:
        """A python3 that first does ``change`` to itself, and makes a .venv whose pip does ``pip``."""
        (self.programs / "sitecustomize.py").write_text(f"import sys\n{change}\n", encoding="utf-8")
        self.program("python-in-venv", f'echo "$*" >>"{self.notes}"\n{pip}')
        self.program(
            "python3",
            f"""case "$*" in
            "-m venv "*)
                echo "$*" >>"{self.notes}"
                rm -rf .venv && mkdir -p .venv/bin && cp "{self.programs}/python-in-venv" .venv/bin/python ;;
            *) PYTHONPATH="{self.programs}" exec "{sys.executable}" "$@" ;;
            esac""",
        )

    def run(
        self, lock: str = environment.LOCK, *, prefix: tuple[str, ...] = ()
    ) -> subprocess.CompletedProcess:
        command = [*prefix, str(self.programs / "sh"), "bootstrap.sh", lock]
        path = {"PATH": str(self.programs)}
        return subprocess.run(command, cwd=self.folder, env=path, capture_output=True, text=True)

    def asked(self, word: str = "") -> list[str]:
        """What venv and pip were asked to do so far."""
        lines = self.notes.read_text(encoding="utf-8").splitlines() if self.notes.exists() else []
        return [line for line in lines if word in line]


@pytest.fixture
def bare(tmp_path, kit):
    """A folder with what bootstrap.sh reads, on a machine of its own."""
    machine = Machine(tmp_path)
    for name in ("bootstrap.sh", "pyproject.toml", environment.LOCK, environment.TEST_LOCK):
        shutil.copy(kit / name, machine.folder)
    return machine


def refused(done: subprocess.CompletedProcess) -> str:
    """The one sentence of a run that did not go well."""
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


def test_the_environment_is_made_once(bare):
    assert bare.run().returncode == 0
    venv_call, lock_call, kit_call = bare.asked()
    assert venv_call == "-m venv --clear .venv"
    assert "--require-hashes -r requirements.lock" in lock_call
    assert "--no-deps --no-build-isolation -e ." in kit_call
    again = bare.run()
    assert (again.returncode, again.stdout) == (0, "")
    assert len(bare.asked()) == 3


def test_the_tests_add_to_the_same_environment(bare):
    bare.run()
    bare.run(environment.TEST_LOCK)
    assert len(bare.asked("venv --clear")) == 1
    assert len(bare.asked("-r requirements-test.lock")) == 1


def test_going_from_the_lab_to_the_tests_and_back_installs_nothing_again(bare):
    bare.run()
    bare.run(environment.TEST_LOCK)
    so_far = len(bare.asked())
    bare.run()
    bare.run(environment.TEST_LOCK)
    assert len(bare.asked()) == so_far


def test_a_changed_pyproject_installs_only_the_kit_again(bare):
    bare.run()
    with (bare.folder / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    bare.run()
    assert "-e ." in bare.asked()[-1]
    assert len(bare.asked()) == 4


def test_a_changed_lock_is_installed(bare):
    bare.run()
    with (bare.folder / environment.LOCK).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    bare.run()
    assert len(bare.asked("-r requirements.lock")) == 2
    assert len(bare.asked("venv --clear")) == 1


def test_a_kit_that_was_moved_is_made_anew(bare):
    bare.run()
    bare.folder = bare.folder.rename(bare.folder.with_name("moved"))
    bare.run()
    assert len(bare.asked("venv --clear")) == 2


@pytest.mark.parametrize("name", ["a:b", "a$HOME", "a`b", "a\\b", 'the "kit" here', 'here "kit"'])
def test_a_folder_in_which_pythons_own_programs_do_not_start_is_named(bare, name):
    bare.folder = bare.folder.rename(bare.folder.with_name(name))
    assert f"Python cannot work in {bare.folder}: give the folder a name without" in refused(bare.run())
    assert not (bare.folder / ".venv").exists()


def test_an_environment_that_was_deleted_is_made_anew(bare):
    bare.run()
    shutil.rmtree(bare.folder / ".venv")
    bare.run()
    assert len(bare.asked("venv --clear")) == 2


def test_a_half_made_environment_is_made_anew(bare):
    (bare.folder / ".venv").mkdir()
    (bare.folder / ".venv" / "half").write_text("made", encoding="utf-8")
    assert bare.run().returncode == 0
    assert not (bare.folder / ".venv" / "half").exists()


def test_an_old_python(bare):
    bare.python(change="sys.version_info = (3, 9, 18, 'final', 0)")
    assert "This is Python 3.9, and the course needs 3.11 or newer" in refused(bare.run())
    assert not (bare.folder / ".venv").exists()


def test_no_python_at_all(bare):
    (bare.programs / "python3").unlink()
    assert "There is no python3 on this machine" in refused(bare.run())


def test_no_venv_module(bare):
    bare.python(change="sys.modules['ensurepip'] = None")
    assert "apt install python3-venv" in refused(bare.run())
    assert not (bare.folder / ".venv").exists()


def test_not_enough_room_is_seen_before_anything_is_made(bare):
    bare.program(
        "df", "printf 'Filesystem 1024-blocks Used Available Capacity Mounted\\n/dev/x 1 1 20480 99%% /\\n'"
    )
    assert "The disk has 20 MB free" in refused(bare.run())
    assert not (bare.folder / ".venv").exists()


@pytest.mark.parametrize(
    ("log", "said"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "is not the one that"),
        ("NewConnectionError: Failed to establish a new connection", "check the network"),
        ("Segmentation fault", "the end of .course/install.log says why"),
    ],
)
def test_an_installation_that_fails_leaves_nothing_and_says_why(bare, log, said):
    bare.python(pip=f'echo "{log}"; exit 1')
    assert said in refused(bare.run())
    assert not (bare.folder / ".venv").exists()
    assert log in (bare.folder / ".course/install.log").read_text(encoding="utf-8")
    bare.python()
    assert bare.run().returncode == 0


def test_an_installation_that_is_stopped_leaves_nothing(bare):
    bare.python(pip="kill -TERM $PPID; exit 1")
    assert "nothing was left half-made" in refused(bare.run())
    assert not (bare.folder / ".venv").exists()


def test_a_folder_that_cannot_be_written(bare):
    bare.folder.chmod(0o555)
    # root may write everywhere, but not without its capabilities
    as_anybody = (
        (shutil.which("setpriv"), "--bounding-set=-all", "--inh-caps=-all") if os.geteuid() == 0 else ()
    )
    done = bare.run(prefix=as_anybody)
    bare.folder.chmod(0o755)
    assert "cannot be written" in refused(done)
    assert not (bare.folder / ".course").exists()


# Chromium, for the tests in a browser: installed where it may be, and otherwise left to be named by the summary.


@pytest.fixture
def browser_asked(bare, kit, tmp_path):
    """Run .ci/install-browser as somebody on the bare machine, and give back what apt was asked."""

    def _browser_asked(user: str, without: str = "") -> list[str]:
        bare.program("id", f"echo {user}")
        bare.program("apt-get", f'echo "apt-get $*" >>"{bare.notes}"')
        bare.program("env", 'shift; exec "$@"')
        shell = str(bare.programs / "sh")
        command = [shell, str(kit / ".ci" / "install-browser"), without]
        subprocess.run(command, env={"PATH": str(bare.programs)}, check=True, capture_output=True)
        return bare.asked("apt-get")

    return _browser_asked


def test_root_gets_chromium_by_apt(browser_asked):
    assert browser_asked("0") == ["apt-get update -qq", "apt-get install -y -qq chromium"]


def test_nothing_is_installed_where_there_is_a_browser(browser_asked, bare):
    bare.program("chromium", "exit 0")
    assert browser_asked("0") == []


def test_nothing_is_installed_where_the_browser_is_left_out_on_purpose(browser_asked):
    assert browser_asked("0", without="browser") == []


def test_who_may_not_install_is_not_asked_for_a_password(browser_asked, bare):
    assert browser_asked("1000") == []
    bare.program("sudo", f'echo "sudo $*" >>"{bare.notes}"; exit 1')
    assert browser_asked("1000") == []
    assert bare.asked("sudo") == ["sudo -n true"]
