"""Tables in notebooks: texts on the left, numbers on the right, and nothing else changed."""

import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from IPython.core.interactiveshell import InteractiveShell

from course_utils.display.tables import LEFT, in_notebooks, with_texts_left

TABLE = pd.DataFrame(
    {
        "branch": ["Main", "<b>Hill</b>"],
        "loans": [3, 4],
        "since": pd.to_datetime(["2023-01-01", "2024-01-01"]),
        "category": pd.Categorical(["Adult", "Child"]),
        "open": [True, False],
        "note": [None, "closed"],
    }
)


def left(table) -> list[list[bool]]:
    """Row by row, which cells are on the left."""
    rows = BeautifulSoup(with_texts_left(table), "html.parser").find_all("tr")
    return [["left" in (cell.get("style") or "") for cell in row.find_all(["th", "td"])] for row in rows]


def test_texts_are_on_the_left_and_their_headings_too():
    assert left(TABLE) == [[False, True, False, False, True, False, True]] * 3


def test_labels_that_are_texts_are_on_the_left():
    assert left(TABLE.set_index("branch")[["loans"]]) == [[True, False]] * 2 + [[True, False]] * 2
    two = TABLE.set_index(["branch", "category"])[["loans", "note"]]
    assert left(two)[-1] == [True, True, False, True]


def test_of_a_wide_table_the_columns_that_are_shown():
    wide = pd.DataFrame({f"n{place}": [1] for place in range(30)}).assign(last="text")
    with pd.option_context("display.max_columns", 20):
        row = left(wide)[1]
    assert row == [False] * 21 + [True]


@pytest.mark.parametrize("table", [TABLE, TABLE.iloc[:0], pd.DataFrame(), TABLE.T, pd.concat([TABLE] * 80)])
def test_nothing_but_the_side_is_changed(table):
    assert with_texts_left(table).replace(LEFT, "") == table._repr_html_()


def test_two_rows_of_headings_are_left_to_pandas():
    table = TABLE.pivot_table(index="branch", columns=["category", "open"], values="loans")
    assert with_texts_left(table) == table._repr_html_()


def test_a_cell_that_looks_like_a_tag_stays_a_text():
    assert re.findall(r"&lt;b&gt;Hill", with_texts_left(TABLE))


def test_a_shell_shows_tables_so():
    shell = InteractiveShell()
    in_notebooks(shell)
    data, _ = shell.display_formatter.format(TABLE)
    assert data["text/html"] == with_texts_left(TABLE)
