"""The tables of Port Ellery: what each column means, and how to load, check and document them.

Every schema stands here, once, in the module of its topic. The typed frames of :func:`load`, the checks of
:func:`validate`, the ``datapackage.json`` and the data dictionary in ``data/README.md`` are all made from it.
"""

import numpy as np

from course_utils.tables.catalog import SCHEMAS, UnknownTable, schema
from course_utils.tables.checking import check_columns, describe, rules, typed, validate
from course_utils.tables.reading import data_folder, load, parse, remedy
from course_utils.tables.schema import (
    AGE_BANDS,
    AS_OF,
    AUDIENCES,
    BRANCHES,
    DIGITAL,
    DTYPES,
    FIRST_DAY,
    HEARD,
    LANGUAGES,
    PATRON_CATEGORIES,
    PHYSICAL,
    WEEKDAYS,
    Column,
    Table,
)

# A notebook shows a number as 0.12, not as np.float64(0.12).
np.set_printoptions(legacy="1.25")

__all__ = [
    "AGE_BANDS",
    "AS_OF",
    "AUDIENCES",
    "BRANCHES",
    "DIGITAL",
    "DTYPES",
    "FIRST_DAY",
    "HEARD",
    "LANGUAGES",
    "PATRON_CATEGORIES",
    "PHYSICAL",
    "SCHEMAS",
    "WEEKDAYS",
    "Column",
    "Table",
    "UnknownTable",
    "check_columns",
    "data_folder",
    "describe",
    "load",
    "parse",
    "remedy",
    "rules",
    "schema",
    "typed",
    "validate",
]
