"""Starts a machine in namespaces of its own with bubblewrap, and says why where that cannot be done.

No engine, no root and no file on the host are needed: PID 1's log is an anonymous file, and the kernel ends a machine
with the run that started it, however that ends.
"""

import fcntl
import functools
import json
import os
import signal
import subprocess
import tempfile
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace

import anyio

from shutdown_eval.sandbox.bwrap.filesystem import UID, Interpreter, environment, mounts, running_interpreter
from shutdown_eval.sandbox.bwrap.host import (
    ENVIRONMENT,
    NamespaceError,
    Staging,
    as_user,
    bwrap,
    bwrap_folder,
    explain,
    limited,
    missing_tools,
    own_uid,
)
from shutdown_eval.sandbox.bwrap.pidfd import has_ended, open_process, send_signal

START_SECONDS = 10
"""A machine is up after some 40 ms, on an overloaded host after some seconds."""

_NAMESPACES = "--unshare-user --unshare-pid --unshare-net --unshare-ipc --unshare-uts --unshare-cgroup-try"
_FLAGS = (
    f"--uid {UID} --gid {UID} --cap-drop ALL --hostname machine --as-pid-1 --new-session --die-with-parent --clearenv"
)


@dataclass(frozen=True)
class Machine:
    """A started machine."""

    bwrap: subprocess.Popen[bytes]
    """The bubblewrap process, parent of PID 1."""

    pid: int
    """PID 1's number on the host. Another process can have it once `running()` is False."""

    pidfd: int
    """PID 1, as a descriptor."""

    namespace: int
    """The inode number of its pid namespace."""

    log: int
    """Descriptor of the file that is PID 1's standard output."""

    uid: int | None
    """The uid on the host, None for the caller's own."""

    python: Interpreter
    """The Python inside."""

    files: ExitStack
    """Closes what the host holds of it."""

    def running(self) -> bool:
        """Whether PID 1 is there."""
        return not has_ended(self.pidfd)

    def record(self) -> bytes:
        """What PID 1 has written so far, also when it is gone."""
        return os.pread(self.log, os.fstat(self.log).st_size, 0)

    async def stop(self) -> None:
        """End the machine and everything in it. To be called once."""
        with anyio.CancelScope(shield=True):
            send_signal(self.pidfd, signal.SIGKILL)
            with anyio.move_on_after(START_SECONDS):
                while self.bwrap.poll() is None:
                    await anyio.sleep(0.001)
        self.files.close()


async def start_machine() -> Machine:
    """Start a machine and wait until it has written the first line of its log.

    The kernel ends it with the thread that calls this, so that must not be a worker's.

    Raises:
        NamespaceError: It does not start; says why.
    """
    with ExitStack() as kept, ExitStack() as files:
        log, errors = anonymous_file(b"", kept), anonymous_file(b"", files)
        fcntl.fcntl(log, fcntl.F_SETFL, os.O_APPEND)
        info, writer = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        files.callback(os.close, info)
        uid, python = own_uid(), running_interpreter()
        with ExitStack() as passed:
            passed.callback(os.close, writer)
            options = ["--info-fd", str(writer)]
            command, descriptors = _command(uid, python, options, [python.command, "-IS", "/init"], passed)
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=errors, env=ENVIRONMENT, cwd="/", umask=0o022,
                pass_fds=[writer, *descriptors],
            )  # fmt: skip
        kept.callback(process.wait)
        kept.callback(process.kill)
        try:
            with anyio.fail_after(START_SECONDS):
                answer = await _answer(info)
                pid = int(answer["child-pid"])
                pidfd = open_process(pid)
                kept.callback(os.close, pidfd)
                kept.callback(send_signal, pidfd, signal.SIGKILL)
                _prefer(pid)
                machine = Machine(process, pid, pidfd, int(answer["pid-namespace"]), log, uid, python, kept)
                while b"\n" not in machine.record():
                    if not machine.running():
                        raise ChildProcessError
                    await anyio.sleep(0.002)
        except (TimeoutError, ChildProcessError, ProcessLookupError):
            said = os.pread(errors, 4096, 0).decode(errors="replace").strip()
            raise NamespaceError(explain(said or f"no sign of life after {START_SECONDS} s")) from None
        return replace(machine, files=kept.pop_all())


def _prefer(pid: int) -> None:
    """Let PID 1 run as soon as it wakes, where root may grant that: then no change of the script is undone unseen.

    Not its children: what the script's run gets is what every command gets.
    """
    with suppress(PermissionError):
        os.sched_setscheduler(pid, os.SCHED_RR | os.SCHED_RESET_ON_FORK, os.sched_param(1))


@functools.cache
def bwrap_problem() -> str | None:
    """Why no machine can be started here, with what to do about it, or None if one can."""
    if missing := missing_tools():
        return f"/usr/bin has no {', '.join(missing)}. Install util-linux, coreutils and bash."
    python = running_interpreter()
    try:
        with ExitStack() as passed:
            command, descriptors = _command(own_uid(), python, [], [python.command, "-IS", "-c", ""], passed)
            result = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, env=ENVIRONMENT, cwd="/", umask=0o022,
                pass_fds=descriptors, timeout=2 * START_SECONDS, check=False,
            )  # fmt: skip
    except NamespaceError as error:
        return str(error)
    except (OSError, subprocess.TimeoutExpired) as error:
        return explain(str(error))
    return explain(result.stderr.decode(errors="replace").strip()) if result.returncode else None


def _command(
    uid: int | None, python: Interpreter, options: list[str], program: list[str], files: ExitStack
) -> tuple[list[str], list[int]]:
    """Bubblewrap's full command line, and the descriptors it reads from, which `files` closes."""
    descriptors: list[int] = []

    def data(content: bytes) -> int:
        descriptors.append(anonymous_file(content, files))
        return descriptors[-1]

    stage = Staging(uid, [bwrap_folder(), *([python.prefix] if python.prefix else [])])
    command = [*as_user(uid), str(stage.place(bwrap())), *_NAMESPACES.split(), *_FLAGS.split(), *options]
    command += mounts(python, stage.place, data)
    for name, value in environment(python).items():
        command += ["--setenv", name, value]
    return stage.wrap([*command, "--", *limited(uid), *program]), descriptors


def anonymous_file(content: bytes, files: ExitStack) -> int:
    """The descriptor of a file without a name, at the start of the given content. `files` closes it.

    Not `os.memfd_create`: see `pidfd` for what a Python can lack.
    """
    file = files.enter_context(tempfile.TemporaryFile(buffering=0))  # noqa: SIM115
    file.write(content)
    file.seek(0)
    return file.fileno()


async def _answer(info: int) -> dict[str, int]:
    """What bubblewrap says of the machine. It comes in pieces."""
    text = b""
    while not text.rstrip().endswith(b"}"):
        await anyio.wait_readable(info)
        chunk = os.read(info, 4096)
        if not chunk:
            raise ChildProcessError
        text += chunk
    return dict(json.loads(text))
