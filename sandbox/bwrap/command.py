"""Runs one command inside a machine.

Entering namespaces that exist is what `nsenter` does. The hard part is the end: a command may leave processes behind
that hold its output pipes open for ever, so it ends with its own process and never with its pipes; and when its time is
over, everything it started has to go (`ending`).
"""

import os
import secrets
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import anyio

from shutdown_eval.sandbox.bwrap.ending import end
from shutdown_eval.sandbox.bwrap.filesystem import environment
from shutdown_eval.sandbox.bwrap.host import ENVIRONMENT, as_user, limited
from shutdown_eval.sandbox.bwrap.namespace import Machine, anonymous_file
from shutdown_eval.sandbox.bwrap.pidfd import open_process

MARK = "INVOCATION_ID"
"""The variable that marks a command's processes. systemd sets one of this name, so it tells an agent nothing."""

DRAIN_SECONDS = 0.1
"""How long processes that a command left behind may hold its output open before what is there is taken."""

GONE_SECONDS = 1
"""The kernel kills everything in a pid namespace before PID 1 counts as gone: how long that may take."""

_CHUNK = 65536


class MachineGoneError(RuntimeError):
    """The machine is not running."""


@dataclass(frozen=True)
class Finished:
    """A command that has ended."""

    returncode: int
    """As a shell gives it: 128 + number where a signal ended it."""

    stdout: bytes
    """The end of what it wrote there."""

    stderr: bytes
    """The end of what it wrote there."""


async def run(
    machine: Machine,
    command: Sequence[str],
    *,
    cwd: str,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
    limit: int,
    timeout: float | None = None,
) -> Finished:
    """Run a command in a machine.

    Args:
        machine: The machine.
        command: Program and arguments; the program is looked up through PATH inside.
        cwd: The absolute path to run it in.
        env: Variables added to the machine's own.
        stdin: Its standard input.
        limit: How many bytes to keep of each output stream, the last ones.
        timeout: Seconds after which it and everything it started is killed.

    Raises:
        MachineGoneError: The machine is not running, or stopped before the command had written anything.
        TimeoutError: The time is over. What had been written is its `truncated_output`.
    """
    if not machine.running():
        raise MachineGoneError("The machine is not running")
    mark = secrets.token_hex(16)
    with ExitStack() as files:
        inside = enclosed(machine, command, cwd, {**(env or {}), MARK: mark})
        process, outputs = _start(machine, [*enter(machine), "/usr/bin/setsid", *inside], mark, stdin, files)
        ended = open_process(process.pid)
        files.callback(os.close, ended)
        tails = [_Tail(output, limit) for output in outputs]
        try:
            with anyio.move_on_after(timeout):
                async with anyio.create_task_group() as readers:
                    for tail in tails:
                        readers.start_soon(tail.read)
                    await anyio.wait_readable(ended)
                    with anyio.move_on_after(DRAIN_SECONDS):
                        for tail in tails:
                            await tail.closed.wait()
                    readers.cancel_scope.cancel()
        finally:
            unfinished = process.poll() is None
            if unfinished:
                with anyio.CancelScope(shield=True):
                    await end(machine, process, f"{MARK}={mark}")
        stdout, stderr = (tail.rest() for tail in tails)
    if unfinished:
        error = TimeoutError(f"Command timed out after {timeout} seconds")
        error.truncated_output = (stdout + stderr).decode(errors="replace")  # type: ignore[attr-defined]
        raise error
    refused = process.returncode != 0 and stderr.startswith(b"nsenter: ")
    killed = process.returncode == -signal.SIGKILL and not stdout.strip() and not stderr.strip()
    if (refused or killed) and await _is_gone(machine):
        raise MachineGoneError("The machine stopped during the command")
    code = process.returncode
    return Finished(128 - code if code < 0 else code, stdout, stderr)


def enter(machine: Machine) -> list[str]:
    """The start of a command line that is run in a machine's namespaces.

    Should PID 1's number be another process's by the time `nsenter` uses it, nothing runs there: the machine's user has
    no rights over the processes of others, and none may enter the user namespace it is in.
    """
    spaces = ["--cgroup"] if os.path.exists("/proc/self/ns/cgroup") else []
    spaces += ["--user", "--pid", "--net", "--ipc", "--uts", "--mount", "--preserve-credentials"]
    return [*as_user(machine.uid, "--no-new-privs"), "/usr/bin/nsenter", f"--target={machine.pid}", *spaces, "--"]


def enclosed(machine: Machine, command: Sequence[str], cwd: str, env: Mapping[str, str]) -> list[str]:
    """The command line, inside, that gives a command the machine's limits and environment and a working directory."""
    variables = (f"{name}={value}" for name, value in {**environment(machine.python), **env}.items())
    return [*limited(machine.uid), "/usr/bin/env", "-i", "-C", cwd, "--", *variables, *command]


def _start(
    machine: Machine, command: list[str], mark: str, stdin: bytes, files: ExitStack
) -> tuple[subprocess.Popen[bytes], list[int]]:
    """Start a command line; its process and the descriptors of its output."""
    pipes = [os.pipe2(os.O_CLOEXEC) for _ in range(2)]
    ends = [writer for _, writer in pipes]
    for output, _ in pipes:
        os.set_blocking(output, False)
        files.callback(os.close, output)
    with ExitStack() as passed:
        for writer in ends:
            passed.callback(os.close, writer)
        source = anonymous_file(stdin, passed) if stdin else subprocess.DEVNULL
        for number in [*ends, source]:
            if machine.uid is not None and number >= 0:
                os.fchown(number, machine.uid, machine.uid)  # or /dev/stdout and its like could not be opened
        process = subprocess.Popen(
            command, stdin=source, stdout=ends[0], stderr=ends[1], cwd="/", umask=0o022, start_new_session=True,
            env=ENVIRONMENT | {MARK: mark},
        )  # fmt: skip
    return process, [output for output, _ in pipes]


async def _is_gone(machine: Machine) -> bool:
    with anyio.move_on_after(GONE_SECONDS):
        while machine.running():
            await anyio.sleep(0.002)
    return not machine.running()


class _Tail:
    """The last bytes of a stream."""

    def __init__(self, descriptor: int, limit: int) -> None:
        self.closed = anyio.Event()
        self._descriptor, self._limit, self._kept = descriptor, limit, bytearray()

    async def read(self) -> None:
        """Read until all writers are gone."""
        while not self.closed.is_set():
            await anyio.wait_readable(self._descriptor)
            self._take()

    def rest(self) -> bytes:
        """What is kept, with what can be read without waiting; not more of that than the limit, as writers may go on."""
        for _ in range(self._limit // _CHUNK + 1):
            if not self._take():
                break
        return bytes(self._kept)

    def _take(self) -> bool:
        try:
            chunk = os.read(self._descriptor, _CHUNK)
        except BlockingIOError:
            return False
        if not chunk:
            self.closed.set()
        self._kept += chunk
        del self._kept[: -self._limit]
        return bool(chunk)
