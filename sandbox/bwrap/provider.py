"""The embedded sandbox: an Inspect provider that needs neither an engine nor root, only bubblewrap.

    inspect eval shutdown_eval/shutdown_resistance -T sandbox=bwrap

One machine per sample. It ends with the sample, and with the run however that ends, so there is nothing to clean up
afterwards and nothing to find with `inspect sandbox cleanup`.
"""

import os
import shlex
from pathlib import PurePosixPath
from typing import Literal, overload

# Not exported by Inspect, but the only error whose text its commands print without a traceback.
from inspect_ai._util.error import PrerequisiteError
from inspect_ai.util import (
    ExecResult,
    OutputLimitExceededError,
    SandboxConnection,
    SandboxEnvironment,
    SandboxEnvironmentConfigType,
    SandboxEnvironmentLimits,
    SandboxUnavailableError,
    SandboxUserUnsupportedError,
    sandboxenv,
)
from rich.markup import escape

from shutdown_eval.sandbox.bwrap.command import Finished, MachineGoneError, enclosed, enter, run
from shutdown_eval.sandbox.bwrap.filesystem import HOME, UID, USER
from shutdown_eval.sandbox.bwrap.namespace import Machine, bwrap_problem, start_machine

MACHINES_PER_CPU = 8
"""A machine takes some 15 MB and no processor time while its model thinks, which is nearly always."""

FILE_SECONDS = 600
"""For one file; a file can be a pipe that nobody writes to."""


@sandboxenv(name="bwrap")
class BwrapSandboxEnvironment(SandboxEnvironment):
    """A machine in bubblewrap. Made by `sample_init`.

    Args:
        machine: The started machine.
    """

    @classmethod
    def default_concurrency(cls) -> int | None:
        """The default of `--max-sandboxes`."""
        return MACHINES_PER_CPU * len(os.sched_getaffinity(0))

    @classmethod
    async def task_init(cls, task_name: str, config: SandboxEnvironmentConfigType | None) -> None:
        """Refuse a run that could not start a machine."""
        if config is not None:
            raise PrerequisiteError(escape(f"The bwrap sandbox takes no config, but was given {config!r}."))
        if problem := bwrap_problem():
            raise PrerequisiteError(escape(problem))

    @classmethod
    async def sample_init(
        cls, task_name: str, config: SandboxEnvironmentConfigType | None, metadata: dict[str, str]
    ) -> dict[str, SandboxEnvironment]:
        """Start a machine."""
        if config is not None:
            raise ValueError(f"The bwrap sandbox takes no config, but was given {config!r}.")
        return {"default": cls(await start_machine())}

    @classmethod
    async def sample_cleanup(
        cls,
        task_name: str,
        config: SandboxEnvironmentConfigType | None,
        environments: dict[str, SandboxEnvironment],
        interrupted: bool,
    ) -> None:
        """End the machine, also after an interruption: it takes no time worth waiting with."""
        for env in environments.values():
            await env.as_type(cls)._machine.stop()

    def __init__(self, machine: Machine) -> None:
        super().__init__()
        self._machine = machine

    async def machine_log(self) -> str:
        """What PID 1 wrote to its standard output, at any time until the sample's end, also with the machine off."""
        return self._machine.record().decode(errors="replace")

    async def exec(
        self,
        cmd: list[str],
        input: str | bytes | None = None,
        cwd: str | None = None,
        env: dict[str, str] | None = None,
        user: str | None = None,
        timeout: int | None = None,
        timeout_retry: bool = True,
        concurrency: bool = True,
    ) -> ExecResult[str]:
        """Run a command as the agent. See the base class.

        `timeout_retry` changes nothing: a command that took too long is never run twice, as its first run may have had
        effects. Nor does `concurrency`: the number of machines bounds the number of commands.
        """
        _check_user(user)
        limit = SandboxEnvironmentLimits.MAX_EXEC_OUTPUT_SIZE
        done = await self._run(cmd, input, str(PurePosixPath(HOME, cwd or ".")), env, limit, timeout)
        result = ExecResult(
            success=done.returncode == 0,
            returncode=done.returncode,
            stdout=done.stdout.decode(errors="replace"),
            stderr=done.stderr.decode(errors="replace"),
        )
        if done.returncode == 126 and result.stderr == f"/usr/bin/env: '{cmd[0]}': Permission denied\n":
            raise PermissionError(f"Permission denied executing command: {result}")
        return result

    async def write_file(self, file: str, contents: str | bytes) -> None:
        """Write a file as the agent. See the base class."""
        path = PurePosixPath(HOME, file)
        for command, content in (
            (["/usr/bin/mkdir", "-p", "--", str(path.parent)], b""),
            (["/usr/bin/dd", f"of={path}", "bs=1M", "status=none"], contents),
        ):
            done = await self._run(command, content, "/", None, 4096, FILE_SECONDS)
            if done.returncode != 0:
                raise _file_error(done, file)

    @overload
    async def read_file(self, file: str, text: Literal[True] = True) -> str: ...

    @overload
    async def read_file(self, file: str, text: Literal[False]) -> bytes: ...

    async def read_file(self, file: str, text: bool = True) -> str | bytes:
        """Read a file as the agent. See the base class."""
        limit = SandboxEnvironmentLimits.MAX_READ_FILE_SIZE
        command = ["/usr/bin/head", "-c", str(limit + 1), "--", str(PurePosixPath(HOME, file))]
        done = await self._run(command, None, "/", None, limit + 1, FILE_SECONDS)
        if done.returncode != 0:
            raise _file_error(done, file)
        if len(done.stdout) > limit:
            raise OutputLimitExceededError(SandboxEnvironmentLimits.MAX_READ_FILE_SIZE_STR, None)
        return done.stdout.decode() if text else done.stdout

    async def connection(self, *, user: str | None = None) -> SandboxConnection:
        """A command line that opens a shell in the machine."""
        _check_user(user)
        if not self._machine.running():
            raise ConnectionError("The machine is not running.")
        shell = enclosed(self._machine, ["/bin/bash", "--login"], HOME, {"TERM": os.environ.get("TERM", "dumb")})
        return SandboxConnection(type="bwrap", command=shlex.join([*enter(self._machine), *shell]))

    def default_polling_interval(self) -> float:
        """Seconds between looks at a sandbox service's requests."""
        return 0.2

    async def _run(
        self,
        cmd: list[str],
        input: str | bytes | None,
        cwd: str,
        env: dict[str, str] | None,
        limit: int,
        timeout: int | None,
    ) -> Finished:
        stdin = input.encode() if isinstance(input, str) else input or b""
        try:
            return await run(self._machine, cmd, cwd=cwd, env=env, stdin=stdin, limit=limit, timeout=timeout)
        except MachineGoneError as error:
            raise SandboxUnavailableError(f"The sandbox cannot execute: {error}.") from None


def _check_user(user: str | None) -> None:
    if user not in (None, USER, str(UID)):
        raise SandboxUserUnsupportedError(f"The bwrap sandbox has one user, {USER}, and cannot execute as {user!r}.")


def _file_error(done: Finished, file: str) -> Exception:
    said = done.stderr.decode(errors="replace").strip()
    kinds: dict[str, type[OSError]] = {
        "No such file or directory": FileNotFoundError,
        "Not a directory": FileNotFoundError,
        "Is a directory": IsADirectoryError,
        "Permission denied": PermissionError,
        "Read-only file system": PermissionError,
    }
    for text, kind in kinds.items():
        if said.endswith(text):
            return kind(f"{text}: {file}")
    return OSError(f"{file} cannot be read or written: exit {done.returncode}, {said}")
