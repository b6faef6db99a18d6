"""From a value to a tree. It runs where the student's code runs, and meets whatever objects there are.

What crosses is what a check can look at: see description.py and comparison.py of the checks. A fraction is a right share,
an interval is the label of a bar, a stretch of time is what a student has who forgot ``.dt.days``. Of anything else the
name of its type is all that is ever said, so it is foreign; among the values of a table, too, which still crosses.
"""

import base64
import dataclasses
import datetime
import inspect
import itertools
import math
import re
from collections import deque
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from course_utils.transfer.kinds import (
    CONSTANTS,
    CONTAINERS,
    DEEPEST,
    DTYPES,
    EXACT_WORK,
    MASKED,
    MOST_BITS,
    MOST_BYTES,
    MOST_EXPONENT,
    MOST_ITEMS,
    MOST_WORK,
    PACKED,
    PERIOD,
    PLAIN_TEXT,
    Refs,
    TooLarge,
    dates_in_reach,
    stand_ins,
    transferables,
    zones,
)

_CONSTANTS = {id(one): name for name, one in CONSTANTS.items()}
_NO_KEYS = {
    "list",
    "dict",
    "set",
    "array",
    "index",
    "range index",
    "multi index",
    "series",
    "frame",
    "extension",
}


def encode(value: Any, *, limit: int = 64 * 2**20, refs: Refs | None = None) -> Any:
    """``value`` as a tree for JSON, of about ``limit`` bytes at most.

    ``refs`` keeps the functions that are met, for the other end to call; without it they are foreign. An object that
    cannot cross, and a container inside itself, becomes foreign; the rest of the value still crosses.

    Raises
    ------
    TooLarge
        If it takes more than ``limit`` bytes, or would take the other end long to read.
    """
    return _Writer(limit, refs).write(value, 0)


def foreign(value: Any, why: str = "") -> dict:
    """The tree of an object of which nothing but its type is to be known."""
    return {"t": "foreign", "type": _type_name(value), "why": why}


def _type_name(value: Any) -> str:
    try:
        name = type.__dict__["__name__"].__get__(type(value))
    except Exception:
        name = ""
    return re.sub(r"[^A-Za-z0-9_]", "_", name)[:60] or "object"


def _has(value: Any, kind: type) -> bool:
    """``isinstance``, but by what the value is and not by what it says that it is."""
    return kind in type.__dict__["__mro__"].__get__(type(value))


def _kin(value: Any, module: str, name: str) -> bool:
    return any(
        kind.__name__ == name and kind.__module__.startswith(module)
        for kind in type.__dict__["__mro__"].__get__(type(value))
        if type(kind.__module__) is str
    )


class _Writer:
    def __init__(self, limit: int, refs: Refs | None):
        self.room = limit
        self.work = MOST_WORK
        self.memory = 2 * MOST_BYTES  # that the other end will need
        self.refs = refs
        self.open: set[int] = set()

    def spend(self, work: int, room: int = 0, memory: int = 0) -> None:
        self.work -= work
        self.room -= room + 8
        self.memory -= memory
        if min(self.work, self.room, self.memory) < 0:
            raise TooLarge("a value that is too large")

    def write(self, value: Any, depth: int) -> Any:
        self.spend(1)
        if value is None or value is True or value is False:
            return value
        if name := _CONSTANTS.get(id(value)):
            return {"t": name}
        if id(value) in self.open:
            return foreign(value, "holds itself")
        if depth > DEEPEST:
            return foreign(value, "too deep")
        writer = next((writer for kind, writer in _WRITERS if _has(value, kind)), _Writer.other)
        self.open.add(id(value))
        try:
            tree = writer(self, value, depth)
            if type(tree) is dict:
                self.spend(2 * len(tree), 16 * len(tree))  # about its commas and brackets, and its letters
            return tree
        except (TooLarge, MemoryError):
            raise TooLarge("a value that is too large") from None
        except Exception:
            # An object of the student's may do anything when it is looked at.
            return foreign(value, "cannot be read")
        finally:
            self.open.discard(id(value))

    # ---- plain values

    def whole(self, value, depth):
        value = int.__index__(value)
        if -(2**63) <= value < 2**63:
            return value
        if value.bit_length() > MOST_BITS:
            return foreign(value, "too large")
        self.spend(EXACT_WORK, value.bit_length() // 4)
        return {"t": "int", "v": f"{value:x}"}

    def float(self, value, depth):
        value = float.__add__(value, -0.0)
        return value if math.isfinite(value) else {"t": "float", "v": repr(value)}

    def text(self, value, depth):
        value = _exact_text(value)
        data = value.encode("utf-8", "replace")
        if len(data) <= PLAIN_TEXT:
            self.spend(0, len(data))
            return data.decode()
        return {"t": "text", "v": self.base64(data)}

    def base64(self, data) -> str:
        self.spend(0, len(data) * 4 // 3, len(data) * 4 // 3 + 4)
        return base64.b64encode(data).decode()

    def decimal(self, value, depth):
        sign, digits, exponent = Decimal.as_tuple(value)
        if not isinstance(exponent, int):
            text = "Infinity" if exponent == "F" else "NaN"
        elif len(digits) > 5_000 or abs(exponent) > MOST_EXPONENT:
            return foreign(value, "too large")
        else:
            text = "".join(map(str, digits)) + (f"E{exponent}" if exponent else "")
        self.spend(EXACT_WORK, len(text))
        return {"t": "decimal", "v": "-" * sign + text}

    def fraction(self, value, depth):
        self.spend(EXACT_WORK)
        parts = [self.whole(value.numerator, depth), self.whole(value.denominator, depth)]
        if any(type(part) is dict and part["t"] == "foreign" for part in parts):
            return foreign(value, "too large")
        return {"t": "fraction", "v": parts}

    def datetime(self, value, depth):
        self.spend(5)
        zone = self.zone(value.tzinfo, value)
        value = value.replace(tzinfo=None)
        text = datetime.datetime.isoformat(value, timespec="microseconds")
        return {"t": "datetime", "v": text, "zone": zone}

    def date(self, value, depth):
        return {"t": "date", "v": datetime.date.isoformat(value)}

    def timedelta(self, value, depth):
        return {"t": "timedelta", "v": [value.days, value.seconds, value.microseconds]}

    def zone(self, zone, when):
        """A named zone, the seconds of a fixed one, or None."""
        if zone is None:
            return None
        name = getattr(zone, "key", None) or getattr(zone, "zone", None)
        if type(name) is str and name in zones():
            return name
        offset = zone.utcoffset(when)
        if offset is None:
            raise ValueError("a zone without an offset")
        return offset.total_seconds()

    def range(self, value, depth):
        if len(value) > MOST_ITEMS:
            return foreign(value, "too large")
        return {
            "t": "range",
            "v": [self.whole(part, depth) for part in (value.start, value.stop, value.step)],
        }

    # ---- containers

    def container(self, value, depth):
        kind = next((kind for kind in CONTAINERS if _has(value, kind)), list)
        items = list(kind.__iter__(value)) if _has(value, kind) else list(value)
        write = self.keys if kind in (set, frozenset) else self.items
        return {"t": kind.__name__, "v": write(items, depth)}

    def items(self, items: list, depth: int):
        if len(items) >= PACKED:
            kinds = set(map(type, items))
            if kinds == {float}:
                return self.array(np.array(items, "<f8"), depth)
            if kinds == {int} and max(map(int.bit_length, items)) < 63:
                return self.array(np.array(items, "<i8"), depth)
            if kinds == {str}:
                return self.texts(items)
        self.spend(len(items))
        return [self.write(item, depth + 1) for item in items]

    def keys(self, keys: list, depth: int):
        """Items of a set, or keys: a list that a student's class has made hashable is none at the other end."""
        trees = self.items(keys, depth)
        if type(trees) is dict:
            return trees
        return [
            tree if _is_hashable(tree) else foreign(key, "no key")
            for key, tree in zip(keys, trees, strict=True)
        ]

    def dict(self, value, depth):
        pairs = list(dict.items(value))
        keys = self.keys([key for key, _ in pairs], depth)
        return {"t": "dict", "keys": keys, "v": self.items([part for _, part in pairs], depth)}

    def texts(self, texts: list):
        """Texts as one block."""
        lengths = np.fromiter(map(str.__len__, texts), "<i8", len(texts))
        data = "".join(texts).encode("utf-8", "replace")
        self.spend(20 + len(texts) // 4, memory=56 * len(texts) + 6 * len(data))
        return {"t": "texts", "lengths": self.base64(lengths.tobytes()), "v": self.base64(data)}

    # ---- NumPy

    def scalar(self, value, depth):
        array = np.asarray(value)
        if array.dtype.str.replace(">", "<") not in DTYPES:
            return foreign(value)
        tree = self.array(array, depth)
        return {**tree, "t": "scalar"} if tree["t"] == "array" else foreign(value, tree["why"])

    def array(self, value, depth):
        if not _has(value, np.ndarray) or _has(value, np.ma.MaskedArray) or value.dtype.kind == "V":
            return foreign(value)
        value = np.asarray(value)
        if value.size * 8 > MOST_BYTES or max(value.shape, default=0) > MOST_ITEMS or value.ndim > 16:
            raise TooLarge("an array that is too large")
        tree = {"t": "array", "dtype": "O", "shape": list(value.shape)}
        self.spend(20)
        if value.dtype.kind == "U":
            width = value.dtype.itemsize // 4
            self.spend(0, memory=value.nbytes)
            return {**tree, "dtype": f"U{width}", "v": self.texts(value.ravel().tolist())}
        name = value.dtype.str.replace(">", "<")
        if name not in DTYPES:  # what no check looks at, or objects: each for itself
            return {**tree, "v": self.items(list(value.astype(object).flat), depth)}
        value = value.astype(name, copy=False)
        if not dates_in_reach(value):
            return foreign(value, "out of reach")
        return {**tree, "dtype": name, "v": self.base64(value.tobytes())}

    # ---- pandas

    def timestamp(self, value, depth):
        self.spend(20)
        if not 1 <= value.year <= 9999:
            return foreign(value, "out of reach")
        zone = self.zone(value.tzinfo, value)
        return {"t": "timestamp", "v": int(value.asm8.view("i8")), "unit": value.unit, "zone": zone}

    def pandas_timedelta(self, value, depth):
        self.spend(10)
        return {"t": "pandas timedelta", "v": int(value.asm8.view("i8")), "unit": value.unit}

    def period(self, value, depth):
        self.spend(20)
        if not PERIOD.fullmatch(value.freqstr):
            return foreign(value)
        return {"t": "period", "v": int(value.ordinal), "freq": value.freqstr}

    def interval(self, value, depth):
        self.spend(20)
        ends = [self.write(value.left, depth + 1), self.write(value.right, depth + 1)]
        return {"t": "interval", "v": ends, "closed": value.closed}

    def column(self, value, depth):
        """The values of a Series, an Index or a column: a NumPy or an extension array."""
        tree = self.column_or_foreign(value, depth)
        if tree["t"] == "foreign":
            raise ValueError("values that cannot cross")
        return tree

    def column_or_foreign(self, value, depth):
        if _has(value, np.ndarray):
            return self.array(value, depth)
        self.spend(100)
        dtype = value.dtype
        if isinstance(dtype, pd.CategoricalDtype):
            return {
                "t": "categorical",
                "v": self.array(np.asarray(value.codes), depth),
                "categories": self.index(value.categories, depth + 1),
                "ordered": bool(value.ordered),
            }
        if isinstance(dtype, pd.StringDtype):
            # Most columns of texts hold few different ones.
            codes, texts = pd.factorize(value)
            return {
                "t": "strings",
                "v": self.texts(texts.tolist()),
                "codes": self.array(codes.astype(np.min_scalar_type(-max(len(texts), 1))), depth),
                "na": "NA" if dtype.na_value is pd.NA else "nan",
            }
        if str(dtype) in MASKED:
            return {
                "t": "masked",
                "dtype": str(dtype),
                "v": self.array(value.to_numpy(MASKED[str(dtype)], na_value=0), depth),
                "mask": self.array(value.isna(), depth),
            }
        if isinstance(dtype, pd.DatetimeTZDtype):
            zone = self.zone(dtype.tz, datetime.datetime(2000, 1, 1))
            return {"t": "zoned", "v": self.array(value.asi8, depth), "unit": dtype.unit, "zone": zone}
        if isinstance(dtype, pd.PeriodDtype):
            name = dtype.name.removeprefix("period[").removesuffix("]")
            if not PERIOD.fullmatch(name):
                return foreign(value)
            return {"t": "periods", "v": self.array(value.asi8, depth), "freq": name}
        if isinstance(dtype, pd.IntervalDtype):
            self.spend(100)
            return {
                "t": "intervals",
                "left": self.index(pd.Index(value.left), depth + 1),
                "right": self.index(pd.Index(value.right), depth + 1),
                "closed": value.closed,
            }
        # Of dates, of sparse values, or of a type that is not known here.
        return self.array(np.asarray(value.to_numpy()), depth)

    def extension(self, value, depth):
        return {"t": "extension", "v": self.column(value, depth)}

    def index(self, value, depth):
        self.spend(100)
        if isinstance(value, pd.MultiIndex):
            self.spend(100)
            if len(value) > MOST_ITEMS:
                raise TooLarge("an index that is too large")
            if not all(level.is_unique for level in value.levels):
                value = pd.MultiIndex.from_tuples(value.tolist(), names=value.names)
            return {
                "t": "multi index",
                "levels": [self.index(level, depth + 1) for level in value.levels],
                "codes": [self.array(np.asarray(codes), depth + 1) for codes in value.codes],
                "names": [self.label(name, depth) for name in value.names],
            }
        name = self.label(value.name, depth)
        if isinstance(value, pd.RangeIndex):
            if len(value) > MOST_ITEMS:
                raise TooLarge("an index that is too large")
            return {"t": "range index", "v": [value.start, value.stop, value.step], "name": name}
        return {"t": "index", "v": self.column(_raw(value), depth), "name": name}

    def label(self, name, depth):
        tree = self.write(name, depth + 1)
        return tree if _is_hashable(tree) else foreign(name, "no key")

    def series(self, value, depth):
        self.spend(200)
        return {
            "t": "series",
            "v": self.column(_raw(value), depth + 1),
            "index": self.index(value.index, depth + 1),
            "name": self.label(value.name, depth),
        }

    def frame(self, value, depth):
        self.spend(300)
        columns = range(value.shape[1])
        self.spend(100 * len(columns))
        return {
            "t": "frame",
            "v": [self.column(_raw(value.iloc[:, number]), depth + 1) for number in columns],
            "index": self.index(value.index, depth + 1),
            "columns": self.index(value.columns, depth + 1),
        }

    # ---- the rest

    def other(self, value, depth):
        self.spend(5)
        name = type.__dict__["__name__"].__get__(type(value))
        kit = transferables.get(name)
        if type(value) is kit:
            return self.record(value, depth)
        for kind, instead in stand_ins.items():
            if _kin(value, *kind):
                return self.record(instead(value), depth)
        if self.refs is not None and callable(value):
            return self.function(value)
        return foreign(value)

    def record(self, value, depth):
        self.spend(20)
        parts = {part.name: getattr(value, part.name) for part in dataclasses.fields(value)}
        return {
            "t": "record",
            "name": type(value).__name__,
            "v": {name: self.write(part, depth + 1) for name, part in parts.items()},
        }

    def function(self, value):
        self.spend(50)
        try:
            parameters = [
                [
                    _exact_text(one.name)[:100],
                    one.kind.name,
                    one.default is not inspect.Parameter.empty,
                ]
                for one in itertools.islice(inspect.signature(value).parameters.values(), 256)
            ]
        except (TypeError, ValueError):
            parameters = None
        name = getattr(value, "__name__", "")
        name = _exact_text(name) if _has(name, str) else ""
        return {
            "t": "function",
            "ref": self.refs.add(value),
            "type": _type_name(value),
            "name": re.sub(r"\W", "_", name)[:100],
            "parameters": parameters,
        }


def _is_hashable(tree: Any) -> bool:
    if type(tree) is not dict:
        return True
    if tree["t"] == "tuple":
        return type(tree["v"]) is dict or all(map(_is_hashable, tree["v"]))
    return tree["t"] not in _NO_KEYS


def _exact_text(value) -> str:
    return str.__getitem__(value, slice(None))


def _raw(thing):
    """The values of a Series or an Index: a NumPy array where it is one."""
    return thing.to_numpy() if isinstance(thing.dtype, np.dtype) else thing.array


# Shown and compared as a list is.
_LISTED: tuple[type, ...] = (deque, type({}.keys()), type({}.values()), type({}.items()))
_WRITERS: tuple = (
    (str, _Writer.text),
    (np.generic, _Writer.scalar),
    (int, _Writer.whole),
    (float, _Writer.float),
    (dict, _Writer.dict),
    *((kind, _Writer.container) for kind in CONTAINERS),
    (np.ndarray, _Writer.array),
    (pd.DataFrame, _Writer.frame),
    (pd.Series, _Writer.series),
    (pd.Index, _Writer.index),
    (pd.Timestamp, _Writer.timestamp),
    (pd.Timedelta, _Writer.pandas_timedelta),
    (pd.Period, _Writer.period),
    (pd.Interval, _Writer.interval),
    (datetime.datetime, _Writer.datetime),
    (datetime.date, _Writer.date),
    (datetime.timedelta, _Writer.timedelta),
    (Decimal, _Writer.decimal),
    (Fraction, _Writer.fraction),
    (range, _Writer.range),
    (pd.api.extensions.ExtensionArray, _Writer.extension),
    *((kind, _Writer.container) for kind in _LISTED),
)
