"""Values cross unchanged, whatever cannot cross is named, and no tree does anything but become a value or be refused."""

import base64
import contextlib
import copy
import dataclasses
import datetime
import enum
import functools
import inspect
import itertools
import json
import math
import random
import sys
import zoneinfo
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course_utils import load, tables
from course_utils.grading.sandbox import wire
from course_utils.transfer import BadTree, Foreign, Refs, TooLarge, decode, encode, transferable
from course_utils.transfer.decoding import _READERS

slow = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def sent(tree):
    return json.loads(json.dumps(tree, allow_nan=False).encode())


def crossed(value, **options):
    return decode(sent(encode(value, **options)))


def same(left, right) -> bool:
    """Equal, of the same types all the way down, and missing where the other is."""
    if left is right:
        return True
    if type(left) is not type(right):
        return False
    if isinstance(left, pd.DataFrame):
        pd.testing.assert_frame_equal(
            left, right, check_exact=True, check_freq=False, check_column_type="exact"
        )
        return all(map(same, left.columns, right.columns))
    if isinstance(left, pd.Series):
        pd.testing.assert_series_equal(left, right, check_exact=True, check_freq=False)
        return same(left.index, right.index)
    if isinstance(left, pd.Index):
        pd.testing.assert_index_equal(left, right, exact=True, check_exact=True)
        return True
    if isinstance(left, pd.api.extensions.ExtensionArray):
        pd.testing.assert_extension_array_equal(left, right, check_exact=True)
        return True
    if isinstance(left, np.ndarray):
        return left.dtype == right.dtype and left.shape == right.shape and same(left.tolist(), right.tolist())
    if isinstance(left, np.generic):
        return left.dtype == right.dtype and left.tobytes() == right.tobytes()
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return same(list(left.items()), list(right.items()))
    if isinstance(left, float):
        return (
            left == right
            and math.copysign(1, left) == math.copysign(1, right)
            or left != left
            and right != right
        )
    if isinstance(left, Decimal):
        return left.as_tuple() == right.as_tuple()
    if isinstance(left, datetime.datetime):
        return left == right and str(left.tzinfo) == str(right.tzinfo)
    return bool(left == right)


# ---- values ------------------------------------------------------------------------------------------------

texts = st.text(max_size=40)
zones = (
    st.none()
    | st.just(datetime.UTC)
    | st.sampled_from(["America/New_York", "Asia/Kathmandu"]).map(zoneinfo.ZoneInfo)
)
plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(2**300), 2**300),
    st.floats(),
    texts,
    st.decimals(allow_nan=False),
    st.fractions(),
    st.dates(),
    st.datetimes(timezones=zones),
    st.timedeltas(),
    st.just(...),
    st.just(pd.NA),
    st.just(pd.NaT),
)
hashable = st.one_of(
    st.none(), st.booleans(), st.integers(), texts, st.dates(), st.tuples(texts, st.integers())
)
values = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.lists(inner, max_size=6),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(hashable, inner, max_size=5),
        st.sets(hashable, max_size=5),
        st.frozensets(hashable, max_size=5),
    ),
    max_leaves=25,
)


@slow
@given(values)
def test_plain_values_cross_unchanged(value):
    assert same(crossed(value), value)


@pytest.mark.parametrize("kind", [float, int, str])
@pytest.mark.parametrize("length", [0, 1, 31, 32, 33, 1000])
def test_long_lists_cross_unchanged(kind, length):
    value = [kind(number) for number in range(length)]
    for made in (value, tuple(value), set(value), dict(zip(value, value, strict=True))):
        assert same(crossed(made), made)


def test_special_numbers_cross():
    for value in (math.nan, math.inf, -math.inf, -0.0, 2**63, -(2**63) - 1):
        assert same(crossed(value), value)
    assert crossed(Decimal("-Infinity")) == Decimal("-Infinity")
    assert crossed(Decimal("NaN")).is_nan()
    assert crossed(range(3, -9, -2)) == range(3, -9, -2)


@pytest.mark.parametrize(
    "dtype",
    [
        "bool",
        "int8",
        "int16",
        "int32",
        "int64",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "float16",
        "float32",
        "float64",
        "datetime64[D]",
        "datetime64[s]",
        "datetime64[ns]",
        "timedelta64[us]",
        "timedelta64[h]",
        "U5",
        "object",
    ],
)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (2, 0, 3)])
def test_arrays_cross_unchanged(dtype, shape):
    value = np.arange(math.prod(shape)).astype(dtype).reshape(shape)
    assert same(crossed(value), value)
    if shape == (3,) and dtype not in ("object", "U5"):
        assert same(crossed(value[1]), value[1])


def test_arrays_of_another_order_of_bytes_cross_with_their_values():
    value = np.array([1, 2, 3], ">i4")
    assert crossed(value).tolist() == [1, 2, 3]
    assert same(crossed(np.asfortranarray(np.arange(6).reshape(2, 3))), np.arange(6).reshape(2, 3))


@pytest.mark.parametrize(
    "value",
    [
        pd.Timestamp("2025-08-31 12:34:56.789"),
        pd.Timestamp("2025-08-31 12:34:56.789123456", tz="America/New_York"),
        pd.Timestamp("0200-01-01").as_unit("s"),
        pd.Timedelta("3 days 00:00:00.000001"),
        pd.Period("2025-08", "M"),
        pd.Period("2025-08-31", "W-SUN"),
        pd.Period("2025Q3", "Q-DEC"),
        pd.Interval(0, 5, closed="left"),
        pd.Interval(pd.Timestamp("2025-01-01"), pd.Timestamp("2025-02-01")),
    ],
    ids=repr,
)
def test_pandas_scalars_cross_unchanged(value):
    back = crossed(value)
    assert same(back, value)
    assert getattr(back, "unit", None) == getattr(value, "unit", None)


INDEXES = {
    "range": pd.RangeIndex(2, 11, 3, name="n"),
    "numbers": pd.Index([1.5, 2, math.nan]),
    "small numbers": pd.Index(np.array([1, 2, 3], "int8")),
    "truths": pd.Index([True, False, True]),
    "texts": pd.Index(["a", "b", None], name=("a", 1)),
    "objects": pd.Index(["a", 1, None], dtype=object),
    "dates": pd.DatetimeIndex(["2025-01-01", None, "2025-01-03"], name="day"),
    "zoned": pd.DatetimeIndex(["2025-01-01", None, "2025-07-03"], tz="Europe/Paris"),
    "times": pd.TimedeltaIndex(["1D", None, "2h"]),
    "periods": pd.PeriodIndex(["2025-01", "2025-02", None], freq="M"),
    "intervals": pd.IntervalIndex.from_breaks([0, 1, 5, 9]),
    "categories": pd.CategoricalIndex(["b", "a", None], categories=["b", "a", "c"], ordered=True),
    "nullable": pd.Index([1, 2, None], dtype="Int64"),
    "levels": pd.MultiIndex.from_tuples([("a", 1), ("b", 2), ("a", None)], names=["x", None]),
    "unused levels": pd.MultiIndex.from_product([["a", "b", "c"], [1, 2]])[[0, 3, 1]],
}


@pytest.mark.parametrize("name", INDEXES)
def test_every_kind_of_index_crosses_unchanged(name):
    index = INDEXES[name]
    assert same(crossed(index), index)
    assert same(crossed(pd.Series([1, 2, 3], index, name="v")), pd.Series([1, 2, 3], index, name="v"))
    frame = pd.DataFrame([[1, 2, 3]] * 3, index=index, columns=index)
    assert same(crossed(frame), frame)
    assert same(crossed(index[:0]), index[:0])


columns = st.sampled_from(
    [
        lambda n: pd.Series(range(n), dtype="int64"),
        lambda n: pd.Series(range(n), dtype="int8"),
        lambda n: pd.Series([math.nan, 1.5] * n, dtype="float64")[:n],
        lambda n: pd.Series(["a", None, "ü"] * n, dtype="str")[:n],
        lambda n: pd.Series(["a", None] * n, dtype="string")[:n],
        lambda n: pd.Series(["a", 1, None] * n, dtype="object")[:n],
        lambda n: pd.Series([True, None] * n, dtype="boolean")[:n],
        lambda n: pd.Series([1, None] * n, dtype="Int64")[:n],
        lambda n: pd.Series([1.5, None] * n, dtype="Float64")[:n],
        lambda n: pd.Series([True, False] * n, dtype="bool")[:n],
        lambda n: pd.Series(pd.Categorical(["b", "a", None] * n, ["c", "b", "a"], ordered=True))[:n],
        lambda n: pd.Series(pd.Categorical([2, 1] * n))[:n],
        lambda n: pd.Series(pd.date_range("2025-01-01", periods=n, unit="s")),
        lambda n: pd.Series(pd.date_range("2025-01-01", periods=n, tz="Asia/Tokyo")),
        lambda n: pd.Series(pd.to_timedelta(range(n), unit="h")),
        lambda n: pd.Series(pd.period_range("2025-01", periods=n, freq="M")),
        lambda n: pd.Series(pd.interval_range(0, n)) if n else pd.Series([], dtype="interval[int64, right]"),
    ]
)


@slow
@given(
    st.data(),
    st.integers(0, 5),
    st.lists(st.one_of(texts, st.integers(), st.tuples(texts, texts)), max_size=5),
)
def test_tables_cross_unchanged(data, rows, names):
    made = [data.draw(columns)(rows).reset_index(drop=True) for _ in names]
    frame = pd.DataFrame(dict(enumerate(made)), index=pd.RangeIndex(rows))
    frame.columns = pd.Index(names) if names else frame.columns
    frame.columns.names = [data.draw(hashable) for _ in frame.columns.names]
    assert same(crossed(frame), frame)
    for one in made:
        assert same(crossed(one), one)
        assert same(crossed(one.array), one.array)


def test_columns_may_have_levels_and_the_same_name_twice():
    frame = pd.DataFrame([[1, 2.5, "a"]], columns=["x", "x", "y"])
    assert same(crossed(frame), frame)
    grouped = pd.DataFrame({"g": ["a", "b"], "n": [1, 2]}).groupby("g").agg({"n": ["sum", "mean"]})
    assert same(crossed(grouped), grouped)


@pytest.mark.parametrize("name", list(tables.SCHEMAS))
def test_every_table_of_the_kit_crosses_unchanged(name):
    frame = load(name)
    back = crossed(frame)
    pd.testing.assert_frame_equal(back, frame, check_exact=True)
    assert same(crossed(frame.head(40).describe(include="all")), frame.head(40).describe(include="all"))


def test_a_table_crosses_with_what_no_check_looks_at():
    frame = pd.DataFrame(
        {
            "n": [1, 2],
            "c": [1j, 2j],
            "b": [b"a", b"b"],
            "t": [datetime.time(1), None],
            "x": [object(), object()],
        }
    )
    back = crossed(frame)
    assert same(back[["n"]], frame[["n"]])
    assert [type(one).__name__ for one in back.iloc[0, 1:]] == ["complex", "bytes", "time", "object"]
    assert crossed(np.array(["a"], np.dtypes.StringDType())).tolist() == ["a"]
    assert same(crossed(pd.Series(pd.arrays.SparseArray([0, 0, 1]))), pd.Series([0, 0, 1]))


def test_a_table_that_crossed_may_be_changed():
    frame = crossed(pd.DataFrame({"a": [1, 2], "b": ["x", None]}))
    frame["a"] += 1
    frame.loc[0, "b"] = "z"
    array = crossed(np.zeros(3))
    array[0] = 1
    assert frame["a"].tolist() == [2, 3]


def test_attributes_of_a_table_stay_behind():
    frame = pd.DataFrame({"a": [1]})
    frame.attrs["note"] = object()
    assert crossed(frame).attrs == {}


# ---- what is not plain -------------------------------------------------------------------------------------


def test_subclasses_cross_as_the_plain_value():
    class Always(float):
        def __eq__(self, other):
            return True

        def __float__(self):
            return 1.0

        __hash__ = float.__hash__

    class Text(str):
        def __str__(self):
            return "other"

        def encode(self, *_):
            return b"other"

    class Whole(int):
        def __index__(self):
            return 5

    Point = namedtuple("Point", "x y")  # noqa: PYI024
    Shade = enum.IntEnum("Shade", "LIGHT DARK")
    for odd, value in (
        (Always(0.5), 0.5),
        (Text("own"), "own"),
        (Whole(7), 7),
        (Point(1, 2), (1, 2)),
        (Shade.DARK, 2),
        (Counter("aab"), {"a": 2, "b": 1}),
        (OrderedDict(a=1), {"a": 1}),
        (defaultdict(list, a=[1]), {"a": [1]}),
        (np.str_("a"), "a"),
    ):
        assert same(crossed(odd), value)


def test_an_object_may_not_say_that_it_is_something_else():
    class Liar:
        __class__ = pd.DataFrame

    assert type(crossed(Liar())).__name__ == "Liar"


class Klass:
    def method(self):
        return self


def _generator():
    yield 1


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (Klass(), "Klass"),
        (_generator(), "generator"),
        (json, "module"),
        (pd.DataFrame({"a": [1], "b": [2]}).groupby("a"), "DataFrameGroupBy"),
        (pd.DataFrame({"a": [1], "b": [2]}).groupby("a")["b"], "SeriesGroupBy"),
        (NotImplemented, "NotImplementedType"),
        (np.ma.masked_array([1], [True]), "MaskedArray"),
        (np.zeros(1, [("a", "i4")]), "ndarray"),
        (1 + 2j, "complex"),
        (np.complex128(1 + 2j), "complex128"),
        (b"a", "bytes"),
        (bytearray(b"a"), "bytearray"),
        (datetime.time(9, 30), "time"),
        (type("Bad <script>", (), {})(), "Bad__script_"),
        (type("x" * 999, (), {})(), "x" * 60),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_cross_keeps_the_name_of_its_type(value, name):
    for back in (crossed(value), crossed([1, value])[1]):
        assert isinstance(back, Foreign)
        assert type(back).__name__ == name
        assert not callable(back)


def test_an_object_that_fails_when_it_is_looked_at_is_foreign():
    class Broken(pd.DataFrame):
        @property
        def columns(self):
            raise SystemError

        @property
        def index(self):
            raise ZeroDivisionError

    assert isinstance(crossed(Broken({"a": [1]})), Foreign)


class KeyList(list):
    """A list that may be a key, here."""

    __hash__ = object.__hash__


FAR = np.datetime64("20000-01-01", "s")


@pytest.mark.parametrize(
    "value",
    [
        {KeyList([1]): 1, (KeyList(), 2): 2},
        {KeyList([1]), 3},
        frozenset([(KeyList(),)]),
        FAR,
        np.array([FAR]),
        np.array([5], "<i8").view("M8"),
        pd.Timestamp(FAR),
        pd.Series([FAR]),
        pd.DataFrame({"a": [1]}, index=[FAR]),
        pd.Series([1], name=KeyList()),
        pd.Series([1], pd.MultiIndex.from_tuples([((1, KeyList()), object())])),
        pd.Series(pd.arrays.SparseArray([0, 0, 1])),
        pd.DataFrame({"a": [object(), [1], {2: 3}]}),
        pd.Series([object()] * 40, dtype="category"),
        np.array([[1], [1, 2], np.zeros(3)], dtype=object),
        np.zeros((2, 2), "U0"),
        np.array(["a"], np.dtypes.StringDType()),
        np.longdouble(1),
        pd.Series([1.0], dtype="f4"),
        [object()] * 150_000,
        [math.nan, None] * 250_000,
        ["x" * 10] * 1_000_000,
        [{"branch": "MAIN", "day": 1, "loans": 2.5, "note": None, "a": 1, "b": 2, "c": 3, "d": 4}] * 50_000,
        np.full((1_000, 500), "abc", "U50"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_whatever_is_written_can_be_sent_and_read(value):
    crossed(value)
    wire.pack(encode(value))


def test_a_container_inside_itself_is_foreign():
    loop = [1]
    loop.append({"again": loop})
    back = crossed(loop)
    assert back[0] == 1
    assert type(back[1]["again"]).__name__ == "list"
    assert back[1]["again"].why == "holds itself"
    deep = []
    for _ in range(10_000):
        deep = [deep]
    assert crossed(deep)


def test_a_lone_half_of_a_character_is_replaced():
    assert crossed("a\ud800b") == "a?b"
    assert crossed(["\udfff"] * 50) == ["?"] * 50
    assert crossed(pd.Series(["\ud800x"])).tolist() == ["?x"]


@pytest.mark.parametrize(
    "make",
    [
        lambda: "x" * 2_000_000,
        lambda: np.zeros(1_000_000),
        lambda: [object() for _ in range(2_000_000)],
        lambda: np.zeros(2**40, dtype=np.dtype([])) if False else np.broadcast_to(np.int8(1), (2**20, 2**20)),
        lambda: pd.DataFrame({"a": range(1_000_000)}),
        lambda: functools.reduce(lambda inner, _: [inner, inner], range(40), []),
    ],
)
def test_what_is_too_large_says_so(make):
    with pytest.raises(TooLarge):
        encode(make(), limit=1_000_000)


def test_numbers_that_are_too_large_are_foreign():
    for value in (10**5_000, Decimal("1E+900000"), Fraction(1, 10**5_000), range(10**12)):
        assert type(crossed(value)).__name__ == type(value).__name__
        assert crossed(value).why == "too large"


# ---- functions ---------------------------------------------------------------------------------------------


def test_a_function_crosses_as_a_call():
    def shares(patrons, by="branch", *rest, digits=2, **more):
        return patrons

    refs, calls = Refs(), []

    def call(ref, args, kwargs):
        calls.append((args, kwargs))
        return refs[ref](*args, **kwargs)

    there = decode(sent(encode(shares, refs=refs)), call=call)
    assert there(5, digits=1) == 5
    assert calls == [((5,), {"digits": 1})]
    assert there.__name__ == "shares"
    assert callable(there)
    assert str(inspect.signature(there)) == "(patrons, by=Ellipsis, *rest, digits=Ellipsis, **more)"
    with pytest.raises(TypeError):
        inspect.signature(there).bind()


@pytest.mark.parametrize(
    "value",
    [len, lambda x: x, functools.partial(int, base=2), "".join, Klass, Klass().method, np.mean],
    ids=lambda value: type(value).__name__,
)
def test_other_callables_cross_too(value):
    refs = Refs()
    there = decode(sent(encode({"f": value}, refs=refs)), call=lambda ref, args, kwargs: ref)["f"]
    assert callable(there)
    assert type(there).__name__ == type(value).__name__
    assert refs[there()] is value


def test_the_same_function_has_one_number():
    refs = Refs()
    first, second = encode([len, len], refs=refs)["v"]
    assert first["ref"] == second["ref"]
    for number in (-1, 1, "0", True):
        with pytest.raises(KeyError):
            refs[number]


def test_nobody_to_call_means_that_functions_are_foreign():
    assert isinstance(decode(sent(encode(len, refs=Refs()))), Foreign)
    assert isinstance(crossed(len), Foreign)


def test_a_signature_that_cannot_be_read_is_none():
    there = decode(sent(encode(min, refs=Refs())), call=lambda *_: None)
    assert str(inspect.signature(there)) == "(*args, **kwargs)"


# ---- records -----------------------------------------------------------------------------------------------


@transferable
@dataclasses.dataclass(frozen=True)
class Finding:
    share: float
    names: tuple[str, ...] = ()

    def __post_init__(self):
        if not isinstance(self.share, float):
            raise TypeError("no share")


def test_a_record_of_the_kit_crosses_as_itself():
    assert crossed([Finding(0.5, ("a",))]) == [Finding(0.5, ("a",))]


def test_a_record_checks_itself():
    for parts in ({"share": "x", "names": []}, {"share": 0.5}, {"share": 0.5, "names": [], "more": 1}):
        with pytest.raises(BadTree):
            decode({"t": "record", "name": "Finding", "v": parts})
    with pytest.raises(BadTree):
        decode({"t": "record", "name": "Klass", "v": {}})


def test_only_the_kits_own_class_is_a_record():
    impostor = dataclasses.make_dataclass("Finding", ["share", "names"], frozen=True)(0.5, ())
    assert isinstance(crossed(impostor), Foreign)
    with pytest.raises(TypeError):
        transferable(type(impostor))
    with pytest.raises(TypeError):
        transferable(Klass)


# ---- hostile trees -----------------------------------------------------------------------------------------


def packed(data: bytes) -> str:
    return base64.b64encode(data).decode()


EIGHT = packed(bytes(8))
ARRAY = {"t": "array", "dtype": "<i8", "shape": [1], "v": EIGHT}
INDEX = {"t": "range index", "v": [0, 1, 1], "name": None}


def put(tree, **parts):
    return {**tree, **parts}


@pytest.mark.parametrize(
    "tree",
    [
        [],
        {},
        {"t": 1},
        {"t": "unheard of"},
        {"t": "list"},
        {"t": "list", "v": [], "more": 1},
        {"t": "list", "v": {}},
        2**63,
        math.inf,
        "\ud800",
        {"t": "int", "v": "1_0"},
        {"t": "int", "v": "f" * 10_000},
        {"t": "int", "v": " 12"},
        {"t": "float", "v": "1e5"},
        {"t": "text", "v": "é"},
        {"t": "text", "v": packed(b"\xed\xa0\x80")},
        {"t": "decimal", "v": "1E+99999"},
        {"t": "decimal", "v": "sNaN"},
        {"t": "decimal", "v": "9" * 9_999},
        {"t": "fraction", "v": [1, 0]},
        {"t": "date", "v": "2025-02-30"},
        {"t": "date", "v": "2025-W01-1"},
        {"t": "datetime", "v": "2025-01-01T00:00:00.000000", "zone": "../../etc/passwd"},
        {"t": "datetime", "v": "2025-01-01T00:00:00.000000", "zone": 1e9},
        {"t": "datetime", "v": "2025-01-01T00:00:00.000000", "fold": 0, "zone": None},
        {"t": "bytes", "v": ""},
        {"t": "time", "v": "09:30:00.000000", "zone": None},
        {"t": "complex", "v": [1.0, 2.0]},
        {"t": "timedelta", "v": [10**18, 0, 0]},
        {"t": "range", "v": [0, 2**62, 1]},
        {"t": "range", "v": [0, 1, 0]},
        {"t": "dict", "keys": [{"t": "list", "v": []}], "v": [1]},
        {"t": "dict", "keys": [1, 2], "v": [1]},
        {"t": "set", "v": [{"t": "dict", "keys": [], "v": []}]},
        {"t": "set", "v": [number * (2**61 - 1) + (1 << 62) % 7 for number in range(2, 4)] + [[]]},
        {"t": "texts", "lengths": EIGHT, "v": packed(b"a")},
        {"t": "texts", "lengths": packed((2**62).to_bytes(8, "little") * 4), "v": ""},
        {"t": "texts", "lengths": packed(b"\xfe" + b"\xff" * 7), "v": ""},
        put(ARRAY, shape=[2]),
        put(ARRAY, shape=[-1]),
        put(ARRAY, shape=[True]),
        put(ARRAY, shape=[1.0]),
        put(ARRAY, shape=[0] * 99, v=""),
        put(ARRAY, shape=[0, 2**60], v=""),
        put(ARRAY, shape=[2**23, 2**23, 2**23]),
        put(ARRAY, dtype="O"),
        put(ARRAY, dtype="O", shape=[8_000_000, 8_000_000], v=[]),
        put(ARRAY, dtype="<i8,<i8"),
        put(ARRAY, dtype="V8"),
        put(ARRAY, dtype="object"),
        put(ARRAY, dtype="|S8"),
        put(ARRAY, dtype="<c8"),
        put(ARRAY, dtype="<M8[25s]"),
        put(ARRAY, dtype="U99999999"),
        put(
            ARRAY,
            dtype="U1000000",
            shape=[100_000],
            v={"t": "texts", "lengths": packed(bytes(800_000)), "v": ""},
        ),
        put(ARRAY, dtype="|b1", shape=[8], v=packed(b"\x02" * 8)),
        put(ARRAY, t="scalar"),
        put(ARRAY, t="scalar", dtype="O", shape=[], v=[1]),
        {"t": "timestamp", "v": 2**63 - 1, "unit": "Y", "zone": None},
        {"t": "timestamp", "v": 2**63 - 2, "unit": "s", "zone": "Asia/Tokyo"},
        {"t": "period", "v": 2**60, "freq": "D"},
        {"t": "period", "v": 1, "freq": "__import__"},
        {"t": "periods", "v": put(ARRAY, v=packed(b"\xff" * 7 + b"\x3f")), "freq": "s"},
        {"t": "interval", "v": [5, 1], "closed": "left"},
        {"t": "interval", "v": ["a", "b"], "closed": "left"},
        {"t": "interval", "v": [1, 2], "closed": "ajar"},
        {
            "t": "categorical",
            "v": put(ARRAY, v=packed(b"\x05" + bytes(7))),
            "categories": INDEX,
            "ordered": True,
        },
        {"t": "categorical", "v": ARRAY, "categories": INDEX, "ordered": 1},
        {"t": "categorical", "v": ARRAY, "categories": ARRAY, "ordered": True},
        {"t": "masked", "dtype": "Int64", "v": ARRAY, "mask": ARRAY},
        {"t": "masked", "dtype": "Int8", "v": ARRAY, "mask": put(ARRAY, dtype="|b1", shape=[8])},
        {"t": "strings", "v": ["a"], "codes": put(ARRAY, dtype="<i4", shape=[2]), "na": "NA"},
        {
            "t": "strings",
            "v": encode(["a"] * 40)["v"],
            "codes": put(ARRAY, dtype="<i4", v=packed(b"\x28" + bytes(3))),
            "na": "NA",
        },
        {"t": "zoned", "v": ARRAY, "unit": "s", "zone": None},
        {"t": "range index", "v": [0, 2**61, 1], "name": None},
        {"t": "range index", "v": [0, 1, 0], "name": None},
        {"t": "index", "v": ARRAY, "name": {"t": "list", "v": []}},
        {"t": "index", "v": put(ARRAY, shape=[1, 1]), "name": None},
        {
            "t": "multi index",
            "levels": [INDEX],
            "codes": [put(ARRAY, v=packed(b"\x01" + bytes(7)))],
            "names": [None],
        },
        {"t": "multi index", "levels": [INDEX], "codes": [], "names": [None]},
        {
            "t": "multi index",
            "levels": [INDEX, INDEX],
            "codes": [ARRAY, put(ARRAY, shape=[0], v="")],
            "names": [1, 2],
        },
        {"t": "series", "v": ARRAY, "index": put(INDEX, v=[0, 2, 1]), "name": None},
        {"t": "series", "v": INDEX, "index": INDEX, "name": None},
        {"t": "frame", "v": [ARRAY, ARRAY], "index": INDEX, "columns": INDEX},
        {"t": "frame", "v": [ARRAY], "index": put(INDEX, v=[0, 5, 1]), "columns": INDEX},
        {"t": "function", "ref": -1, "type": "function", "name": "f", "parameters": None},
        {"t": "function", "ref": 0, "type": "a.b", "name": "f", "parameters": None},
        {
            "t": "function",
            "ref": 0,
            "type": "function",
            "name": "f",
            "parameters": [["a b", "KEYWORD_ONLY", True]],
        },
        {"t": "function", "ref": 0, "type": "function", "name": "f", "parameters": [["a", "ANY", True]]},
        {
            "t": "function",
            "ref": 0,
            "type": "f",
            "name": "f",
            "parameters": [["a", "KEYWORD_ONLY", True]] * 2,
        },
        {"t": "foreign", "type": "<b>", "why": ""},
        {"t": "foreign", "type": "", "why": ""},
        {"t": "foreign", "type": "x", "why": "\ud800"},
        functools.reduce(lambda inner, _: {"t": "list", "v": [inner]}, range(200), 1),
        functools.reduce(lambda inner, _: {"t": "list", "v": [inner]}, range(20_000), 1),
        {"t": "list", "v": [put(INDEX)] * 100_000},
    ],
    ids=lambda tree: tree.get("t") if isinstance(tree, dict) else type(tree).__name__,
)
def test_a_tree_that_nobody_wrote_is_refused(tree):
    with pytest.raises(BadTree):
        decode(tree, call=lambda *_: None)


def test_keys_that_were_made_to_have_one_hash_are_refused():
    """A set of them would take hours."""
    modulus = sys.hash_info.modulus
    keys = [f"{number * modulus:x}" for number in range(5, 6_000)]
    trees = [{"t": "int", "v": key} for key in keys]
    with pytest.raises(BadTree):
        decode({"t": "list", "v": trees * 5})
    with pytest.raises(BadTree):
        decode({"t": "set", "v": trees})
    with pytest.raises(BadTree):
        decode({"t": "dict", "keys": trees, "v": [0] * len(trees)})


SEEDS = [
    {"a": [1, 2.5, None, "x" * 3_000], (1, 2): {3, 4}, "t": ...},
    [2**80, Decimal("1.50"), Fraction(1, 3), range(5), math.nan],
    [
        datetime.date(2025, 1, 1),
        datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC),
        datetime.timedelta(1),
    ],
    [
        pd.Timestamp("2025-01-01", tz="Asia/Tokyo"),
        pd.Timedelta("1D"),
        pd.Period("2025", "Y"),
        pd.Interval(0, 1),
        pd.NA,
        pd.NaT,
    ],
    [
        list(range(40)),
        ["ab"] * 40,
        np.arange(6).reshape(2, 3),
        np.array(["a", "bc"]),
        np.array([1, None], object),
    ],
    [np.float64(1.5), np.datetime64("2025-01-01"), np.array([True, False]), np.array([b"abc"])],
    list(INDEXES.values()),
    pd.DataFrame(
        {"a": [1, 2], "b": ["x", None], "c": pd.Categorical(["u", "v"])}, index=INDEXES["levels"][:2]
    ),
    pd.DataFrame(
        {
            "a": pd.array([1, None]),
            "b": pd.period_range("2025", periods=2, freq="D"),
            "c": pd.interval_range(0, 2),
        }
    ),
    pd.Series(pd.date_range("2025-01-01", periods=2, tz="Asia/Tokyo"), name=("a", 1)),
    [lambda a, b=1, *c, d, **e: 0, Klass(), Finding(0.5, ("a", "b"))],
]
ODD = [
    None, True, -1, 0, 1, 2**31, 2**62, 2**63, 10**40, 0.5, -1e308, math.inf, math.nan, "", "a", "nan", "\ud800",
    "AAAA", "A" * 1000, EIGHT, [], [None], [[[]]], {}, {"t": "na"}, {"t": "nat"}, ARRAY, INDEX,
    "<i8", "|S9999999", "O", "U9999999", "<M8[ns]", "ns", "D", "left", "Int64", "UTC", "list", "frame", "array",
]  # fmt: skip


def mutated(tree, chance: random.Random):
    """The tree with a few of its nodes changed: to something odd, to another node, longer, shorter."""
    tree, grown = copy.deepcopy(tree), False
    for _ in range(chance.choice([1, 1, 1, 2, 3, 8])):
        nodes, holders = [tree], []
        while nodes:
            node = nodes.pop()
            if isinstance(node, dict | list):
                places = list(node) if isinstance(node, dict) else range(len(node))
                holders += [(node, place) for place in places]
                nodes += [node[place] for place in places]
        if not holders:
            return copy.deepcopy(chance.choice(ODD))
        holder, place = chance.choice(holders)
        old = holder[place]
        match chance.randrange(8):
            case 0 | 1:
                holder[place] = copy.deepcopy(chance.choice(ODD))
            case 2:
                other, there = chance.choice(holders)
                holder[place] = copy.deepcopy(other[there])
            case 3 if isinstance(holder, dict):
                del holder[place]
            case 4 if isinstance(old, str) and old:
                at = chance.randrange(len(old))
                holder[place] = old[:at] + chance.choice(["", "A", "=", "\u20ac", old]) + old[at + 1 :]
            case 5 if isinstance(old, int):
                holder[place] = old + chance.choice([-1, 1, 2**31, 2**62, -(2**63)])
            case 6 if isinstance(old, list) and not grown:
                holder[place], grown = copy.deepcopy(old * chance.choice([0, 2, 50])), True
            case _:
                holder[place] = (
                    {"t": chance.choice(list(_READERS)), "v": old} if chance.random() < 0.5 else [old]
                )
        if isinstance(holder, dict) and "t" in holder and chance.random() < 0.1:
            holder["t"] = chance.choice(list(_READERS))
    return tree


@pytest.mark.parametrize("examples", [100, pytest.param(1_500, marks=pytest.mark.exhaustive)])
def test_a_changed_tree_is_refused_or_becomes_a_value(examples):
    @settings(deadline=None, max_examples=examples, suppress_health_check=[HealthCheck.too_slow])
    @given(st.integers(0, 2**64), st.sampled_from(range(len(SEEDS))))
    def holds(seed, which):
        tree = mutated(encode(SEEDS[which], refs=Refs()), random.Random(seed))
        try:
            value = decode(tree, call=lambda *_: None)
        except BadTree:
            return
        # What comes out may be shown and sent on.
        repr(value)
        encode(value, refs=Refs())

    holds()


@slow
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | texts,
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["t", "v", "name", "shape", "dtype", "index"]), inner)
        ),
    )
)
def test_any_json_is_refused_or_becomes_a_value(tree):
    with contextlib.suppress(BadTree):
        decode(tree)


# ---- values that are seldom met, and honest ---------------------------------------------------------------


def test_a_long_column_of_what_no_check_looks_at_keeps_its_length():
    back = crossed(pd.Series(pd.date_range("2024-01-01", periods=300_000, freq="s")).dt.time)
    assert len(back) == 300_000
    assert isinstance(back[0], Foreign)
    assert type(back[0]).__name__ == "time"


@pytest.mark.parametrize(
    "value",
    [
        pd.Series(pd.date_range("2024-01-01", periods=3)).dt.to_period("ns"),
        pd.Period("2024-01-01", "ns"),
        np.array(["", ""], "U0"),
        pd.Interval(np.int32(1), 2),
        pd.Interval(np.float32(1), 2.5),
        dict.fromkeys(itertools.product(range(-15, 15), repeat=3), 1),
        set(itertools.product(range(-9, 9), repeat=3)),
        pd.Series(pd.cut(np.arange(20_000.0), 10)).astype(object),
    ],
    ids=lambda value: type(value).__name__,
)
def test_seldom_but_honest_values_cross(value):
    back = crossed(value)
    assert type(back) is type(value)
    if isinstance(value, pd.Series):
        pd.testing.assert_series_equal(back, value)
    elif isinstance(value, np.ndarray):
        assert back.tolist() == value.tolist()
    else:
        assert back == value


def test_what_holds_values_in_a_row_crosses_as_a_list():
    names = {"a": 1, "b": 2}
    assert decode(encode(deque([1, 2]))) == [1, 2]
    assert decode(encode([names.keys(), names.values(), names.items()])) == [
        ["a", "b"],
        [1, 2],
        [("a", 1), ("b", 2)],
    ]


def test_a_level_with_a_label_twice_crosses_as_its_rows():
    index = pd.MultiIndex([["a", "b"]], [[0, 1, 0]]).set_levels(["c", "c"], level=0, verify_integrity=False)
    assert decode(encode(index)).tolist() == [("c",), ("c",), ("c",)]


def test_pairs_of_small_numbers_that_have_one_hash_are_refused():
    hostile = {
        "t": "set",
        "v": [{"t": "tuple", "v": [-1 - (n >> bit & 1) for bit in range(13)]} for n in range(2**13)],
    }
    with pytest.raises(BadTree):
        decode(hostile)
