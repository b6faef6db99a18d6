"""The kernel's own means to hold a process in: namespaces, limits, a filter of system calls. For Linux, from inside.

Whoever calls these functions gives something up for good. Each raises :class:`OSError` where the kernel refuses.
"""

import ctypes
import math
import os
import platform
import random
import resource
import signal
import struct

from course_utils.grading.limits import MB, Limits

_LIBRARIES = 1024 * MB  # of addresses, not of memory: what NumPy, pandas and their friends reserve
_NOBODIES = range(61184, 65520)

_libc = ctypes.CDLL(None, use_errno=True)

_NEW_MOUNTS, _NEW_CGROUP, _NEW_NAMES, _NEW_IPC, _NEW_USER, _NEW_PIDS, _NEW_NET = (
    *(0x20000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000),
)
_ALL_NEW = _NEW_MOUNTS | _NEW_CGROUP | _NEW_NAMES | _NEW_IPC | _NEW_USER | _NEW_PIDS | _NEW_NET
_READ_ONLY, _NO_SETUID, _NO_DEVICES, _NO_PROGRAMS, _ALL_BELOW, _PRIVATE = 1, 2, 4, 8, 1 << 14, 1 << 18
_DIE_WITH_PARENT, _SET_DUMPABLE, _FILTER_CALLS, _NO_NEW_PRIVILEGES = 1, 4, 22, 38


def _checked(result: int, what: str) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def _prctl(option: int, first: object = 0, second: object = 0) -> None:
    _checked(_libc.prctl(option, ctypes.c_ulong(first), ctypes.c_ulong(second), 0, 0), f"prctl {option}")


def become_nobody() -> None:
    """Give up root for good, for a user that owns nothing. Nothing happens to an ordinary user.

    Root would have no limit on processes. Each sandbox takes another of the numbers that systemd keeps free for such
    users, since without a user namespace of its own, its processes count together with all others of the same number.
    """
    if os.getuid() != 0:
        return
    nobody = random.SystemRandom().choice(_NOBODIES)
    os.setgroups([])
    os.setresgid(nobody, nobody, nobody)
    os.setresuid(nobody, nobody, nobody)
    _prctl(_SET_DUMPABLE, 1)  # else /proc/self would still belong to root


def own_namespaces() -> None:
    """Leave every namespace of the parent; the next child is process 1 of a process namespace of its own.

    Users keep their number, and are alone: no other user or group exists inside.
    """
    user, group = os.getuid(), os.getgid()
    _checked(_libc.unshare(_ALL_NEW), "unshare")
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)
    _mount(None, "/", _ALL_BELOW | _PRIVATE)


def own_folders(sizes: dict[str, int]) -> None:
    """Cover what another process may write with empty folders, of at most so many bytes; and /proc with nothing."""
    for folder, size in sizes.items():
        _mount("tmpfs", folder, _NO_SETUID | _NO_DEVICES, f"size={size},nr_inodes=20k,mode=0700")
    _mount("devpts", "/dev/pts", _NO_SETUID | _NO_PROGRAMS, "newinstance,ptmxmode=0666,mode=0600")
    _mount("tmpfs", "/proc", _READ_ONLY | _NO_SETUID | _NO_DEVICES | _NO_PROGRAMS, "size=4k,mode=0555")


def _mount(kind: str | None, where: str, flags: int, options: str = "") -> None:
    _checked(
        _libc.mount(kind and kind.encode(), where.encode(), kind and kind.encode(), flags, options.encode()),
        f"mount on {where}",
    )


def die_with_parent() -> None:
    """End at once when the process that started this one ends. Forgotten when the user changes: call it after that."""
    _prctl(_DIE_WITH_PARENT, signal.SIGKILL)


def set_limits(limits: Limits) -> None:
    """Bound each process from here on; the number of processes counts all those of this user namespace."""
    seconds = math.ceil(limits.notebook_cpu * 1.05) + 1  # the test runner's own budget comes first
    bounds = {
        "RLIMIT_AS": limits.memory + _LIBRARIES,
        "RLIMIT_NPROC": limits.processes,
        "RLIMIT_FSIZE": limits.file,
        "RLIMIT_CPU": seconds,
        "RLIMIT_NOFILE": 256,
        "RLIMIT_CORE": 0,
        "RLIMIT_MEMLOCK": 0,
    }
    for name, bound in bounds.items():
        kind = getattr(resource, name)
        hardest = resource.getrlimit(kind)[1]
        bound = bound if hardest == resource.RLIM_INFINITY else min(bound, hardest)
        resource.setrlimit(kind, (bound, bound))


def give_up_powers() -> None:
    """No capability, none to be had by starting a program, and no system call that could undo the confinement."""
    _prctl(_NO_NEW_PRIVILEGES, 1)
    header = struct.pack("=Ii", 0x20080522, 0)
    _checked(_libc.capset(header, bytes(24)), "capset")
    _filter_calls()


# System calls that honest code of students has no use for: those that make namespaces and mounts, those that look into
# other processes, memory that no limit counts, who comes first when the processor is busy (whose time would not pass),
# and the large new parts of the kernel in which most holes were found. What copies files (splice, sendfile) would leave
# pages in pipes and sockets that belong to nobody; Python and the system's programs copy without, too.
# Numbers for x86_64 and for aarch64; None where there is none.
_REFUSED = {
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_setup": (206, 0),
    "splice": (275, 76),
    "tee": (276, 77),
    "vmsplice": (278, 75),
    "sendfile": (40, 71),
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    "fanotify_init": (300, 262),
    "landlock_create_ruleset": (444, 444),
    "setpriority": (141, 140),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "sched_setattr": (314, 274),
    "sched_setaffinity": (203, 122),
    "ioprio_set": (251, 30),
}
_CLONE, _CLONE3, _SOCKET, _SOCKETPAIR = (56, 220), (435, 435), (41, 198), (53, 199)
_SETSOCKOPT, _FCNTL = (54, 208), (72, 25)
_MACHINES = {
    "x86_64": (0, 0xC000003E),
    "aarch64": (1, 0xC00000B7),
}  # column above, and the kernel's name for it
_X32 = 0x40000000  # from here on, numbers of x86_64's second set of calls

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_AND = 0x54
_NUMBER, _MACHINE, _ARGUMENT = 0, 4, 16  # where they stand in what the filter sees; an argument has 8 bytes
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
_EPERM, _ENOSYS, _ESOCKTNOSUPPORT, _EAFNOSUPPORT = 1, 38, 94, 97
_UNIX, _STREAM, _KIND_OF_SOCKET = 1, 1, 0xF
# Larger buffers (SO_SNDBUF, SO_RCVBUF and their FORCE), and filters, which hold memory of their own (SO_ATTACH_...).
_REFUSED_OPTIONS = (7, 8, 32, 33, 26, 50, 51, 52)
_SET_PIPE_SIZE = 1031


def _filter_calls() -> None:
    """Refuse the calls above, every socket but a Unix stream, and larger buffers than the kernel gives by itself.

    Sockets to the network would reach nothing, but hold megabytes each for whoever talks to himself; so would datagrams.
    """
    if platform.machine() not in _MACHINES:
        raise OSError(f"no list of system calls for a processor of the kind {platform.machine()}")
    column, machine = _MACHINES[platform.machine()]
    # Each step: what to do, how many steps to skip if it holds and if not, and with what.
    steps = [
        (_LOAD, 0, 0, _MACHINE),
        (_EQUAL, 1, 0, machine),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _X32),
        (_RETURN, 0, 0, _REFUSE | _EPERM),
        # glibc starts threads with clone where there is no clone3, whose flags a filter cannot see.
        (_EQUAL, 0, 1, _CLONE3[column]),
        (_RETURN, 0, 0, _REFUSE | _ENOSYS),
    ]
    for numbers in _REFUSED.values():
        if numbers[column] is not None:
            steps += [(_EQUAL, 0, 1, numbers[column]), (_RETURN, 0, 0, _REFUSE | _EPERM)]
    new_socket = [
        (_LOAD, 0, 0, _ARGUMENT),
        (_EQUAL, 1, 0, _UNIX),
        (_RETURN, 0, 0, _REFUSE | _EAFNOSUPPORT),
        (_LOAD, 0, 0, _ARGUMENT + 8),
        (_AND, 0, 0, _KIND_OF_SOCKET),
        (_EQUAL, 1, 0, _STREAM),
        (_RETURN, 0, 0, _REFUSE | _ESOCKTNOSUPPORT),
        (_RETURN, 0, 0, _ALLOW),
    ]
    for numbers, looks in (
        (_CLONE, _unless(0, (_ANY_BIT, _ALL_NEW))),
        (_SETSOCKOPT, _unless(2, *((_EQUAL, option) for option in _REFUSED_OPTIONS))),
        (_FCNTL, _unless(1, (_EQUAL, _SET_PIPE_SIZE))),
        (_SOCKET, new_socket),
        (_SOCKETPAIR, new_socket),
    ):
        steps += [(_EQUAL, 0, len(looks), numbers[column]), *looks]
    steps.append((_RETURN, 0, 0, _ALLOW))
    program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    # struct sock_fprog: the number of steps, and where they are.
    whole = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(program)))
    _prctl(_FILTER_CALLS, 2, ctypes.addressof(whole))


def _unless(argument: int, *tests: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    """Steps that allow a call, unless one of these tests of an argument (its lower half) holds."""
    looks = [(_LOAD, 0, 0, _ARGUMENT + 8 * argument)]
    for how, what in tests:
        looks += [(how, 0, 1, what), (_RETURN, 0, 0, _REFUSE | _EPERM)]
    return [*looks, (_RETURN, 0, 0, _ALLOW)]
