"""Ends everything that a command started in a machine, and nothing else.

A process can leave its session, its process group and its parent, so none of them finds all of a command's. Two things
together do: descent from the command's own process, and a mark in the environment that its children inherit. Both are
looked for from the host, in the machine's pid namespace only. What a command starts with a clean environment *and*
without a living ancestor of its own escapes, as it would from `timeout`; it ends with the machine.
"""

import os
import signal
import subprocess
from contextlib import ExitStack, suppress
from pathlib import Path

import anyio

from shutdown_eval.sandbox.bwrap.namespace import Machine
from shutdown_eval.sandbox.bwrap.pidfd import open_process, send_signal

KILL_SECONDS = 10
"""The kernel kills at once. Only processes stuck in a system call take longer, and those are not waited for."""


async def end(machine: Machine, process: subprocess.Popen[bytes], mark: str) -> None:
    """Kill all that a command started. First stop it, so that nothing new is started meanwhile.

    Args:
        machine: Where it runs.
        process: The host's process that entered the machine to run it.
        mark: The assignment, NAME=VALUE, in the environment of what it started.
    """
    process.send_signal(signal.SIGSTOP)
    with anyio.move_on_after(KILL_SECONDS):
        stopped: set[int] = set()
        while left := _started_by(process.pid, mark.encode(), machine) - stopped:
            _send(left, signal.SIGSTOP, machine)
            stopped |= left
            await anyio.sleep(0)
        # The process itself is to end by its own: a dead child that it did not reap would hold up the machine's own end.
        # It is told to go on until it does, because nsenter stops itself when it sees its child stopped.
        while process.poll() is None:
            left = _started_by(process.pid, mark.encode(), machine)
            _send(left, signal.SIGKILL, machine)
            if not left:
                process.send_signal(signal.SIGCONT)
            await anyio.sleep(0.001)
        while left := _started_by(process.pid, mark.encode(), machine):
            _send(left, signal.SIGKILL, machine)
            await anyio.sleep(0.001)
    if process.poll() is None:
        process.kill()


def _started_by(root: int, mark: bytes, machine: Machine) -> set[int]:
    """The living processes of a machine, PID 1 aside, that descend from `root` or carry the mark."""
    parents: dict[int, int] = {}
    found = {root}
    for pid in (int(name) for name in os.listdir("/proc") if name.isdigit()):
        with suppress(OSError):  # it has just ended, or belongs to someone else
            if pid == machine.pid or not _is_inside(pid, machine):
                continue
            state, parent, *rest = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
            if state in (b"Z", b"X") and int(rest[15]) < 2:  # dead, and no other thread of it is left
                continue
            parents[pid] = int(parent)
            if mark in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
                found.add(pid)
    while children := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= children
    return found - {root}


def _send(pids: set[int], number: signal.Signals, machine: Machine) -> None:
    for pid in pids:
        with suppress(OSError), ExitStack() as files:
            descriptor = open_process(pid)
            files.callback(os.close, descriptor)
            if _is_inside(pid, machine):  # so the number is still that of a process of the machine's
                send_signal(descriptor, number)


def _is_inside(pid: int, machine: Machine) -> bool:
    return os.stat(f"/proc/{pid}/ns/pid").st_ino == machine.namespace
