"""A textbook analysis finds what was planted, on a few libraries; on a hundred with `make recovery`."""

import re

import numpy as np
import pytest

from recovery.checks import KINDS, all_checks
from recovery.report import PAGE, allowed, capital, collect, number, passes

CHECKS = all_checks()
SEEDS = range(200, 206)


@pytest.fixture(scope="module")
def results() -> np.ndarray:
    return collect(SEEDS)


@pytest.mark.parametrize("at", range(len(CHECKS)), ids=[f"{one.topic}: {one.name}" for one in CHECKS])
def test_an_analysis_finds_what_it_should(results, at):
    found, check = results[:, at], CHECKS[at]
    assert passes(check, found[:, 2]), f"{check.claim}\nestimate, truth, holds:\n{found.round(3)}"


def test_every_check_says_what_it_claims():
    assert len({(one.topic, one.name) for one in CHECKS}) == len(CHECKS)
    for one in CHECKS:
        assert one.kind in KINDS
        assert one.claim, one.name
        assert "|" not in one.name + one.claim, one.name
    assert {one.kind for one in CHECKS} == set(KINDS)


def test_the_page_holds_every_check_and_none_that_failed():
    text = PAGE.read_text(encoding="utf-8")
    assert "not as it should be" not in text
    lines = [line for line in text.splitlines() if re.match(r"\| .* \| (recovers|null|misleads) \|", line)]
    said = {tuple(line.strip("| ").split(" | ")[:3]) for line in lines}
    assert said == {(capital(one.name), one.kind, capital(one.claim)) for one in CHECKS}, (
        "run `make recovery`"
    )
    for line in lines:
        held, of = map(int, re.search(r"(\d+) of (\d+) \|$", line).groups())
        assert of == 100
        assert 1 <= held <= 11 if "| null |" in line else held >= 95, line


@pytest.mark.parametrize(
    ("kind", "seeds", "expected"), [("recovers", 100, (95, 100)), ("null", 100, (1, 11))]
)
def test_how_often_a_check_may_hold(kind, seeds, expected):
    check = next(one for one in CHECKS if one.kind == kind)
    assert allowed(check, seeds) == expected
    assert allowed(check, 6) == ((0, 2) if kind == "null" else (5, 6))


def test_numbers_are_written_as_people_read_them():
    assert [number(value) for value in (1234.5, 12.34, 0.5, 0.0123, float("nan"))] == [
        "1,234",
        "12.3",
        "0.50",
        "0.012",
        "–",
    ]
