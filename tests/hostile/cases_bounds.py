"""H16 to H23: too much of everything. Each stops by itself at a size that an unguarded machine survives."""

from hostile.assignment import RIGHT
from hostile.case import case, payload

ERROR = "error in your code"

# ---- output ------------------------------------------------------------------------------------------------

payload(
    "H16",
    "prints a hundred thousand lines",
    "for line in range(100_000):\n    print('line', line)",
    knows="right",
)
payload("H16b", "prints one line of 50 MB", "print('x' * 50_000_000)", knows="right")
payload(
    "H16c",
    "floods standard error",
    "import sys\nfor i in range(100_000):\n    print('oh no' * 10, file=sys.stderr)",
    knows="right",
)
payload(
    "H16d",
    "shows eight thousand things",
    "from IPython.display import display\nfor i in range(8_000):\n    display(i)",
    knows="right",
)
payload(
    "H16e",
    "ends a cell with a value whose text is 30 MB",
    RIGHT["total"] + "\n'y' * 30_000_000",
    place="instead",
    knows="right",
)
payload(
    "H16f",
    "floods the screen past Python, from the shell",
    "import os\nfor i in range(30):\n    os.write(1, b'z' * 1_000_000)\nos.system('head -c 30000000 /dev/zero | tr \"\\\\0\" w')",
    knows="right",
)
payload(
    "H16g",
    "has an error whose words are 20 MB",
    "raise ValueError('long ' * 4_000_000)",
    knows="right",
    loses=["total"],
    states={"total": ERROR},
)


@case("H16h", "prints a lot in a function that the test calls")
def _(desk):
    desk.answer(
        share_late="def share_late(days):\n    print('days ' * 2_000_000)\n    return (days > 14).mean()"
    )


payload(
    "H17",
    "shows 20 MB of HTML",
    "from IPython.display import HTML, display\ndisplay(HTML('<b>x</b>' * 2_500_000))",
    knows="right",
)


@case("H16i", "prints a megabyte in each of a hundred cells")
def _(desk):
    for number in range(100):
        desk.add(f"print('x' * 1_000_000)  # {number}")


payload(
    "H17b",
    "shows a picture of 30 MB",
    "import os\nfrom IPython.display import Image, display\ndisplay(Image(data=b'\\x89PNG\\r\\n\\x1a\\n' + os.urandom(30_000_000), format='png'))",
    knows="right",
)
payload(
    "H17c",
    "fills the disk",
    """
    chunk = b"x" * 2**20
    for number in range(1024):
        with open(f"filler_{number // 16}", "ab") as file:
            file.write(chunk)
    """,
    knows="right",
    marks={"total": ...},
    states={"total": ERROR},
)
payload(
    "H17d",
    "makes a hundred thousand small files, and folders in folders",
    """
    import os
    try:
        for number in range(100_000):
            open(f"small_{number}", "w").close()
    except OSError:
        pass
    try:
        for depth in range(500):
            os.mkdir("d"); os.chdir("d")
    except OSError:
        pass
    os.chdir("/")
    """,
    knows="right",
)
payload(
    "H17e",
    "fills the shared memory and the temporary folder",
    """
    import tempfile
    for folder in ("/dev/shm", tempfile.gettempdir(), "/tmp", "/var/tmp"):
        try:
            with open(folder + "/filler_@CASE@", "wb") as file:
                for _ in range(600):
                    file.write(bytes(2**20))
        except OSError:
            pass
    """,
    knows="right",
    hostile=True,
)

# ---- time --------------------------------------------------------------------------------------------------

payload(
    "H18",
    "never comes to an end",
    "while True:\n    pass",
    knows="right",
    loses=["total"],
    states={"total": ERROR},
    said={"total": "second"},
)
payload(
    "H18b",
    "sleeps for days",
    "import time\ntime.sleep(10**6)",
    knows="right",
    loses=["total"],
    states={"total": ERROR},
    said={"total": "second"},
)
payload(
    "H18c",
    "waits for something to be typed",
    "name = input('Your name?')",
    knows="right",
    loses=["total"],
    states={"total": ERROR},
)
payload(
    "H18d",
    "computes a number of a billion digits, which nothing can interrupt",
    "x = 10 ** (10**9)",
    knows="right",
    loses=["total"],
    states={"total": ERROR},
    said={"total": "second"},
)
payload(
    "H18e",
    "prints without end",
    "while True:\n    print('and on')",
    knows="right",
    loses=["total"],
    states={"total": ERROR},
)


@case(
    "H18f",
    "has a function that never comes to an end",
    loses=["share_late"],
    states={"share_late": ERROR},
    said={"share_late": "second"},
)
def _(desk):
    desk.answer(share_late="def share_late(days):\n    while True:\n        pass")


@case("H18g", "has a generator without end for an answer", loses=["total"])
def _(desk):
    desk.answer(total="import itertools\ntotal = itertools.count()")


@case("H18h", "awaits something that never happens", loses=["total"], states={"total": ERROR})
def _(desk):
    desk.answer(total="import asyncio\nawait asyncio.Event().wait()\ntotal = 260")


STUBBORN = """
while True:
    try:
        while True:
            pass
    except KeyboardInterrupt:
        print("not me")
"""
payload(
    "H19",
    "does not let itself be interrupted",
    STUBBORN,
    knows="right",
    loses=["total"],
    states={"total": ERROR},
    hostile=True,
)
payload(
    "H19b",
    "ignores every signal that can be ignored, and then loops",
    """
    import signal
    for number in range(1, signal.NSIG):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
    """,
    knows="right",
    loses=["total"],
    states={"total": ERROR},
    hostile=True,
)


@case(
    "H19c",
    "has a function that swallows interrupts, and another answer after it",
    loses=["share_late"],
    states={"share_late": ERROR},
    hostile=True,
)
def _(desk):
    body = "\n".join("    " + line for line in STUBBORN.strip().splitlines())
    desk.answer(share_late=f"def share_late(days):\n{body}")


payload(
    "H20",
    "waits for ever, in a way that lets nothing else of its Python run",
    "import ctypes\nctypes.PyDLL(None).pause()",
    knows="right",
    loses=["total"],
    states={"total": ERROR},
    hostile=True,
)
payload(
    "H20e",
    "stops its own Python by a signal",
    "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
    knows="right",
    marks={"total": ...},
    hostile=True,
)
payload(
    "H20b",
    "closes every open file and connection of its Python",
    "import os\nos.closerange(3, 4096)",
    knows="right",
    loses=["total"],
    states={"total": ERROR},
    hostile=True,
)
payload(
    "H20c",
    "closes its input and its outputs, too",
    "import os\nfor fd in (0, 1, 2):\n    os.close(fd)",
    knows="right",
    hostile=True,
)


@case(
    "H20d",
    "uses nearly all the time of a cell in every cell",
    marks={
        "total": ...,
        "by_branch": ...,
        "longest": ...,
        "share_late": ...,
        "tags": ...,
        "guess": 0,
        "mine": 0,
    },
    states={"mine": ERROR},
    hostile=True,
)
def _(desk):
    for name, answer in RIGHT.items():
        desk.answer(
            **{
                name: f"import time\nend = time.process_time() + @BURN@\nwhile time.process_time() < end:\n    pass\n{answer}"
            }
        )


# ---- sudden ends -------------------------------------------------------------------------------------------

ENDS = {
    "H21": ("ends its Python", "import os\nos._exit(0)", {}),
    "H21b": ("crashes its Python", "import ctypes\nctypes.string_at(0)", {}),
    "H21e": ("aborts", "import os\nos.abort()", {}),
    "H21f": ("leaves with sys.exit", "import sys\nsys.exit(3)", {}),
    "H21g": ("interrupts itself", "raise KeyboardInterrupt", {}),
    "H21h": (
        "calls itself without end",
        "def deeper(n):\n    return deeper(n + 1)\ndeeper(0)",
        {"by_branch": "RecursionError"},
    ),
    "H21i": (
        "calls itself without end, having lifted Python's own limit",
        "import sys\nsys.setrecursionlimit(10**9)\nclass Deep:\n    def __getattr__(self, name):\n        return getattr(self, name + '_')\n"
        "def deeper(x):\n    return [deeper(x)]\nrepr(deeper(0))",
        {},
    ),
    "H21j": (
        "raises an exception that has no words",
        "class Mute(BaseException):\n    def __str__(self):\n        raise self\n    __repr__ = __str__\nraise Mute",
        {},
    ),
}
for _id, (_what, _code, _said) in ENDS.items():
    payload(
        _id,
        _what,
        _code,
        at="by_branch",
        knows="right",
        loses=["by_branch"],
        states={"by_branch": ERROR},
        said=_said,
    )


payload(
    "H21d",
    "kills its own Python",
    "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    at="by_branch",
    knows="right",
    marks={"by_branch": ...},
    hostile=True,
)


@case("H21c", "types quit() at the end of an answer", loses=["by_branch"], states={"by_branch": ERROR})
def _(desk):
    desk.answer(by_branch=RIGHT["by_branch"] + "\nquit()")


@case(
    "H21k",
    "ends its Python in a function that the test calls",
    loses=["share_late"],
    states={"share_late": ERROR},
)
def _(desk):
    desk.answer(share_late="import os\ndef share_late(days):\n    os._exit(0)")


@case(
    "H21l",
    "ends its Python in every answer but the first",
    loses=[n for n in RIGHT if n != "total"],
    hostile=True,
    states=dict.fromkeys([n for n in RIGHT if n != "total"], ERROR),
)
def _(desk):
    desk.answer(**dict.fromkeys([n for n in RIGHT if n != "total"], "import os\nos._exit(1)"))


@case(
    "H21m",
    "leaves with sys.exit in a function that the test calls",
    loses=["share_late"],
    states={"share_late": ERROR},
)
def _(desk):
    desk.answer(share_late="def share_late(days):\n    raise SystemExit(0)")


# ---- memory ------------------------------------------------------------------------------------------------

payload(
    "H22",
    "wants 8 GB at once",
    "x = bytearray(8 * 2**30)",
    knows="right",
    loses=["total"],
    states={"total": ERROR},
    said={"total": "emory"},
)
payload(
    "H22b",
    "wants more and more memory",
    "x = []\nwhile len(x) < 3000:\n    x.append(bytearray(b'1' * 2**20))",
    knows="right",
    marks={"total": ...},
    states={"total": ERROR},
    said={"total": "emory"},
)
payload(
    "H22c",
    "wants memory in a C extension",
    "import numpy as np\nx = np.ones(2**30)",
    knows="right",
    loses=["total"],
    states={"total": ERROR},
    said={"total": "emory"},
)
payload(
    "H22d",
    "wants memory in four processes, and waits for them",
    """
    import mmap, os, time
    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            # One byte of each page: it is much memory in little time, on a slow machine as well.
            x = mmap.mmap(-1, 300 * 2**20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
            x[::4096] = b"1" * (300 * 2**8)
            time.sleep(60)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    """,
    knows="right",
    loses=["total"],
    states={"total": ERROR},
    said={"total": "emory"},
    hostile=True,
)

# ---- processes ---------------------------------------------------------------------------------------------

payload(
    "H23",
    "forks two hundred times, and each child again",
    """
    import os, time
    forks = 0
    try:
        for _ in range(200):
            if os.fork() == 0:
                try:
                    if os.fork() == 0:
                        time.sleep(30)
                except OSError:
                    pass
                time.sleep(30)
                os._exit(0)
            forks += 1
    except OSError as problem:
        print("stopped after", forks, problem)
    if forks >= 200:
        open("@HOME@/two_hundred_forks", "w").close()
    """,
    knows="right",
    hostile=True,
    absent=("two hundred",),
)
payload(
    "H23b",
    "leaves a process behind that has cut all ties",
    """
    import os, time
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for fd in range(3):
                os.close(fd)
            time.sleep(600)
        os._exit(0)
    """,
    hostile=True,
    knows="right",
)
payload(
    "H23c",
    "starts a program in the background",
    "import subprocess\nsubprocess.Popen(['sleep', '601'], start_new_session=True)",
    knows="right",
    hostile=True,
)
payload(
    "H23d",
    "starts a thousand threads that never end",
    """
    import threading, time
    try:
        for _ in range(1000):
            threading.Thread(target=time.sleep, args=(602,)).start()
    except RuntimeError as problem:
        print(problem)
    """,
    knows="right",
    hostile=True,
)
payload(
    "H23e",
    "leaves work for when its Python ends",
    """
    import atexit, threading, time, os, signal
    def late():
        while True:
            try:
                time.sleep(603)
            except BaseException:
                pass
    atexit.register(late)
    threading._register_atexit(late)
    signal.signal(signal.SIGTERM, lambda *_: late())
    threading.Thread(target=late).start()
    """,
    knows="right",
    hostile=True,
)
payload(
    "H23f",
    "starts ten thousand tasks that start tasks",
    """
    import asyncio
    async def bomb(depth):
        if depth:
            asyncio.create_task(bomb(depth - 1))
            asyncio.create_task(bomb(depth - 1))
        await asyncio.sleep(600)
    for _ in range(10):
        asyncio.create_task(bomb(10))
    await asyncio.sleep(0)
    """,
    knows="right",
    hostile=True,
)
