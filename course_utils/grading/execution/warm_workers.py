"""The workers of this process: one for each thread that runs tests, kept warm from one notebook to the next."""

import atexit
import contextlib
import os
import threading

from course_utils.errors import CourseError
from course_utils.grading.execution.worker import Worker
from course_utils.grading.limits import Limits

_workers: dict[tuple, Worker] = {}
# Workers that are being opened for whoever comes first: what they are for, the worker, and the thread that opens it.
_prepared: list[tuple[tuple, Worker, threading.Thread]] = []
_door = threading.Lock()


def prepare(count: int, sandbox: str, limits: Limits, hidden: tuple[str, ...] = ()) -> None:
    """Begin to open ``count`` workers, and do not wait for them. What goes wrong is told to whoever uses them."""

    workers = [Worker(sandbox, limits, hidden) for _ in range(count)]

    def open_them() -> None:
        with contextlib.suppress(CourseError, OSError):
            workers[0].open(*workers[1:])

    opening = threading.Thread(target=open_them, daemon=True)
    with _door:
        _prepared.extend(((os.getpid(), sandbox, limits, hidden), worker, opening) for worker in workers)
    opening.start()


def worker_for(sandbox: str, limits: Limits, hidden: tuple[str, ...] = ()) -> Worker:
    """This thread's worker: one that was prepared, or one made at the first call. It is closed when Python ends."""
    key = (os.getpid(), threading.get_ident(), sandbox, limits, hidden)
    wanted = (os.getpid(), sandbox, limits, hidden)
    with _door:
        if key in _workers:
            return _workers[key]
        place = next((place for place, (what, _, _) in enumerate(_prepared) if what == wanted), None)
        found = _prepared.pop(place) if place is not None else None
        worker = _workers[key] = found[1] if found else Worker(sandbox, limits, hidden)
    if found:
        found[2].join()
    return worker


def close_worker(sandbox: str, limits: Limits, hidden: tuple[str, ...] = ()) -> None:
    """Close this thread's worker, if it has one."""
    with _door:
        worker = _workers.pop((os.getpid(), threading.get_ident(), sandbox, limits, hidden), None)
    if worker is not None:
        worker.close()


def close_workers() -> None:
    """Close every worker of this process. Whoever waits for one gets an error at once; the next call makes a new one."""
    with _door:
        mine = [key for key in _workers if key[0] == os.getpid()]
        closing = [_workers.pop(key) for key in mine]
        opening = [part for part in _prepared if part[0][0] == os.getpid()]
        _prepared[:] = [part for part in _prepared if part not in opening]
    for worker in closing:
        worker.close()
    for _, worker, _ in opening:
        worker.close()
    for _, worker, thread in opening:
        thread.join(10)
        worker.close()


atexit.register(close_workers)
