"""How a table is shown in a notebook: as pandas shows it, with texts on the left."""

import re
from itertools import count

import pandas as pd
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype, is_timedelta64_dtype

LEFT = ' style="text-align: left"'


def in_notebooks(shell) -> None:
    """Have an IPython shell show every DataFrame with its texts on the left."""
    shell.display_formatter.formatters["text/html"].for_type(pd.DataFrame, with_texts_left)


def with_texts_left(table: pd.DataFrame) -> str | None:
    """The HTML that pandas makes of a table, where columns, headings and labels of texts are aligned on the left."""
    shown = table._repr_html_()
    if shown is None or table.columns.nlevels > 1:
        return shown
    columns = _left_columns(table)
    levels = table.index.nlevels
    labels_left = all(_holds_texts(table.index.get_level_values(level)) for level in range(levels))
    head, body, rest = shown.partition("<tbody>")
    head = _in_each_row(
        head, "th", lambda place: labels_left if place < levels else place - levels in columns
    )
    rest = _in_each_row(rest, "th", lambda place: labels_left)
    return head + body + _in_each_row(rest, "td", columns.__contains__)


def _holds_texts(values) -> bool:
    kind = values.dtype
    kind = kind.categories.dtype if isinstance(kind, pd.CategoricalDtype) else kind
    others = (is_numeric_dtype, is_bool_dtype, is_datetime64_any_dtype, is_timedelta64_dtype)
    return not any(is_it(kind) for is_it in others)


def _left_columns(table: pd.DataFrame) -> set[int]:
    """The places, from the left, of the columns of texts; of a wide table, pandas shows the first and the last ones."""
    texts = [_holds_texts(table.iloc[:, place]) for place in range(table.shape[1])]
    most = pd.get_option("display.max_columns") or len(texts)
    if len(texts) > most:
        texts = [*texts[: most // 2], False, *texts[len(texts) - most // 2 :]]
    return {place for place, is_text in enumerate(texts) if is_text}


def _in_each_row(shown: str, tag: str, is_left) -> str:
    def row(found: re.Match) -> str:
        places = count()
        return re.sub(rf"<{tag}\b", lambda cell: cell[0] + (LEFT if is_left(next(places)) else ""), found[0])

    return re.sub(r"(?s)<tr\b.*?</tr>", row, shown)
