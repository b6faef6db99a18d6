"""The frozen tables: the same as a rebuild, byte for byte, and never half-written."""

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
import time

import frictionless
import pytest

from course_utils import tables
from course_utils.errors import CourseError
from course_utils.library import build


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    folder = build.freeze(tmp_path_factory.mktemp("rebuilt") / "data")
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_data_is_what_the_model_makes(rebuilt):
    folder = tables.data_folder()
    assert {path.name for path in folder.iterdir()} == set(rebuilt)
    for name, content in rebuilt.items():
        frozen = (folder / name).read_bytes()
        if name == "datapackage.json":
            # Of packed files the bytes depend on the system's zlib, and with them size and checksum.
            frozen, content = (without_sizes(one) for one in (frozen, content))
        elif name.endswith(".gz"):
            frozen, content = gzip.decompress(frozen), gzip.decompress(content)
        assert frozen == content, f"{name} differs from a rebuild: run `course data`"


def without_sizes(package: bytes) -> dict:
    described = json.loads(package)
    for resource in described["resources"]:
        if resource["path"].endswith(".gz"):
            del resource["bytes"], resource["hash"]
    return described


def test_data_is_small_and_what_is_large_is_packed(rebuilt):
    assert sum(map(len, rebuilt.values())) < 10_000_000
    assert all(len(content) < 200_000 for name, content in rebuilt.items() if name.endswith(".csv"))


def test_an_independent_reader_finds_data_valid():
    report = frictionless.validate(str(tables.data_folder() / "datapackage.json"))
    assert report.valid, report.flatten(["title", "message"])[:5]
    assert len(report.tasks) == len(tables.SCHEMAS)


def test_an_independent_reader_finds_a_broken_table(tmp_path):
    folder = shutil.copytree(tables.data_folder(), tmp_path / "data")
    # The others take longer than they teach.
    package = json.loads((folder / "datapackage.json").read_text())
    few = ("tracts", "branches", "households", "patrons", "programs", "attendance")
    package["resources"] = [one for one in package["resources"] if one["name"] in few]
    (folder / "datapackage.json").write_text(json.dumps(package))
    assert frictionless.validate(str(folder / "datapackage.json")).valid
    path = folder / "attendance.csv"
    lines = path.read_text().split("\n")
    lines[3] = lines[3].replace("20", "abc", 1)
    path.write_text("\n".join(lines))
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert not report.valid


def test_check_reads_everything():
    lines = build.check()
    assert [text.split(":")[0] for text in lines] == list(tables.SCHEMAS)


def test_freeze_tells_its_progress_and_replaces_what_is_damaged(tmp_path):
    seen = []
    folder = build.freeze(tmp_path / "new" / "data", progress=lambda *step: seen.append(step))
    count = len(tables.SCHEMAS)
    assert seen == [(number, count, name) for number, name in enumerate(tables.SCHEMAS, start=1)]
    (folder / "patrons.csv.gz").write_bytes(b"damaged")
    with pytest.raises(CourseError, match="patrons.csv.gz is damaged"):
        build.check(folder)
    build.freeze(folder)
    build.check(folder)
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("name", ["README.md", "datapackage.json"])
def test_check_names_a_description_that_was_changed(tmp_path, name):
    folder = shutil.copytree(tables.data_folder(), tmp_path / "data")
    text = (folder / name).read_text()
    (folder / name).write_text(text.replace("Neighborhoods", "Quarters"))
    with pytest.raises(CourseError, match=f"{name} does not describe the tables"):
        build.check(folder)
    (folder / name).unlink()
    with pytest.raises(CourseError, match="missing"):
        build.check(folder)


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(CourseError, match="could not be written") as caught:
        build.freeze(tmp_path / "data")
    assert "Traceback" not in str(caught.value)
    assert (tmp_path / "data").read_text() == "a file where the folder should be"


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files as Unix does")
def test_a_full_disk_leaves_the_old_files_whole(tmp_path):
    folder = shutil.copytree(tables.data_folder(), tmp_path / "data")
    (folder / "tracts.csv").write_text("an older file")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = freeze_under_a_limit(folder, 300_000)
    assert "could not be written" in done.stdout
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def freeze_under_a_limit(folder, limit: int):
    """The system refuses to write more than ``limit`` bytes into one file, as it refuses on a full disk."""
    code = (
        "import resource, sys; from course_utils.library import build; from course_utils.errors import CourseError\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
        "try:\n    build.freeze(sys.argv[1])\n"
        "except CourseError as problem:\n    print(problem)\n"
    )
    return subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True
    )


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files as Unix does")
def test_a_full_disk_leaves_no_new_folder_behind(tmp_path):
    assert "could not be written" in freeze_under_a_limit(tmp_path / "new", 300_000).stdout
    assert not (tmp_path / "new").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="ends a process as Unix does")
def test_a_run_that_was_killed_leaves_no_half_written_file(tmp_path):
    folder = tmp_path / "town"
    code = f"from course_utils.library.build import *; write({str(folder)!r}, Town(1, 60_000))"
    process = subprocess.Popen([sys.executable, "-c", code])
    while process.poll() is None:
        begun = list(folder.glob(".unfinished-*/checkouts.csv.gz"))
        if begun and begun[0].stat().st_size > 500_000:
            break
        time.sleep(0.02)
    assert process.poll() is None, "it ended before it could be killed"
    process.kill()
    process.wait()
    assert [path.name.split("-")[0] for path in folder.iterdir()] == [".unfinished"]
    build.write(build.new_folder(folder), build.Town(1, 500))
    assert not list(folder.glob(".unfinished-*"))
    build.check(folder)


def test_the_package_holds_the_checksum_and_size_of_every_file(rebuilt):
    package = json.loads(rebuilt["datapackage.json"])
    for resource in package["resources"]:
        content = rebuilt[resource["path"]]
        assert resource["bytes"] == len(content)
        assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()


def test_the_dictionary_names_every_column_and_has_a_data_card(rebuilt):
    text = rebuilt["README.md"].decode()
    for table in tables.SCHEMAS.values():
        assert f"### {table.name}" in text
        for column in table.columns:
            assert f"| `{column.name}` |" in text
    for part in (
        "What it is.",
        "What it is not.",
        "How it was made.",
        "What must not be concluded.",
        "Who could be harmed.",
        "census block",
    ):
        assert part in text
