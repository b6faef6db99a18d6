"""ResultCache that are kept: whole or not at all, found again by their content, and not for ever."""

import gzip
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from course_utils.grading.execution.cache import ResultCache, entry_of
from course_utils.grading.execution.job import Cell, CellResult, ExecutionResult, Job, Role, State
from course_utils.grading.limits import Limits

SHEET = Job("ada", "01", "01", (Cell(Role.ANSWER, "a = 1", "a"),))
RECORD = ExecutionResult(
    SHEET.key, "kit", "ada", "bwrap", (CellResult(state=State.RIGHT, score=1.0, message="ä"),)
)
ENTRY = entry_of(SHEET, "kit", Limits())


@pytest.fixture
def records(tmp_path):
    return ResultCache(tmp_path / "not" / "there" / "yet")


def only_file(records):
    (path,) = records.folder.glob("*/*")
    return path


def test_what_was_put_is_found(records):
    assert records.get(ENTRY) is None
    records.put(ENTRY, RECORD)
    assert records.get(ENTRY) == RECORD


def test_equal_records_are_equal_files(records):
    records.put(ENTRY, RECORD)
    before = only_file(records).read_bytes()
    records.put(ENTRY, RECORD)
    assert only_file(records).read_bytes() == before


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-9],
        lambda data: data[:20] + b"\0\0\0" + data[23:],
        lambda _: b"{}",
    ],
)
def test_a_damaged_entry_is_made_again(records, damage):
    records.put(ENTRY, RECORD)
    path = only_file(records)
    path.write_bytes(damage(path.read_bytes()))
    assert records.get(ENTRY) is None
    records.put(ENTRY, RECORD)
    assert records.get(ENTRY) == RECORD


def test_a_file_under_another_name_or_with_other_marks_is_not_used(records):
    other = entry_of(Job("bob", "01", "01", SHEET.cells), "kit", Limits())
    records.put(ENTRY, RECORD)
    mine = only_file(records)
    theirs = records.folder / other[:2] / f"{other}.json.gz"
    theirs.parent.mkdir(exist_ok=True)
    shutil.copy(mine, theirs)
    assert records.get(other) is None
    text = gzip.decompress(mine.read_bytes())
    assert text.count(b'"score": 1.0') == 1
    for changed in (
        text.replace(b'"score": 1.0', b'"score": 2.0'),
        text.replace(b'"student": "ada"', b'"student": "bob"'),
        RECORD.to_json().encode(),
    ):
        mine.write_bytes(gzip.compress(changed))
        assert records.get(ENTRY) is None
    records.put(ENTRY, RECORD)
    assert records.get(ENTRY) == RECORD


def test_every_cause_of_other_marks_is_another_entry():
    entries = {
        ENTRY,
        entry_of(Job("bob", "01", "01", SHEET.cells), "kit", Limits()),
        entry_of(SHEET, "another kit", Limits()),
        entry_of(SHEET, "kit", Limits(cell_cpu=1)),
        entry_of(SHEET, "kit", Limits(), "none"),
    }
    assert len(entries) == 5
    assert entry_of(SHEET, "kit", Limits(), "cold") == entry_of(SHEET, "kit", Limits(), "warm") == ENTRY


def test_many_writers_at_once(records):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: records.put(ENTRY, RECORD), range(100)))
    assert records.get(ENTRY) == RECORD
    assert only_file(records).suffix == ".gz"


def test_a_writer_that_was_killed_leaves_nothing_that_counts(records):
    records.put(ENTRY, RECORD)
    script = (
        "import os, sys; from pathlib import Path; from course_utils.grading.execution import cache\n"
        "cache.os.replace = lambda *_: os._exit(9)\n"
        f"from course_utils.grading.execution.job import ExecutionResult\n"
        f"cache.ResultCache(Path(sys.argv[1])).put({ENTRY!r}, ExecutionResult.from_json(sys.argv[2]))"
    )
    done = subprocess.run([sys.executable, "-c", script, str(records.folder), RECORD.to_json()], check=False)
    assert done.returncode == 9
    assert records.get(ENTRY) == RECORD
    (part,) = records.folder.glob("*/*.part")
    os.utime(part, (0, 0))
    assert records.tidy() == 1
    assert records.get(ENTRY) == RECORD


def test_old_entries_go_first_by_age_then_by_size(records):
    names = [f"{number:064}" for number in range(4)]
    for name in names:
        records.put(name, RECORD)
    day = 86_400
    for age, name in zip((500, 30, 20, 10), names, strict=True):
        path = next(records.folder.glob(f"*/{name}*"))
        os.utime(path, (time.time() - age * day,) * 2)
    assert records.tidy() == 1
    assert records.get(names[0]) is None
    size = next(records.folder.glob(f"*/{names[3]}*")).stat().st_size
    # Being asked for is being used.
    assert records.get(names[1]) == RECORD
    assert records.tidy(largest=2 * size) == 1
    assert records.get(names[2]) is None
    assert records.get(names[1]) == records.get(names[3]) == RECORD


def test_tidying_where_nothing_is(records):
    assert records.tidy() == 0
