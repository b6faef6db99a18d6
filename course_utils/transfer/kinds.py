"""What both ends of a transfer know: the bounds, the errors, and what stands for things that stay where they are."""

import dataclasses
import functools
import inspect
import re
import zoneinfo
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

MOST_BITS = 14_000  # of a whole number: Python writes it out, and a hostile one cannot take long
MOST_EXPONENT = 5_000  # of a Decimal
MOST_ITEMS = 8_000_000  # of a range or an array, along one axis
MOST_BYTES = 256 * 2**20  # that one array takes once it is decoded
MOST_WORK = 8_000_000  # in steps of a microsecond or less
# What one costs of it, so that there cannot be many: those with one hash are easily found, and a set of them would
# take the other end as long as their square.
EXACT_WORK = 300
DEEPEST = 50
PLAIN_TEXT = 2_000  # longer texts cross as base64, which has nothing that JSON must look at
PACKED = 32  # from this length on, a list of numbers or of texts crosses as one block

CONSTANTS = {"ellipsis": ..., "nat": pd.NaT, "na": pd.NA}
CONTAINERS = (list, tuple, set, frozenset)
UNITS = ("Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as")
PANDAS_UNITS = ("s", "ms", "us", "ns")
NUMBERS = ("|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8")
DTYPES = {*NUMBERS, *(f"<{kind}8[{unit}]" for kind in "Mm" for unit in UNITS), "<M8", "<m8"}
PERIOD = re.compile(r"[0-9]{0,3}(YE?|QE?|ME?|W|D|B|h|min|s|ms|us|ns)(-[A-Z]{3})?")
DECIMAL = re.compile(r"-?([0-9]{1,5000}(E[+-]?[0-9]{1,5})?|Infinity|NaN)")
MASKED = {
    name: f"<{letter}{size}" if size > 1 else f"|{letter}{size}"
    for letter, word in (("i", "Int"), ("u", "UInt"))
    for size in (1, 2, 4, 8)
    for name in (f"{word}{8 * size}",)
} | {"boolean": "|b1", "Float32": "<f4", "Float64": "<f8"}


class TooLarge(ValueError):
    """A value that would take more room or time than it may."""


class BadTree(ValueError):
    """What came is not the tree of a value."""


class Foreign:
    """What stands for an object that cannot cross. The name of its type is that of the object's; ``why`` may say more."""

    why = ""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class Function:
    """A function at the other end: calling it calls that one. It has the signature of the other."""

    def __init__(self, name: str, signature: inspect.Signature | None, call: Callable):
        self.__name__ = self.__qualname__ = name
        # Without one, inspect takes that of __call__, which accepts anything.
        if signature is not None:
            self.__signature__ = signature
        self._call = call

    def __call__(self, *args, **kwargs):
        return self._call(args, kwargs)

    def __repr__(self) -> str:
        return f"<function {self.__name__}>"


class Refs:
    """What this end keeps for the other to call: objects by number."""

    def __init__(self, most: int = 10_000):
        self.most = most
        self._kept: list[Any] = []
        self._numbers: dict[int, int] = {}

    def add(self, thing: Any) -> int:
        number = self._numbers.get(id(thing))
        if number is None:
            if len(self._kept) >= self.most:
                raise TooLarge("too many functions")
            number = self._numbers[id(thing)] = len(self._kept)
            self._kept.append(thing)
        return number

    def __getitem__(self, number: int) -> Any:
        if type(number) is not int or not 0 <= number < len(self._kept):
            raise KeyError(number)
        return self._kept[number]


transferables: dict[str, type] = {}
# Of a kind of object, known by the package and the name of one of its classes: what makes the record that goes for it.
stand_ins: dict[tuple[str, str], Callable[[Any], Any]] = {}


def transferable(cls: type) -> type:
    """Register a frozen dataclass of the kit, so that it crosses as itself.

    Its fields must be values that cross. It is checked by its own ``__post_init__``, which raises TypeError or
    ValueError for fields that do not fit: they may come from anybody.
    """
    if not (dataclasses.is_dataclass(cls) and vars(cls)["__dataclass_params__"].frozen):
        raise TypeError(f"{cls.__name__} is no frozen dataclass")
    if transferables.setdefault(cls.__name__, cls) is not cls:
        raise TypeError(f"there is a record named {cls.__name__} already")
    return cls


def send_as(convert: Callable[[Any], Any], *kinds: tuple[str, str]) -> None:
    """Have objects cross as the record that ``convert`` makes of them.

    ``kinds`` are their classes, each by the package and the name, so that nothing need be imported for it.
    """
    stand_ins.update(dict.fromkeys(kinds, convert))


@functools.cache
def zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def dates_in_reach(array: np.ndarray) -> bool:
    """Are all its dates in the years that Python knows, 1 to 9999? Beyond them a date cannot even be shown."""
    if array.dtype.kind != "M" or not array.size:
        return True
    ends = np.array([np.fmin.reduce(array, axis=None), np.fmax.reduce(array, axis=None)])
    if np.isnat(ends).all():
        return True
    if np.datetime_data(array.dtype)[0] == "generic":
        return False
    first, last = ends.astype("M8[Y]").astype(int) + 1970
    return bool(first >= 1 and last <= 9999)
