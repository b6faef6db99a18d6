"""From a tree, which anybody may have written, to a value. Every field is checked before it is used."""

import base64
import dataclasses
import datetime
import functools
import inspect
import math
import re
import zoneinfo
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from course_utils.transfer.kinds import (
    CONSTANTS,
    CONTAINERS,
    DECIMAL,
    DEEPEST,
    DTYPES,
    EXACT_WORK,
    MASKED,
    MOST_BITS,
    MOST_BYTES,
    MOST_EXPONENT,
    MOST_ITEMS,
    MOST_WORK,
    PANDAS_UNITS,
    PERIOD,
    BadTree,
    Foreign,
    Function,
    dates_in_reach,
    transferables,
    zones,
)

_CONTAINERS = {kind.__name__: kind for kind in CONTAINERS}
_KINDS = {kind.name: kind for kind in inspect._ParameterKind}


def decode(tree: Any, *, call: Callable[[int, tuple, dict], Any] | None = None) -> Any:
    """The value that ``tree`` describes. The tree may come from anybody.

    ``call(ref, args, kwargs)`` is what a function that crossed does when it is called; without it, functions are
    foreign.

    Raises
    ------
    BadTree
        If it is not a tree that :func:`encode` might have written, or describes something too large. Nothing else.
    """
    try:
        return _Reader(call).read(tree, 0)
    except BadTree:
        raise
    except (Exception, RecursionError) as problem:
        raise BadTree(type(problem).__name__) from None


class _Reader:
    def __init__(self, call):
        self.call = call
        self.work = MOST_WORK + MOST_WORK // 10
        self.room = 2 * MOST_BYTES

    def spend(self, work: int, room: int = 0) -> None:
        self.work -= work
        self.room -= room
        if self.work < 0 or self.room < 0:
            raise BadTree("too large")

    def read(self, tree: Any, depth: int) -> Any:
        self.spend(1)
        kind = type(tree)
        if tree is None or kind is bool:
            return tree
        if kind is int:
            _need(-(2**63) <= tree < 2**63)
            return tree
        if kind is float:
            _need(math.isfinite(tree))
            return tree
        if kind is str:
            return _clean(tree)
        _need(kind is dict and type(tree.get("t")) is str and depth <= DEEPEST + 10)
        _need(tree["t"] in _READERS)
        reader, fields = _READERS[tree["t"]]
        _need(tree.keys() == fields)
        return reader(self, tree, depth + 1)

    def one_of(self, tree, depth, *kinds):
        """What ``tree`` holds, if it is one of these kinds of tree."""
        _need(type(tree) is dict and tree.get("t") in kinds)
        return self.read(tree, depth)

    # ---- plain values

    def constant(self, tree, depth):
        return CONSTANTS[tree["t"]]

    def whole(self, tree, depth):
        self.spend(EXACT_WORK)
        text = _text(tree["v"], MOST_BITS // 4 + 2)
        _need(re.fullmatch(r"-?[0-9a-f]+", text))
        return int(text, 16)

    def float(self, tree, depth):
        _need(tree["v"] in ("nan", "inf", "-inf"))
        return float(tree["v"])

    def text(self, tree, depth):
        return self.data(tree["v"]).decode("utf-8")

    def data(self, text) -> bytes:
        _need(type(text) is str)
        self.spend(0, len(text))
        return base64.b64decode(text.encode("ascii"), validate=True)

    def decimal(self, tree, depth):
        self.spend(EXACT_WORK)
        text = _text(tree["v"], 6_000)
        _need(DECIMAL.fullmatch(text))
        value = Decimal(text)
        _need(not value.is_finite() or abs(value.as_tuple().exponent) <= MOST_EXPONENT)
        return value

    def fraction(self, tree, depth):
        self.spend(EXACT_WORK)
        parts = [self.read(part, depth) for part in _list(tree["v"], 2, 2)]
        _need(all(type(part) is int for part in parts) and parts[1] > 0)
        return Fraction(*parts)

    def datetime(self, tree, depth):
        self.spend(5)
        text = _text(tree["v"], 26)
        _need(
            re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}", text, re.ASCII)
        )
        value = datetime.datetime.fromisoformat(text)
        return value.replace(tzinfo=self.zone(tree["zone"]))

    def date(self, tree, depth):
        text = _text(tree["v"], 10)
        _need(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII))
        return datetime.date.fromisoformat(text)

    def timedelta(self, tree, depth):
        days, seconds, micros = (_whole(part, -(10**9), 10**9) for part in _list(tree["v"], 3, 3))
        return datetime.timedelta(days, seconds, micros)

    def zone(self, zone):
        if zone is None:
            return None
        if type(zone) is str:
            _need(zone in zones())
            return zoneinfo.ZoneInfo(zone)
        _need(type(zone) in (int, float) and abs(zone) < 86_400)
        return datetime.timezone(datetime.timedelta(seconds=zone)) if zone else datetime.UTC

    def range(self, tree, depth):
        start, stop, step = (self.read(part, depth) for part in _list(tree["v"], 3, 3))
        _need(all(type(part) is int for part in (start, stop, step)) and step)
        value = range(start, stop, step)
        _need(not value or abs(stop - start) // abs(step) < MOST_ITEMS)
        return value

    # ---- containers

    def container(self, tree, depth):
        kind, items = _CONTAINERS[tree["t"]], self.items(tree["v"], depth)
        return kind(_spread(items) if kind in (set, frozenset) else items)

    def items(self, tree, depth) -> list:
        if type(tree) is dict and tree.get("t") == "array":
            array = self.read(tree, depth)
            _need(array.ndim == 1 and array.dtype.str in ("<f8", "<i8"))
            return array.tolist()
        if type(tree) is dict:
            return self.one_of(tree, depth, "texts")
        self.spend(len(_list(tree)))
        return [self.read(item, depth) for item in tree]

    def dict(self, tree, depth):
        keys, values = self.items(tree["keys"], depth), self.items(tree["v"], depth)
        return dict(zip(_spread(keys), values, strict=True))

    def texts(self, tree, depth):
        lengths = _from_bytes(self.data(tree["lengths"]), np.dtype("<i8"))
        text = self.data(tree["v"]).decode("utf-8")
        self.spend(20 + len(lengths) // 4, 56 * len(lengths) + 4 * len(text))
        _need(not len(lengths) or (lengths.min() >= 0 and lengths.max() <= len(text)))
        ends = np.cumsum(lengths).tolist()
        _need((ends[-1] if ends else 0) == len(text))
        starts = [0, *ends][: len(ends)]
        return [text[start:end] for start, end in zip(starts, ends, strict=True)]

    # ---- NumPy

    def scalar(self, tree, depth):
        array = self.array(tree, depth)
        _need(array.ndim == 0 and array.dtype.kind not in "OU")
        return array[()]

    def array(self, tree, depth):
        self.spend(20)
        shape = tuple(_whole(length, 0, MOST_ITEMS) for length in _list(tree["shape"], 0, 16))
        count = math.prod(shape)
        _need(count * 8 <= MOST_BYTES)
        name = _text(tree["dtype"], 20)
        if name == "O":
            items = self.items(tree["v"], depth)
            _need(len(items) == count)
            flat = np.empty(count, object)
            for place, item in enumerate(items):
                flat[place] = item
            return flat.reshape(shape)
        if name.startswith("U"):
            _need(re.fullmatch(r"U(0|[1-9][0-9]{0,6})", name))
            width = int(name[1:])
            self.spend(0, 4 * width * count)
            texts = self.one_of(tree["v"], depth, "texts")
            _need(len(texts) == count and all(len(text) <= width for text in texts))
            return np.array(texts, name).reshape(shape)
        _need(name in DTYPES)
        data = self.data(tree["v"])
        dtype = np.dtype(name)
        _need(len(data) == count * dtype.itemsize)
        array = _from_bytes(data, dtype)
        if name == "|b1":
            _need(not count or array.view("u1").max() <= 1)
        _need(dates_in_reach(array))
        return array.reshape(shape)

    def flat(self, tree, depth, *names: str) -> np.ndarray:
        array = self.one_of(tree, depth, "array")
        _need(array.ndim == 1 and (not names or array.dtype.str in names))
        return array

    # ---- pandas

    def timestamp(self, tree, depth):
        self.spend(20)
        unit = _one(tree["unit"], PANDAS_UNITS)
        value = pd.Timestamp(np.datetime64(_whole(tree["v"], 1 - 2**63, 2**63 - 1), unit))
        zone = self.zone(tree["zone"])
        value = value if zone is None else value.tz_localize("UTC").tz_convert(zone)
        _need(1 <= value.year <= 9999)
        return value

    def pandas_timedelta(self, tree, depth):
        self.spend(10)
        unit = _one(tree["unit"], PANDAS_UNITS)
        return pd.Timedelta(np.timedelta64(_whole(tree["v"], 1 - 2**63, 2**63 - 1), unit))

    def period(self, tree, depth):
        self.spend(20)
        freq = _text(tree["freq"], 20)
        _need(PERIOD.fullmatch(freq))
        value = pd.Period(ordinal=_whole(tree["v"], 1 - 2**63, 2**63 - 1), freq=freq)
        _need(1 <= value.year <= 9999)
        return value

    def interval(self, tree, depth):
        self.spend(20)
        left, right = (self.read(end, depth) for end in _list(tree["v"], 2, 2))
        numbers = int | float | np.integer | np.floating
        _need(type(left) is type(right) or (isinstance(left, numbers) and isinstance(right, numbers)))
        return pd.Interval(left, right, _one(tree["closed"], ("left", "right", "both", "neither")))

    def column(self, tree, depth):
        """The values of a Series, an Index or a column: always of one axis."""
        values = self.one_of(tree, depth, "array", *_COLUMNS)
        _need(values.ndim == 1)
        return values

    def extension(self, tree, depth):
        _need(type(tree["v"]) is dict and tree["v"].get("t") in (*_COLUMNS, "array"))
        values = self.column(tree["v"], depth)
        if not isinstance(values, np.ndarray):
            return values
        return pd.array(values) if values.dtype.kind in "Mm" else pd.arrays.NumpyExtensionArray(values)

    def categorical(self, tree, depth):
        self.spend(100)
        categories = self.some_index(tree["categories"], depth)
        _need(type(tree["ordered"]) is bool and not isinstance(categories, pd.MultiIndex))
        codes = self.flat(tree["v"], depth, "|i1", "<i2", "<i4", "<i8")
        return pd.Categorical.from_codes(codes, categories, ordered=tree["ordered"])

    def strings(self, tree, depth):
        self.spend(100)
        texts = self.one_of(tree["v"], depth, "texts")
        missing = pd.NA if _one(tree["na"], ("NA", "nan")) == "NA" else np.nan
        codes = self.flat(tree["codes"], depth, "|i1", "<i2", "<i4")
        _need(not len(codes) or (codes.min() >= -1 and codes.max() < len(texts)))
        values = np.empty(len(texts) + 1, object)
        values[:-1], values[-1] = texts, missing  # where -1 finds it
        return pd.array(values[codes], dtype=pd.StringDtype(na_value=missing))

    def masked(self, tree, depth):
        self.spend(100)
        name = _one(tree["dtype"], tuple(MASKED))
        values, mask = self.flat(tree["v"], depth, MASKED[name]), self.flat(tree["mask"], depth, "|b1")
        _need(len(values) == len(mask))
        kind = {"b": pd.arrays.BooleanArray, "f": pd.arrays.FloatingArray}.get(
            values.dtype.kind, pd.arrays.IntegerArray
        )
        return kind(values, mask)

    def zoned(self, tree, depth):
        self.spend(100)
        unit, zone = _one(tree["unit"], PANDAS_UNITS), self.zone(tree["zone"])
        _need(zone is not None)
        values = self.flat(tree["v"], depth, "<i8").view(f"<M8[{unit}]")
        _need(dates_in_reach(values))
        return pd.DatetimeIndex(values).tz_localize("UTC").tz_convert(zone).array

    def periods(self, tree, depth):
        self.spend(100)
        freq = _text(tree["freq"], 20)
        _need(PERIOD.fullmatch(freq))
        values = self.flat(tree["v"], depth, "<i8")
        there = values[values != np.iinfo("i8").min]
        made = pd.arrays.PeriodArray(values, dtype=pd.PeriodDtype(freq))
        if len(there):
            ends = pd.PeriodIndex.from_ordinals([there.min(), there.max()], freq=freq).year
            _need(ends.min() >= 1 and ends.max() <= 9999)
        return made

    def intervals(self, tree, depth):
        self.spend(200)
        left, right = self.some_index(tree["left"], depth), self.some_index(tree["right"], depth)
        closed = _one(tree["closed"], ("left", "right", "both", "neither"))
        _need(left.dtype == right.dtype and left.dtype.kind in "iufMm")
        return pd.arrays.IntervalArray.from_arrays(left, right, closed)

    def some_index(self, tree, depth) -> pd.Index:
        return self.one_of(tree, depth, "index", "range index", "multi index")

    def index(self, tree, depth):
        self.spend(100)
        values = self.column(tree["v"], depth)
        if values.dtype.kind == "U":
            values = values.astype(object)
        return pd.Index(values, dtype=values.dtype, name=self.label(tree["name"], depth))

    def range_index(self, tree, depth):
        self.spend(100)
        start, stop, step = (_whole(part, -(2**62), 2**62) for part in _list(tree["v"], 3, 3))
        _need(step and len(range(start, stop, step)) <= MOST_ITEMS)
        return pd.RangeIndex(start, stop, step, name=self.label(tree["name"], depth))

    def multi_index(self, tree, depth):
        self.spend(200)
        levels = [self.some_index(level, depth) for level in _list(tree["levels"], 1, 32)]
        codes = [self.flat(one, depth, "|i1", "<i2", "<i4", "<i8") for one in _list(tree["codes"], 1, 32)]
        names = [self.label(name, depth) for name in _list(tree["names"], 1, 32)]
        _need(len(levels) == len(codes) == len(names))
        _need(not any(isinstance(level, pd.MultiIndex) for level in levels))
        return pd.MultiIndex(levels, codes, names=names, verify_integrity=True)

    def label(self, tree, depth):
        """The name of a Series or an index."""
        name = self.read(tree, depth)
        hash(name)
        return name

    def series(self, tree, depth):
        self.spend(200)
        values, index = self.column(tree["v"], depth), self.some_index(tree["index"], depth)
        _need(len(values) == len(index))
        return pd.Series(values, index, _dtype(values), self.label(tree["name"], depth), copy=False)

    def frame(self, tree, depth):
        self.spend(300)
        trees = _list(tree["v"])
        self.spend(100 * len(trees))
        values = [self.column(one, depth) for one in trees]
        index, columns = self.some_index(tree["index"], depth), self.some_index(tree["columns"], depth)
        _need(len(columns) == len(values) and all(len(one) == len(index) for one in values))
        parts = {number: pd.Series(one, index, _dtype(one), copy=False) for number, one in enumerate(values)}
        frame = pd.DataFrame(parts, index=index, copy=False)
        frame.columns = columns
        return frame

    # ---- the rest

    def record(self, tree, depth):
        self.spend(20)
        _need(type(tree["name"]) is str and type(tree["v"]) is dict)
        cls = transferables.get(tree["name"])
        _need(cls is not None)
        _need(tree["v"].keys() == {part.name for part in dataclasses.fields(cls)})
        return cls(**{name: self.read(part, depth) for name, part in tree["v"].items()})

    def function(self, tree, depth):
        self.spend(50)
        ref, kind = _whole(tree["ref"], 0, 2**31), _type_name_read(tree["type"])
        name = _text(tree["name"], 100)
        _need(not re.search(r"\W", name))
        signature = None
        if tree["parameters"] is not None:
            parameters = []
            for one in _list(tree["parameters"], 0, 256):
                word, how, has_default = _list(one, 3, 3)
                _need(type(has_default) is bool)
                default = ... if has_default else inspect.Parameter.empty
                how = _KINDS[_one(how, tuple(_KINDS))]
                parameters.append(inspect.Parameter(_text(word, 100), how, default=default))
            signature = inspect.Signature(parameters)
        if self.call is None:
            return _foreign_type(kind)()
        return _function_type(kind)(name, signature, functools.partial(self.call, ref))

    def foreign(self, tree, depth):
        self.spend(5)
        value = _foreign_type(_type_name_read(tree["type"]))()
        value.why = _clean(_text(tree["why"], 100))
        return value


_READERS = {
    name: (reader, frozenset(("t", *fields.split())))
    for name, reader, fields in (
        *((name, _Reader.constant, "") for name in CONSTANTS),
        ("int", _Reader.whole, "v"),
        ("float", _Reader.float, "v"),
        ("text", _Reader.text, "v"),
        ("decimal", _Reader.decimal, "v"),
        ("fraction", _Reader.fraction, "v"),
        ("datetime", _Reader.datetime, "v zone"),
        ("date", _Reader.date, "v"),
        ("timedelta", _Reader.timedelta, "v"),
        ("range", _Reader.range, "v"),
        *((kind.__name__, _Reader.container, "v") for kind in CONTAINERS),
        ("dict", _Reader.dict, "keys v"),
        ("texts", _Reader.texts, "lengths v"),
        ("scalar", _Reader.scalar, "dtype shape v"),
        ("array", _Reader.array, "dtype shape v"),
        ("timestamp", _Reader.timestamp, "v unit zone"),
        ("pandas timedelta", _Reader.pandas_timedelta, "v unit"),
        ("period", _Reader.period, "v freq"),
        ("interval", _Reader.interval, "v closed"),
        ("extension", _Reader.extension, "v"),
        ("categorical", _Reader.categorical, "v categories ordered"),
        ("strings", _Reader.strings, "v codes na"),
        ("masked", _Reader.masked, "dtype v mask"),
        ("zoned", _Reader.zoned, "v unit zone"),
        ("periods", _Reader.periods, "v freq"),
        ("intervals", _Reader.intervals, "left right closed"),
        ("index", _Reader.index, "v name"),
        ("range index", _Reader.range_index, "v name"),
        ("multi index", _Reader.multi_index, "levels codes names"),
        ("series", _Reader.series, "v index name"),
        ("frame", _Reader.frame, "v index columns"),
        ("record", _Reader.record, "name v"),
        ("function", _Reader.function, "ref type name parameters"),
        ("foreign", _Reader.foreign, "type why"),
    )
}
_COLUMNS = ("categorical", "strings", "masked", "zoned", "periods", "intervals")


def _need(fits: Any) -> None:
    if not fits:
        raise BadTree("not the tree of a value")


def _from_bytes(data: bytes, dtype: np.dtype) -> np.ndarray:
    """An array of its own, which may be changed."""
    _need(len(data) % dtype.itemsize == 0)
    return np.frombuffer(bytearray(data), dtype) if data else np.empty(0, dtype)


def _list(tree: Any, least: int = 0, most: int | None = None) -> list:
    _need(type(tree) is list and least <= len(tree) and (most is None or len(tree) <= most))
    return tree


def _text(tree: Any, most: int) -> str:
    _need(type(tree) is str and len(tree) <= most)
    return tree


def _clean(text: str) -> str:
    text.encode("utf-8")  # fails on what cannot be written to a file
    return text


def _whole(tree: Any, low: int, high: int) -> int:
    _need(type(tree) is int and low <= tree <= high)
    return tree


def _one(tree: Any, options: tuple) -> Any:
    _need(type(tree) is str and tree in options)
    return tree


def _spread(keys: list) -> list:
    """The keys, if they may be put into a set without taking long: not if many were made to have one hash.

    Some have it without anybody's doing: -1 and -2 do, and so do all points of a grid that have them.
    """
    compared = sum(same * same for same in Counter(map(hash, keys)).values())
    _need(compared < 10 * len(keys) + 1_000_000)
    return keys


def _dtype(values):
    """Without it, a Series of objects would look for a better type."""
    return None if values.dtype.kind == "U" else values.dtype


def _type_name_read(tree: Any) -> str:
    name = _text(tree, 60)
    _need(re.fullmatch(r"[A-Za-z0-9_]+", name))
    return name


@functools.lru_cache(maxsize=256)
def _foreign_type(name: str) -> type:
    return type(name, (Foreign,), {"__module__": "student"})


@functools.lru_cache(maxsize=256)
def _function_type(name: str) -> type:
    return type(name, (Function,), {"__module__": "student"})
