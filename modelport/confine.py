"""Confinement of the process that a file is tried in: memory, time, files, network, other programs. Linux.

Two ways keep the network out, and either is enough: an empty network namespace, and a filter of system calls that
refuses sockets. The filter refuses other programs and changes of files as well. Where the system allows neither (a
container may forbid both), the allow-list stands alone.

Numbers: `linux/sched.h`, `linux/prctl.h`, `linux/seccomp.h`, `linux/filter.h`, `linux/audit.h`, `asm/unistd.h`.
"""

import ctypes
import os
import platform
import resource
import struct
from collections.abc import Iterator
from pathlib import Path

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
EPERM = 1

NAMES = (
    *("socket", "socketpair", "io_uring_setup", "execve", "execveat", "ptrace", "kill", "mount", "truncate"),
    *("unlinkat", "renameat", "renameat2", "linkat", "symlinkat", "fchmodat", "unlink", "rmdir", "rename", "link"),
    *("symlink", "chmod"),
)
"""What is refused: the network, other programs, other processes, and changing files."""

MACHINES: dict[str, tuple[int, tuple[int, ...]]] = {
    "x86_64": (
        0xC000003E,
        (41, 53, 425, 59, 322, 101, 62, 165, 76, 263, 264, 316, 265, 266, 268, 87, 84, 82, 86, 88, 90),
    ),
    "aarch64": (0xC00000B7, (198, 199, 425, 221, 281, 117, 129, 40, 45, 35, 38, 276, 37, 36, 53)),
}
"""Machine → its audit number, and the numbers of `NAMES` there; ARM has none for the last six."""

X32 = 0x40000000
"""Bit of a call in x86's 32-bit-pointer form, whose numbers differ."""


def confine(seconds: float, memory: int, writes: int = 0) -> None:
    """Lowers the limits of this process for good; called in a process that does nothing else.

    Args:
        seconds: of processor time.
        memory: bytes it may take besides what it has.
        writes: bytes that a file may grow to; 0 for no writing at all.
    """
    pages = [int(field) for field in Path("/proc/self/statm").read_text(encoding="ascii").split()]
    page = os.sysconf("SC_PAGE_SIZE")
    _lower(resource.RLIMIT_AS, pages[0] * page + memory + SPARE)
    _lower(resource.RLIMIT_DATA, pages[5] * page + memory)
    _lower(resource.RLIMIT_CPU, int(seconds) + 1)
    _lower(resource.RLIMIT_FSIZE, writes)
    _lower(resource.RLIMIT_CORE, 0)
    empty_network()
    refuse_calls()


SPARE = 2 << 30
"""Address space beyond the memory: what threads reserve and never touch."""


def _lower(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def empty_network() -> bool:
    """Moves this process into a network namespace of its own, which has no way out; False where that is forbidden."""
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.unshare(CLONE_NEWNET) == 0 or libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0)


def refuse_calls() -> bool:
    """Makes the kernel refuse the calls of `NAMES` to this process from now on; False where it cannot."""
    if platform.machine() not in MACHINES:
        return False
    program = b"".join(_program(*MACHINES[platform.machine()]))
    held = ctypes.create_string_buffer(program, len(program))
    described = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(held))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, described) == 0)


def _program(machine: int, refused: tuple[int, ...]) -> Iterator[bytes]:
    """The filter: instructions of the classic packet filter (code, jump if true, jump if false, value)."""
    yield _instruction(LOAD, 4)  # which machine's numbers these are
    yield _instruction(EQUAL, machine, then=1)
    yield _instruction(RETURN, KILL)
    yield _instruction(LOAD, 0)  # the number of the call
    for number in refused:
        for form in (number, number | X32):
            yield _instruction(EQUAL, form, otherwise=1)
            yield _instruction(RETURN, REFUSE | EPERM)
    yield _instruction(RETURN, ALLOW)


def _instruction(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("HBBI", code, then, otherwise, value)
