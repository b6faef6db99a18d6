"""How the test runner and a student's process speak: JSON in frames over a stream socket.

A frame is four bytes (big-endian: how many bytes follow), one byte that says what follows (``J``: JSON), and the JSON
in UTF-8. What does not fit is :class:`Nonsense`; it is refused before it takes memory.
"""

import json
import math
import re
import socket
import struct
import time
from collections.abc import Callable
from functools import partial
from typing import Any

LENGTH = struct.Struct(">I")
KIND = b"J"
# Commas and brackets, each of which may stand for an object of a hundred bytes and more. Long texts and arrays
# cross as base64, which has none.
MOST_PARTS = 4_000_000
_CHUNK = 2**20
# Kept here, for a student's code may put others in their place.
_write = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class Nonsense(Exception):
    """What came is not a frame, or not one that is allowed. After this, the socket cannot be used any more."""


class Gone(Exception):
    """The other end has closed the socket, or died."""


class TooLong(ValueError):
    """What is to be sent does not fit a frame. Nothing was sent."""


def pack(message: Any, most: int | None = None) -> bytes:
    """``message`` as one frame of at most ``most`` bytes.

    Raises
    ------
    TooLong
        If it is longer, or has more than :data:`MOST_PARTS` parts.
    ValueError, TypeError, RecursionError, UnicodeEncodeError
        If it is not plain JSON: nan and infinity, and texts that cannot be written in UTF-8, are not.
    """
    body = _write(message).encode()
    length = len(body) + len(KIND)
    if length > (2**32 - 1 if most is None else most) or _parts(body) > MOST_PARTS:
        raise TooLong(f"a message of {length} bytes")
    return LENGTH.pack(length) + KIND + body


def send(sock: socket.socket, message: Any, *, most: int | None = None, until: float | None = None) -> None:
    """Send ``message``, waiting at most until ``until`` (of ``time.monotonic``) for the other end to read.

    Raises
    ------
    TimeoutError, Gone
        If the other end does not read, or is not there. A part may have been sent: the socket is of no use any more.
    TooLong, ValueError, TypeError
        As :func:`pack`.
    """
    send_bytes(sock, pack(message, most), until=until)


def send_bytes(sock: socket.socket, data: bytes, *, until: float | None = None) -> None:
    """Send ``data`` as they are, after a message that says how many there are. Raises as :func:`send`."""
    left = memoryview(data)
    try:
        while left:
            _wait(sock, until)
            left = left[sock.send(left[:_CHUNK]) :]
    except TimeoutError:
        raise
    except OSError:
        raise Gone from None


class Reader:
    """Reads frames of at most ``most`` bytes from ``sock``.

    A read that ran out of time may be taken up again: nothing is lost.
    """

    def __init__(self, sock: socket.socket, most: int):
        self.sock = sock
        self.most = most
        self._got = bytearray()

    def read(self, until: float | None = None) -> Any:
        """The next message, waiting for it at most until ``until`` (of ``time.monotonic``).

        Raises
        ------
        TimeoutError
            If it has not come in full by then.
        Gone
            If the other end is not there any more.
        Nonsense
            If what comes is no frame, too long, or not JSON.
        """
        self._fill(LENGTH.size, until)
        (length,) = LENGTH.unpack_from(self._got)
        if not len(KIND) < length <= self.most:
            raise Nonsense(f"a frame of {length} bytes")
        self._fill(LENGTH.size + length, until)
        frame, self._got = self._got[LENGTH.size : LENGTH.size + length], self._got[LENGTH.size + length :]
        if not frame.startswith(KIND):
            raise Nonsense("a frame of an unknown kind")
        return unpack(bytes(frame[len(KIND) :]))

    def read_bytes(self, length: int, until: float | None = None) -> bytearray:
        """So many bytes as they are, which a message has announced. Raises as :meth:`read`, but for ``Nonsense``."""
        data = bytearray(length)
        there = min(length, len(self._got))
        data[:there], self._got = self._got[:there], self._got[there:]
        left = memoryview(data)[there:]
        try:
            while left:
                left = left[self._some(partial(self.sock.recv_into, left), until) :]
        except TimeoutError:
            self._got = data[: length - len(left)] + self._got
            raise
        return data

    def _fill(self, length: int, until: float | None) -> None:
        while (missing := length - len(self._got)) > 0:
            self._got += self._some(partial(self.sock.recv, min(missing, _CHUNK)), until)

    def _some(self, get: Callable[[], Any], until: float | None) -> Any:
        """What ``get`` reads, which is something."""
        try:
            _wait(self.sock, until)
            part = get()
        except TimeoutError:
            raise
        except OSError:
            raise Gone from None
        if not part:
            raise Gone
        return part


def receive(sock: socket.socket, most: int, until: float | None = None) -> Any:
    """One message; as :meth:`Reader.read`, for those who do not mean to go on after a timeout."""
    return Reader(sock, most).read(until)


def unpack(body: bytes) -> Any:
    """The message in ``body``, which anybody may have written.

    Raises
    ------
    Nonsense
        If it is not plain JSON, too deep, in too many parts, or holds a text that UTF-8 cannot write.
    """
    if _parts(body) > MOST_PARTS:
        raise Nonsense("a message in too many parts")
    try:
        message = _read(body.decode())
        if _SURROGATE.search(body):
            _write(message).encode()
    except (ValueError, RecursionError) as problem:
        raise Nonsense(f"not JSON: {type(problem).__name__}") from None
    return message


def _parts(body: bytes) -> int:
    return sum(map(body.count, (b",", b"[", b"{")))


def _refuse(constant: str):
    raise ValueError(constant)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _wait(sock: socket.socket, until: float | None) -> None:
    """Let the next operation on ``sock`` last until ``until`` at most."""
    if until is None:
        sock.settimeout(None)
        return
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    sock.settimeout(left)


_read = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite).decode
