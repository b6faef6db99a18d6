"""The rooms of this process: one for each thread that examines, kept warm from one notebook to the next."""

import atexit
import os
import threading

from course_utils.grading.limits import Limits
from course_utils.grading.room import Room

_rooms: dict[tuple, Room] = {}
_door = threading.Lock()


def room_for(sandbox: str, limits: Limits) -> Room:
    """This thread's room, made at the first call, and closed when Python ends."""
    key = (os.getpid(), threading.get_ident(), sandbox, limits)
    with _door:
        room = _rooms.get(key)
    if room is None:
        room = Room(sandbox, limits)
        with _door:
            _rooms[key] = room
    return room


def close_room(sandbox: str, limits: Limits) -> None:
    """Close this thread's room, if it has one."""
    with _door:
        room = _rooms.pop((os.getpid(), threading.get_ident(), sandbox, limits), None)
    if room is not None:
        room.close()


def close_rooms() -> None:
    """Close every room of this process. Whoever waits for one gets an error at once; the next call makes a new one."""
    with _door:
        mine = [key for key in _rooms if key[0] == os.getpid()]
        closing = [_rooms.pop(key) for key in mine]
    for room in closing:
        room.close()


atexit.register(close_rooms)
