"""Values that cross from a student's process to the test runner's, and back, as plain JSON: never code, never pickle.

:func:`encode` writes a value as a tree of JSON; :func:`decode` reads a tree that anybody may have written. Numbers,
texts, dates, containers, NumPy arrays, and pandas objects come out as they went in. A chart crosses as its
:class:`~course_utils.checks.chart_facts.ChartFacts`, a function as a number under which it can be called, and whatever else
there is as a :class:`Foreign`, of which only the name of its type is known.
"""

from course_utils.transfer.decoding import decode
from course_utils.transfer.encoding import encode, foreign
from course_utils.transfer.kinds import BadTree, Foreign, Function, Refs, TooLarge, send_as, transferable

__all__ = [
    "BadTree",
    "Foreign",
    "Function",
    "Refs",
    "TooLarge",
    "decode",
    "encode",
    "foreign",
    "send_as",
    "transferable",
]
