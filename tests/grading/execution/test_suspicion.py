"""What in a student's code makes a person look twice, and what does not."""

import pytest

from course_utils.grading.execution.suspicion import suspicions


@pytest.mark.parametrize(
    "source",
    [
        'pd.read_csv("../data/patrons.csv.gz")',
        'pd.read_csv("../../data/patrons.csv.gz")',
        'Path("../data/") / "tracts.csv"',
        'open("notes.txt")',
        '"half ... and half"',
    ],
)
def test_where_everybody_looks_is_no_suspicion(source):
    assert suspicions(source) == ()


@pytest.mark.parametrize(
    "source",
    ['open("../source/01.ipynb")', 'open("../data/../source/01.ipynb")', 'open("../../gradebook/x")'],
)
def test_what_lies_elsewhere_above_is_one(source):
    (said,) = suspicions(source)
    assert "looks above its own folder" in said
