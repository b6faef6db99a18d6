"""The three locks, and environment.yml for conda and Binder, which is made from one of them.

The pins stand in environment.yml itself, and do not point to the lock: a line ``-r requirements.lock`` would make
Binder install everything again after each change of a sentence (repo2docker then copies the kit first).
"""

import itertools
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from course_utils.errors import CourseError
from course_utils.kit import write_whole

PYTHON = "3.11"
LOCK = "requirements.lock"
TEST_LOCK = "requirements-test.lock"
CLUSTER_LOCK = "requirements-cluster.lock"
LOCKS = (LOCK, TEST_LOCK, CLUSTER_LOCK)
ENVIRONMENT = "environment.yml"
HEAD = f"""\
# For conda and Binder. Made from {LOCK} by “course env”; a test fails when the two differ.
name: course
channels:
  - conda-forge
  - nodefaults
dependencies:
  - python={PYTHON}
  - pip
  - pip:
"""


def write(kit: Path) -> int:
    """Write environment.yml from the lock. Raises ``CourseError`` for a lock that cannot be read."""
    write_whole(kit / ENVIRONMENT, rendered((kit / LOCK).read_text(encoding="utf-8")))
    return 0


def check(kit: Path) -> int:
    """0 if environment.yml is what the lock makes; otherwise 1, with a sentence on standard error."""
    path = kit / ENVIRONMENT
    if path.exists() and path.read_text(encoding="utf-8") == rendered(
        (kit / LOCK).read_text(encoding="utf-8")
    ):
        return 0
    print(f"{ENVIRONMENT} does not pin what {LOCK} pins: run “course env”, and commit both.", file=sys.stderr)
    return 1


def rendered(lock: str) -> str:
    """environment.yml for a lock's text: every pin that may apply to Python 3.11, on whatever system."""
    return HEAD + "".join(f"      - '{pin}'\n" for pin in pins(lock) if applies(pin))


def pins(lock: str) -> list[Requirement]:
    """The pins of a lock, without their hashes. Raises ``CourseError`` for a line that is not an exact pin."""
    found = []
    for number, line in enumerate(lock.splitlines(), start=1):
        if not line.strip() or line.startswith((" ", "#")):
            continue
        try:
            pin = Requirement(line.removesuffix("\\").strip())
        except InvalidRequirement:
            pin = None
        if pin is None or pin.url or not re.fullmatch(r"==[^*,]+", str(pin.specifier)):
            raise CourseError(
                f"Line {number} of the lock is not an exact pin ({line[:40]}…): make it anew with “make lock”."
            )
        found.append(pin)
    return found


def applies(pin: Requirement) -> bool:
    """Whether a pin may apply to Python 3.11 on Linux, macOS or Windows, in an early or a late patch of it."""
    if pin.marker is None:
        return True
    systems = (("linux", "posix", "Linux"), ("darwin", "posix", "Darwin"), ("win32", "nt", "Windows"))
    for (system, os_name, platform), patch in itertools.product(systems, ("0", "99")):
        machine = {
            "sys_platform": system,
            "os_name": os_name,
            "platform_system": platform,
            "python_version": PYTHON,
            "python_full_version": f"{PYTHON}.{patch}",
        }
        if pin.marker.evaluate(machine):
            return True
    return False


def lock(kit: Path, *, upgrade: bool = False) -> int:
    """Compile the locks with uv, for every system at once, and then environment.yml. All are written, or none.

    Pins stay as they are where pyproject.toml allows it; ``upgrade`` takes the newest instead.
    Raises ``CourseError`` if uv finds no solution or cannot reach the package index.
    """
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder)
        for name in (*LOCKS, "pyproject.toml"):
            if (kit / name).exists():
                shutil.copy(kit / name, there)  # uv keeps the pins that it finds in the old lock
        options = ["--upgrade"] if upgrade else []
        _compile(there, LOCK, ["--extra=lab", *options])
        _compile(there, TEST_LOCK, ["--extra=lab", "--extra=test", f"--constraints={LOCK}", *options])
        # A cluster runs what was tested.
        _compile(
            there, CLUSTER_LOCK, ["--extra=lab", "--extra=cluster", f"--constraints={TEST_LOCK}", *options]
        )
        made = {name: (there / name).read_text(encoding="utf-8") for name in LOCKS}
    made[ENVIRONMENT] = rendered(made[LOCK])
    for name, text in made.items():
        write_whole(kit / name, text)
    return 0


def _compile(folder: Path, name: str, options: list[str]) -> None:
    command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--quiet", "--universal"]
    command += ["--python-version", PYTHON, "--generate-hashes", "--custom-compile-command", "make lock"]
    done = subprocess.run(
        [*command, "--output-file", name, *options], cwd=folder, capture_output=True, text=True
    )
    if done.returncode:
        reason = " ".join(done.stderr.split())[:300]
        raise CourseError(f"{name} could not be made, so no file was changed: {reason}")
