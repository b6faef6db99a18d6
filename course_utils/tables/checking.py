"""Check and describe frames: every rule of a table in one place."""

import functools

import pandas as pd

from course_utils.errors import CourseError
from course_utils.tables.catalog import schema
from course_utils.tables.schema import Column, Table, limits


def validate(frame: pd.DataFrame, name: str, others: "dict[str, pd.DataFrame] | None" = None) -> None:
    """Check that ``frame`` keeps every rule of the table ``name``.

    Parameters
    ----------
    frame : typed as :func:`load` types it.
    name : of the table.
    others : further tables by name; a foreign key is checked when its table is among them.

    Raises
    ------
    CourseError
        Naming the table, the column, the first rows that break a rule (by position, from 0), and the rule.
    """
    check_columns(frame, name)
    table = schema(name)
    for column in table.columns:
        values = frame[column.name]
        low, high = limits(column)
        _refuse(values.isna() & column.required, name, column, "a value is required")
        if column.unique:
            _refuse(
                values.duplicated() & values.notna(), name, column, "the same value stands in an earlier row"
            )
        if low is not None:
            _refuse((values < low).fillna(False), name, column, f"below {column.minimum}, the lowest allowed")
        if high is not None:
            _refuse(
                (values > high).fillna(False), name, column, f"above {column.maximum}, the highest allowed"
            )
        other, _, key = column.foreign_key.partition(".")
        if others and other in others:
            known = values.isna() | values.isin(others[other][key].dropna().astype(values.dtype))
            _refuse(~known, name, column, f"no such {key} in {other}")
    repeated = frame.duplicated(list(table.key))
    if repeated.any():
        row = int(repeated.to_numpy().argmax())
        raise CourseError(f"Table {name}, row {row}: the same {' and '.join(table.key)} as an earlier row.")


def check_columns(frame: pd.DataFrame, name: str) -> None:
    """Check that ``frame`` has the columns of the table ``name``, in order and typed as :func:`load` types them.

    Raises
    ------
    CourseError
        Naming the table and the first column that does not fit.
    """
    table = schema(name)
    if list(frame.columns) != table.names:
        found = ", ".join(map(str, frame.columns))
        raise CourseError(f"Table {name}: the columns should be {', '.join(table.names)}, but are {found}.")
    for column in table.columns:
        found = frame.dtypes[column.name]
        if found != _as_held(column.dtype):
            raise CourseError(f"Table {name}, column {column.name}: holds {found}, not {column.dtype}.")


@functools.cache
def _as_held(dtype):
    """The dtype that a Series has which is made with this one."""
    return pd.Series([], dtype=dtype).dtype


def _refuse(broken: pd.Series, name: str, column: Column, rule: str) -> None:
    rows = broken.to_numpy(dtype=bool).nonzero()[0]
    if len(rows):
        some = ", ".join(map(str, rows[:5])) + (" …" if len(rows) > 5 else "")
        raise CourseError(f"Table {name}, column {column.name}, row {some}: {rule}.")


def typed(columns: dict, table: Table) -> pd.DataFrame:
    """A frame with the dtypes of ``table`` from a dict of arrays, one per column.

    A category may be given as integer codes into its categories, with −1 for missing; a date as days
    (``datetime64[D]``).
    """
    frame = {}
    for column in table.columns:
        values = columns[column.name]
        if (
            column.type == "category"
            and getattr(values, "dtype", None) is not None
            and values.dtype.kind == "i"
        ):
            values = pd.Categorical.from_codes(values, dtype=column.dtype)
        frame[column.name] = pd.Series(values, dtype=column.dtype)
    return pd.DataFrame(frame)


def describe(name: str) -> pd.DataFrame:
    """What each column of the table ``name`` means: one row per column, with type, unit and rules."""
    table = schema(name)
    return pd.DataFrame(
        [
            {
                "column": c.name,
                "type": c.type,
                "unit": c.unit,
                "rules": "; ".join(rules(c)),
                "meaning": c.description,
            }
            for c in table.columns
        ]
    ).set_index("column")


def rules(column: Column) -> list[str]:
    """The rules of a column in words."""
    said = []
    if not column.required:
        said.append("may be missing")
    if column.unique:
        said.append("unique")
    if column.categories:
        said.append(("ordered: " if column.ordered else "one of: ") + ", ".join(column.categories))
    if column.minimum is not None:
        said.append(f"at least {column.minimum}")
    if column.maximum is not None:
        said.append(f"at most {column.maximum}")
    if column.foreign_key:
        said.append(f"refers to {column.foreign_key}")
    return said
