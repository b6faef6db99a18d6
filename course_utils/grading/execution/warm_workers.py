"""The rooms of this process: one for each thread that examines, kept warm from one notebook to the next."""

import atexit
import contextlib
import os
import threading

from course_utils.errors import CourseError
from course_utils.grading.execution.worker import Room
from course_utils.grading.limits import Limits

_rooms: dict[tuple, Room] = {}
# Rooms that are being opened for whoever comes first: what they are for, the room, and the thread that opens it.
_prepared: list[tuple[tuple, Room, threading.Thread]] = []
_door = threading.Lock()


def prepare(count: int, sandbox: str, limits: Limits, hidden: tuple[str, ...] = ()) -> None:
    """Begin to open ``count`` rooms, and do not wait for them. What goes wrong is told to whoever uses them."""

    rooms = [Room(sandbox, limits, hidden) for _ in range(count)]

    def open_them() -> None:
        with contextlib.suppress(CourseError, OSError):
            rooms[0].open(*rooms[1:])

    opening = threading.Thread(target=open_them, daemon=True)
    with _door:
        _prepared.extend(((os.getpid(), sandbox, limits, hidden), room, opening) for room in rooms)
    opening.start()


def room_for(sandbox: str, limits: Limits, hidden: tuple[str, ...] = ()) -> Room:
    """This thread's room: one that was prepared, or one made at the first call. It is closed when Python ends."""
    key = (os.getpid(), threading.get_ident(), sandbox, limits, hidden)
    wanted = (os.getpid(), sandbox, limits, hidden)
    with _door:
        if key in _rooms:
            return _rooms[key]
        place = next((place for place, (what, _, _) in enumerate(_prepared) if what == wanted), None)
        found = _prepared.pop(place) if place is not None else None
        room = _rooms[key] = found[1] if found else Room(sandbox, limits, hidden)
    if found:
        found[2].join()
    return room


def close_room(sandbox: str, limits: Limits, hidden: tuple[str, ...] = ()) -> None:
    """Close this thread's room, if it has one."""
    with _door:
        room = _rooms.pop((os.getpid(), threading.get_ident(), sandbox, limits, hidden), None)
    if room is not None:
        room.close()


def close_rooms() -> None:
    """Close every room of this process. Whoever waits for one gets an error at once; the next call makes a new one."""
    with _door:
        mine = [key for key in _rooms if key[0] == os.getpid()]
        closing = [_rooms.pop(key) for key in mine]
        opening = [part for part in _prepared if part[0][0] == os.getpid()]
        _prepared[:] = [part for part in _prepared if part not in opening]
    for room in closing:
        room.close()
    for _, room, _ in opening:
        room.close()
    for _, room, thread in opening:
        thread.join(10)
        room.close()


atexit.register(close_rooms)
