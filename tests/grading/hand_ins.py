"""Hand-ins that no program of a course makes: archives with changed bytes, and folders of everything a disk can hold.

All of it follows from a seed.
"""

import io
import json
import os
import random
import socket
import stat
import subprocess
import zipfile
from pathlib import Path

KINDS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
DEEP = "/".join(["deep"] * 1_200)
WIDE = "/".join(["w" * 100] * 50)
# Of these a path is put together.
PARTS = (
    *(
        "data",
        "DATA",
        "d",
        "a.csv",
        "notes.txt",
        "timestamp.txt",
        "submission_secret.txt",
        "__MACOSX",
        "._x.csv",
    ),
    *(
        ".waiting",
        "1-3",
        "0-1",
        "..",
        ".",
        "",
        "NUL",
        "con.ipynb",
        " ",
        "a\x00b.csv",
        "a\nb.csv",
        "\x1b[2J.csv",
    ),
    *(
        "é.csv",
        "e\u0301.csv",
        "\u202egnp.csv",
        "x" * 250,
        "é" * 120,
        "w.ipynb",
        "a.zip",
        ".old.part",
        "feedback",
    ),
    *("a.csv.was_a_link.txt", "timestamp.was_no_time.txt", "-", "*", "?", "[a]", "~", "$HOME", "C:", "a\\b"),
)


def archive(files, kind=zipfile.ZIP_DEFLATED) -> bytes:
    """The bytes of an archive of (name or ZipInfo, content)."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", kind) as packed:
        for name, content in files:
            packed.writestr(name, content, kind)
    return whole.getvalue()


def with_changed_bytes(data: bytes, rng: random.Random) -> bytes:
    """An archive of which some bytes are others; mostly those that say what is where."""
    changed = bytearray(data)
    marks = [place for mark in (b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06") for place in _places(data, mark)]
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        place = rng.randrange(len(changed)) if rng.random() < 0.4 else rng.choice(marks) + rng.randrange(46)
        place = min(place, len(changed) - 1)
        match rng.randrange(7):
            case 0:
                changed[place] ^= 1 << rng.randrange(8)
            case 1:
                changed[place] = rng.randrange(256)
            case 2:
                changed[place : place + 4] = rng.choice(
                    (b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff", b"\x01\0\0\0")
                )
            case 3:
                changed[place : place + 2] = rng.choice((1, 6, 8, 9, 12, 14, 93, 95, 98, 99)).to_bytes(
                    2, "little"
                )
            case 4:
                del changed[place : place + rng.randrange(1, 40)]
            case 5:
                changed[place:place] = changed[rng.randrange(len(changed)) :][: rng.randrange(1, 60)]
            case _:
                changed[place : place + 8] = rng.randbytes(8)
        if not changed:
            return b""
    return bytes(changed)


def _places(data: bytes, mark: bytes):
    place = data.find(mark)
    while place >= 0:
        yield place
        place = data.find(mark, place + 1)


def an_upload(notebook: str, rng: random.Random) -> bytes:
    """An archive as a student might make it, well or badly; ``notebook`` is the text of a good one."""
    name = rng.choice(("01_week.ipynb", "week/01_week.ipynb", "hw.ipynb", "01_week (1).ipynb"))
    files = [(name, notebook), ("data/a.csv", "1,2\n" * rng.randrange(1, 400)), ("notes.txt", "words")]
    if rng.random() < 0.5:
        files += [_odd_member(rng) for _ in range(rng.choice((1, 1, 2, 5)))]
    rng.shuffle(files)
    data = archive(files, rng.choice(KINDS))
    return with_changed_bytes(data, rng) if rng.random() < 0.8 else data


def _odd_member(rng: random.Random):
    path = rng.choice(("/".join(rng.choices(PARTS, k=rng.choice((1, 1, 2, 3)))), WIDE, DEEP))
    info = zipfile.ZipInfo(path or "-")
    # ZipInfo cuts a name at a NUL, which a student's program need not do.
    info.filename = path or "-"
    info.create_system = 3
    kinds = (
        stat.S_IFREG,
        stat.S_IFREG,
        stat.S_IFREG,
        stat.S_IFLNK,
        stat.S_IFCHR,
        stat.S_IFIFO,
        stat.S_IFSOCK,
    )
    info.external_attr = (rng.choice(kinds) | rng.choice((0, 0o644, 0o777))) << 16
    return info, rng.choice(("", "1,2\n", "/etc/passwd", "{}", "x" * 5_000))


# ---- Folders -----------------------------------------------------------------------------------------------

NAMES = (
    *(
        "timestamp.txt",
        "submission_secret.txt",
        "90_small.ipynb",
        "mine.ipynb",
        "other.ipynb",
        "a.csv",
        "data",
    ),
    *("a.csv.was_a_link.txt", "timestamp.was_no_time.txt", "90_small.ipynb.was_renamed.txt", "__MACOSX"),
    *(
        "90_small.ipynb.was_a_link.txt",
        ".ipynb_checkpoints",
        "a\nb.csv",
        "\x1b[31m.csv",
        "l" * 250,
        "é" * 120,
    ),
    *(os.fsdecode(b"\xff\xfe.csv"), os.fsdecode(b"\xff.ipynb"), "*.csv", "[a].csv", " ", "-rf", "~"),
)
TIMES = (
    "2026-01-02 10:00:00 UTC",
    "0001-01-01",
    "9999-12-31 23:59:59 -2359",
    "soon",
    "",
    "1e999",
    "\x00" * 9,
    "1" * 5_000,
)


def a_folder(folder: Path, notebook: str, outside: Path, rng: random.Random) -> None:
    """Fill a student's folder: often with a good notebook, and always with something besides."""
    folder.mkdir(parents=True)
    if rng.random() < 0.7:
        (folder / rng.choice(("90_small.ipynb", "mine.ipynb"))).write_text(notebook, encoding="utf-8")
    if rng.random() < 0.5:
        (folder / "timestamp.txt").write_text(rng.choice(TIMES), encoding="utf-8")
    places = [folder]
    for _ in range(rng.choice((1, 2, 3, 6))):
        path = rng.choice(places) / rng.choice(NAMES)
        if os.path.lexists(path):
            continue
        make = rng.choice(MAKERS)
        make(path, notebook, outside, rng)
        if os.path.isdir(path) and not os.path.islink(path):
            places.append(path)


def _a_file(path, notebook, outside, rng):
    path.write_bytes(rng.choice((b"", b"1,2\n", b"\xff\xfe\x00", notebook.encode(), rng.randbytes(300))))


def _a_json(path, notebook, outside, rng):
    cells = json.loads(notebook)
    match rng.randrange(5):
        case 0:
            cells["cells"] = rng.choice(
                (None, [], [None], [[]], {}, "x", [{}], [{"metadata": {"nbgrader": []}}])
            )
        case 1:
            cells["metadata"] = rng.choice(
                (None, [], "x", {"kernelspec": []}, {"kernelspec": {"language": [1]}})
            )
        case 2:
            cells["nbformat"] = rng.choice((0, 1, 2, 3, 5, -1, "4", None, 4.0, 10**400))
        case 3:
            for cell in cells["cells"]:
                if rng.random() < 0.3:
                    key = rng.choice(("source", "metadata", "id", "cell_type", "attachments", "outputs"))
                    cell[key] = rng.choice(
                        (None, 1, [1], {"a": 1}, "\ud800", [[]], True, {"nbgrader": {"grade_id": []}})
                    )
        case _:
            cells = rng.choice(
                ([], None, 1, "x", {"cells": 1}, {"nbformat": 4}, {"nbformat": 3, "worksheets": [1]})
            )
    path.write_text(json.dumps(cells), encoding="utf-8")


def _a_tree(path, notebook, outside, rng):
    path.mkdir()
    (path / rng.choice(NAMES)).mkdir()


def _a_link(path, notebook, outside, rng):
    path.symlink_to(
        rng.choice((outside, outside / "secret.csv", path.parent, path, "nowhere", "/dev/zero", "x" * 300))
    )


def _a_fifo(path, notebook, outside, rng):
    os.mkfifo(path)


def _a_socket(path, notebook, outside, rng):
    # A socket's own name may be short only: it is made elsewhere.
    short = outside / f"s{rng.randrange(10**9)}"
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(short))
    short.rename(path)


def a_deep_tree(path: Path, name: str, depth: int) -> None:
    """A tree that may be deeper than a path may be long: each step is taken from the one before."""
    path.mkdir()
    here = os.open(path, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(name, dir_fd=here)
        below = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)


def _a_deep_tree(path, notebook, outside, rng):
    # More than Python can call itself is slow to make, and rare.
    name, depth = rng.choice((*[("d" * 200, 25)] * 5, *[("d", 60)] * 5, ("d", 1_100)))
    a_deep_tree(path, name, depth)


def _a_huge_file(path, notebook, outside, rng):
    with path.open("wb") as file:
        file.truncate(rng.choice((10**9, 10**12)))


MAKERS = (
    *(_a_file, _a_file, _a_json, _a_json, _a_tree, _a_tree, _a_link, _a_link, _a_link),
    *(_a_fifo, _a_socket, _a_deep_tree, _a_huge_file),
)


def remove(folder: Path) -> None:
    """Take a tree away, however deep it is: Python 3.11 cannot."""
    subprocess.run(["rm", "-rf", "--", folder], check=True)
