"""What a student's cells write and show, collected as nbformat outputs, in their order and within a bound."""

import codecs
import contextlib
import fcntl
import io
import json
import os
import select
import sys
import threading
from typing import Any

from course_utils.messages import say

_write = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=str).encode
_read = json.JSONDecoder().decode
MOST_OF_AN_ERROR = 20_000  # characters; an error is kept, whatever the cell has written before it
_EACH = 200  # bytes that an output takes besides what is in it
_PIPE = 2**20


class Outputs:
    """Collects what one cell after the other gives out. Between cells, and after the bound, it drops everything.

    ``take_over`` gives this process's file descriptors 1 and 2 and Python's streams to it.
    """

    def __init__(self):
        self._lock = threading.RLock()
        self._pid = os.getpid()
        self._pipes: dict[int, tuple[str, Any]] = {}
        self._poll = select.poll()
        self._running = False
        self._begin(0)

    def _begin(self, limit: int) -> None:
        self._left = limit
        self._full = False
        self._outputs: list[dict] = []
        self._text: io.StringIO | None = None
        self._shown: dict[str, list[dict]] = {}
        self._clear_next = False
        self.captured_by: list[str] = []  # Output widgets, the innermost last

    def take_over(self) -> None:
        """Let everything that this process and its children write to their standard streams come here."""
        for number, name in ((1, "stdout"), (2, "stderr")):
            reading, writing = os.pipe()
            with contextlib.suppress(OSError):  # where a process may not have so large a pipe
                fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, _PIPE)
            os.dup2(writing, number)
            os.close(writing)
            os.set_blocking(reading, False)
            self._pipes[reading] = name, codecs.getincrementaldecoder("utf-8")("replace")
            self._poll.register(reading, select.POLLIN)
        sys.stdout, sys.stderr = Stream(self, "stdout", 1), Stream(self, "stderr", 2)
        threading.Thread(target=self._watch, name="outputs", daemon=True).start()

    def start(self, limit: int) -> None:
        """From here on, keep what comes, up to ``limit`` bytes."""
        with self._lock:
            self._drain()
            self._begin(limit)
            self._running = True

    def stop(self) -> list[dict]:
        """What has come since :meth:`start`."""
        with self._lock:
            self._drain()
            self._close_stream()
            self._running = False
            outputs = self._outputs
            self._begin(0)
        return outputs

    # ---- what comes

    def write(self, name: str, text: str) -> None:
        with self._lock:
            self._drain()
            self._write(name, text)

    def message(self, kind: str, content: dict) -> None:
        """What the shell would send to a notebook: ``display_data``, ``execute_result``, ``error``, …"""
        if os.getpid() != self._pid:
            return
        with self._lock:
            self._drain()
            if not self._running:
                return
            if kind == "clear_output":
                self._clear(content.get("wait"))
            elif kind == "stream":
                self._write(content["name"], content["text"])
            elif self.captured_by:
                pass
            elif kind == "error":
                self._clear_if_asked()
                self._add({"output_type": "error", **content}, 0)
            elif kind in ("display_data", "update_display_data", "execute_result"):
                self._show(kind, content)

    def _write(self, name: str, text: str) -> None:
        if not self._running or self.captured_by or not text:
            return
        self._clear_if_asked()
        if self._full:
            return
        text = text.encode("utf-8", "replace").decode()
        size = len(text.encode())
        if size > self._left:
            text = text.encode()[: self._left].decode("utf-8", "ignore")
            self._full = True
        self._left -= size
        if text:
            if self._text is None or self._outputs[-1]["name"] != name:
                self._close_stream()
                self._left -= _EACH
                self._outputs.append({"output_type": "stream", "name": name})
                self._text = io.StringIO()
            self._text.write(text)
        if self._full:
            self._say_full()

    def _show(self, kind: str, content: dict) -> None:
        data = {
            key: _plain_json(part)
            for key, part in dict(content.get("data") or {}).items()
            if type(key) is str
        }
        metadata = _plain_json(content.get("metadata") or {})
        name = str((content.get("transient") or {}).get("display_id") or "")
        size = len(_write([data, metadata]).encode()) + _EACH
        if kind == "update_display_data":
            for output in self._shown.get(name, ()):
                if size <= self._left:
                    output["data"], output["metadata"] = data, metadata
                    self._left -= size
            return
        self._clear_if_asked()
        if self._full:
            return
        if size > self._left:
            self._full = True
            self._say_full()
            return
        output = {"output_type": kind, "data": data, "metadata": metadata}
        if kind == "execute_result":
            output["execution_count"] = content.get("execution_count")
        self._add(output, size)
        if name:
            self._shown.setdefault(name, []).append(output)

    def _add(self, output: dict, size: int) -> None:
        self._close_stream()
        self._left -= size
        self._outputs.append(output)

    def _say_full(self) -> None:
        self._close_stream()
        last = self._outputs[-1] if self._outputs else {}
        note = f"\n[{say('sandbox.wrote_too_much')}]\n"
        if last.get("name") == "stderr":
            last["text"] += note
        else:
            self._outputs.append({"output_type": "stream", "name": "stderr", "text": note})

    def _close_stream(self) -> None:
        if self._text is not None:
            self._outputs[-1]["text"] = self._text.getvalue()
            self._text = None

    def _clear(self, wait) -> None:
        if self.captured_by:
            return
        if wait:
            self._clear_next = True
            return
        self._text, self._outputs, self._shown, self._clear_next = None, [], {}, False
        if self._full:
            self._say_full()

    def _clear_if_asked(self) -> None:
        if self._clear_next:
            self._clear(False)

    # ---- file descriptors 1 and 2

    def _drain(self) -> None:
        """Take what waits in the pipes, so that it comes before whatever comes next."""
        if not self._pipes or os.getpid() != self._pid:
            return
        while ready := self._poll.poll(0):
            for number, _ in ready:
                name, decoder = self._pipes[number]
                try:
                    data = os.read(number, _PIPE)
                except BlockingIOError:
                    continue
                if not data:  # nobody can write to it any more
                    self._poll.unregister(number)
                    del self._pipes[number]
                    if not self._pipes:
                        return
                    continue
                self._write(name, decoder.decode(data))

    def _watch(self) -> None:
        poll = select.poll()
        for number in self._pipes:
            poll.register(number, select.POLLIN)
        while self._pipes:
            for number, event in poll.poll():
                if event & ~select.POLLIN and not event & select.POLLIN:
                    poll.unregister(number)
            with self._lock:
                self._drain()


class Stream(io.TextIOBase):
    """Python's standard output or error of a student's process."""

    encoding = "UTF-8"
    errors = "replace"

    def __init__(self, outputs: Outputs, name: str, number: int):
        self._outputs = outputs
        self._number = number
        self._own = os.getpid()
        self._short = name
        self.name = f"<{name}>"

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if os.getpid() == self._own:
            self._outputs.write(self._short, text)
        else:  # in a child: its parent reads the pipe
            data = memoryview(text.encode("utf-8", "replace"))
            while data:
                data = data[os.write(self._number, data) :]
        return len(text)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._number

    def isatty(self) -> bool:
        return False


def _plain_json(value: Any) -> Any:
    """``value`` as something that JSON holds without loss, or else its text."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    try:
        return _read(_write(value).encode("utf-8", "replace").decode())
    except (ValueError, TypeError, RecursionError):
        return repr(value).encode("utf-8", "replace").decode()
