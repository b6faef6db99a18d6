"""The pages about the data say what the model makes today."""

import importlib.util
import re
from pathlib import Path

import pytest

from course_utils.tables import SCHEMAS

spec = importlib.util.spec_from_file_location("report", Path(__file__).with_name("report.py"))
report = importlib.util.module_from_spec(spec)
spec.loader.exec_module(report)


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("calibration", report.calibration_page),
        ("port_ellery", report.pictures_page),
        ("truth", report.truth_page),
    ],
)
def test_a_page_is_what_would_be_made_today(name, made):
    written = (report.DOCS / f"{name}.md").read_text(encoding="utf-8")
    assert written == made(), "run `make pages`"


def test_every_picture_is_there_and_every_page_says_how_it_is_made():
    for name in ("calibration", "port_ellery", "truth", "recovery", "benchmarks"):
        text = (report.DOCS / f"{name}.md").read_text(encoding="utf-8")
        assert re.search(r"\*Made by `make \w+`", text), name
        for picture in re.findall(r"\]\((pictures/[^)]+)\)", text):
            assert (report.DOCS / picture).stat().st_size > 5_000, picture
    card = (report.DOCS.parent / "data" / "README.md").read_text(encoding="utf-8")
    assert "(../docs/pictures/concentration.png)" in card


def test_the_benchmark_stays_within_its_limits():
    """As it was measured last: the figures on the page, not this machine's."""
    text = (report.DOCS / "benchmarks.md").read_text(encoding="utf-8")
    shares = [int(share) for share in re.findall(r"\| (\d+)% \|\n", text)]
    assert len(shares) == 4
    assert max(shares) <= 100
    # Tables that came since are measured with the next run: the page says how many there were.
    assert 38 <= int(re.search(r"all (\d+) tables", text)[1]) <= len(SCHEMAS)
    assert "1,000,000" in text
