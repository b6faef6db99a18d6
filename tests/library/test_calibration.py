"""The built library against the published figures."""

import pytest

from course_utils.library import Library
from course_utils.library.calibration import choices, figures, settings
from course_utils.library.measures import compare

SEEDS = [settings()["design"]["seed"], 1, 2, 3, 4, 5]


def test_every_figure_says_where_it_comes_from():
    for figure in figures():
        assert figure.basis in ("V", "V-calc"), figure.key
        assert figure.source, figure.key
        assert figure.year, figure.key
        assert figure.unit, figure.key
        assert figure.used.endswith("."), figure.key
        assert figure.low < figure.high
        if figure.published_range:
            low, high = figure.published_range
            # The band lies within what half of all libraries report.
            assert low <= figure.low < figure.high <= high, figure.key
    assert {figure.basis for figure in choices()} == {"design"}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_library_keeps_every_band(seed, capsys):
    table = compare(Library(seed))
    with capsys.disabled():
        if seed == SEEDS[0]:
            print("\n" + table.drop(columns="within").round(3).to_string(index=False))
    outside = table[~table["within"]]
    assert outside.empty, f"seed {seed}:\n{outside.to_string()}"
