"""The same seed gives the same bytes: today and in ten years, on one core or two, on Python 3.11 and 3.13."""

import gzip
import hashlib
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

CHECKSUMS = Path(__file__).with_name("checksums.toml")
# `make elsewhere` makes an environment for another Python, and names it.
PYTHONS = [sys.executable, *filter(None, [os.environ.get("COURSE_OTHER_PYTHON")])]
TOWN = {"seed": 7, "patrons": 600, "locale": "es_MX", "name": "San Ejemplo"}
# Compressed bytes depend on the system's zlib, so what is compared is what is in the files.
CODE = f"""
import os, sys
if "ONE_CORE" in os.environ and hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {{0}})
from course_utils.library.build import Town, write
write(sys.argv[1], Town(**{TOWN!r}))
"""


def checksums(folder: Path) -> dict[str, str]:
    """The checksum of what each table's file holds, unpacked."""
    found = {}
    for path in sorted(folder.glob("*.csv*")):
        content = path.read_bytes()
        content = gzip.decompress(content) if path.suffix == ".gz" else content
        found[path.name.split(".")[0]] = hashlib.sha256(content).hexdigest()
    return found


def made_by(python, folder: Path, **environment) -> dict[str, str]:
    kit = str(Path(__file__).resolve().parents[2])
    subprocess.run(
        [str(python), "-c", CODE, str(folder)],
        check=True,
        cwd=folder.parent,
        env={**os.environ, "PYTHONPATH": kit, **environment},
    )
    return checksums(folder)


@pytest.fixture(scope="module")
def held() -> dict[str, str]:
    return tomllib.loads(CHECKSUMS.read_text(encoding="utf-8"))["tables"]


@pytest.mark.parametrize("python", PYTHONS, ids=lambda path: "this" if path == sys.executable else "other")
def test_a_town_is_what_it_was(tmp_path, held, python):
    """After a change of the model that is meant, write them anew: python tests/library/test_same_bytes.py"""
    assert made_by(python, tmp_path / "town") == held


def test_one_core_makes_what_two_make(tmp_path, held):
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    assert made_by(sys.executable, tmp_path / "town", ONE_CORE="yes", **one_thread) == held


def test_the_order_in_which_python_hashes_does_not_matter(tmp_path, held):
    assert made_by(sys.executable, tmp_path / "town", PYTHONHASHSEED="12345") == held


def main():
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        found = made_by(sys.executable, Path(folder) / "town")
    lines = [f"{name} = {json.dumps(value)}" for name, value in found.items()]
    head = "# What test_same_bytes.py compares with. Written by `python tests/library/test_same_bytes.py`.\n"
    CHECKSUMS.write_text(head + "[tables]\n" + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
