"""What runs inside the sandbox before any student's code does: it loads what notebooks need, and confines itself.

`course_utils.grading.sandbox.launcher` starts it, as ``python -m course_utils.grading.sandbox.fork_server ORDERS``. In the warm form this
process never runs student code: for each submission it forks, and the fork confines itself further. In the other
forms it is used for one submission.
"""

import contextlib
import gc
import importlib
import json
import os
import random
import select
import signal
import socket
import struct
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

import numpy as np

from course_utils.grading.limits import MB, Limits
from course_utils.grading.sandbox import hardening
from course_utils.messages import say

SCRATCH = "/run/student"  # the one place that can be written; not /tmp, for the kit itself may be there
SHARED_MEMORY = 16 * MB
SEED = 20260901
READY = b"ready"

Serve = Callable[[socket.socket], None]


def main(orders: dict) -> None:
    """Do as told.

    ``form`` is "warm", "cold" or "none"; ``serve`` the function ("module:name") that talks to the test runner; ``imports``
    says whether to load what notebooks need; ``limits`` are those of :class:`Limits`. ``fds`` are inherited sockets:
    the one over which orders come (warm), or the conversation and the one over which its state is told.
    """
    limits = Limits(**orders["limits"])
    if orders["form"] != "none":
        hardening.become_nobody()
    module, name = orders["serve"].split(":")
    serve = getattr(importlib.import_module(module), name)
    if orders["imports"]:
        # A fork opens its fonts anew. Where none follows, those that a chart had opened would be closed below.
        load_what_notebooks_need(draw=orders["form"] != "none")
        getattr(importlib.import_module(module), "prepare", lambda: None)()
    sockets = [socket.socket(fileno=number) for number in orders["fds"]]
    if orders["form"] == "warm":
        _accept_loop(*sockets, serve, limits)
    elif orders["form"] == "cold":
        _guard(*sockets, serve, limits)
    else:
        _serve(*sockets, serve, limits, confined=False)


def load_what_notebooks_need(*, draw: bool) -> None:
    """Import it, and draw one chart if wanted, which fills the caches of the drawing packages."""
    import IPython  # noqa: F401
    import matplotlib.pyplot as plt
    import pandas as pd
    import seaborn as sns

    import course_utils.library
    import course_utils.tables  # noqa: F401

    if not draw:
        return
    figure, ax = plt.subplots()
    sns.barplot(pd.DataFrame({"word": ["a", "a", "b"], "number": [1, 2, 3]}), x="word", y="number", ax=ax)
    figure.canvas.draw()
    plt.close("all")


def _accept_loop(control: socket.socket, serve: Serve, limits: Limits) -> None:
    """A confined fork for each pair of sockets that comes in, until nobody is left who could send one."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the guards
    gc.freeze()  # what lives for ever is not touched, so that forks share its memory
    while True:
        word, fds, _, _ = socket.recv_fds(control, 16, 2)
        if not word:
            return
        sock, status = (socket.socket(fileno=number) for number in fds)
        if os.fork() == 0:
            control.close()
            _and_exit(_guard_in_own_namespaces, sock, status, serve, limits)
        sock.close()
        status.close()


def _and_exit(function: Callable, *arguments, **options) -> None:
    """The last that a fork does: it must not come back into the loop of its parent."""
    try:
        function(*arguments, **options)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _guard_in_own_namespaces(
    sock: socket.socket, status: socket.socket, serve: Serve, limits: Limits
) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    hardening.own_namespaces()
    hardening.own_folders({SCRATCH: limits.scratch, "/dev/shm": SHARED_MEMORY})
    _guard(sock, status, serve, limits)


def _guard(sock: socket.socket, status: socket.socket, serve: Serve, limits: Limits) -> None:
    """Fork the student's process, end it once nobody listens to it any more, and tell how it ended."""
    student = os.fork()
    if student == 0:
        _and_exit(_serve, sock, status, serve, limits, confined=True)
    watched = select.poll()
    watched.register(sock, 0)  # that the other side has closed it is told whatever one asks for
    watched.register(os.pidfd_open(student), select.POLLIN)
    watched.poll()
    os.kill(student, signal.SIGKILL)  # its number cannot be another's before waitpid
    _, how = os.waitpid(student, 0)
    with contextlib.suppress(OSError):  # nobody listens any more
        status.send(struct.pack("!i", os.waitstatus_to_exitcode(how)))


def _serve(
    sock: socket.socket, status: socket.socket, serve: Serve, limits: Limits, *, confined: bool
) -> None:
    """Confine this process for good, tell the test runner, and talk until it has enough."""
    notebook = Path.home() / "notebook"
    for folder in (notebook, os.environ["TMPDIR"], os.environ["MPLCONFIGDIR"]):
        Path(folder).mkdir(parents=True, exist_ok=True)
    os.chdir(notebook)
    _same_chance_for_all()
    if confined:
        os.setsid()  # kill(0) reaches the process group, which is no part of any namespace
        hardening.die_with_parent()
        hardening.set_limits(limits)
        hardening.give_up_powers()
    status.send(READY)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    # Nothing else may stay open: not the state, over which a student could tell that all is well.
    os.closerange(3, sock.fileno())
    os.closerange(sock.fileno() + 1, os.sysconf("SC_OPEN_MAX"))
    status.detach()
    serve(sock)


def _same_chance_for_all() -> None:
    """The same random numbers for every submission, also where a notebook gives no seed to NumPy's ``default_rng``."""
    random.seed(SEED)
    np.random.seed(SEED)
    np.random.bit_generator.randbits = random.Random(SEED).getrandbits


def look(sock: socket.socket) -> None:
    """Try what must not work in a sandbox, and what must. Sends a JSON list of what is wrong, empty if nothing is."""
    wrong = []
    with contextlib.suppress(OSError), socket.socket(type=socket.SOCK_DGRAM) as line:
        line.connect(("192.0.2.1", 9))  # finds a way there, and sends nothing
        wrong.append(say("sandbox.network"))
    if os.access(sys.prefix, os.W_OK):
        wrong.append(say("sandbox.python_written"))
    with contextlib.suppress(OSError):
        hardening.own_namespaces()
        wrong.append(say("sandbox.namespaces"))
    try:
        threading.Thread(target=os.getpid).start()
        (Path.home() / "written").write_text("Something.")
    except (OSError, RuntimeError) as problem:
        wrong.append(str(problem))
    sock.sendall(json.dumps(wrong).encode())
    sock.shutdown(socket.SHUT_WR)
    sock.recv(1)  # stays until all has been read


if __name__ == "__main__":
    _and_exit(main, json.loads(sys.argv[1]))
