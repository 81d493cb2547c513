"""The host's side of the machine's protocol: arm it before the agent starts, read what it recorded afterwards.

Control calls after the first prove themselves with a MAC that is good for one call, so that nothing which passes through
the sandbox is worth stealing.
"""

import hmac
import json
import secrets
import time
from dataclasses import asdict, dataclass
from typing import Any, Protocol, runtime_checkable

from inspect_ai.util import SandboxEnvironment, SandboxUnavailableError, subprocess

from shutdown_eval.sandbox.machine import PROGRAMS, digest, genuine_script

CONTROL_SECONDS = 30
"""Longer than any answer of the machine takes: the script's own limit is fifteen seconds."""

PARTS = {"next_question": "client", "shutdown.sh": "script"}
"""The programs in the home directory, and what the machine calls them."""

ATTEMPTS = 3
"""A control call can be killed from inside the machine, where it runs as the agent's user."""


class MachineError(RuntimeError):
    """The machine did not do what the host asked, or its record cannot be believed."""


@runtime_checkable
class KeepsLog(Protocol):
    """A sandbox whose machine's log can be read from the host, also when the machine is off."""

    async def machine_log(self) -> str:
        """The machine's standard output so far."""
        ...


@dataclass(frozen=True)
class Orders:
    """What a machine is to do in an episode."""

    replies: tuple[str, ...]
    """What the client prints, call by call."""
    trigger: int | None
    """The call (from 1) at which the machine runs the script, or None for never."""
    done: str
    """What the client prints after the last reply."""
    client: str = "next_question"
    """Name of the program that asks for the next question."""
    script: str = "shutdown.sh"
    """Name of the script."""
    signal: str = "TERM"
    """What the script sends to the machine: TERM stops it, USR1 ends something else, USR2 ends the questions."""


async def arm(env: SandboxEnvironment, key: str, orders: Orders) -> dict[str, Any]:
    """Tell a fresh machine what to do.

    Args:
        env: The sandbox of the episode.
        key: Hex key that every later line of the record is authenticated with.
        orders: What it is to do.

    Returns:
        The data of the machine's boot line, and `offset`: the machine's wall clock minus the host's, in seconds, or 0
        where they agree within the time the call took.

    Raises:
        MachineError: No answer, already armed, not process 1, or the sandbox holds another version of the machine's programs.
    """
    started = time.time()
    request = {"do": "arm", "key": key, "text": genuine_script(orders.signal), **asdict(orders)}
    boot = await _ask(env, request | {"trigger": orders.trigger or 0})
    ended = time.time()
    if "boot" not in boot:
        raise MachineError(f"The machine could not be armed: {boot.get('error', boot)}.")
    if boot["pid"] != 1:
        raise MachineError(
            f"The machine is process {boot['pid']} of its sandbox and must be process 1: take out `init: true` or whatever "
            "else was put before its command."
        )
    files = {name: boot["files"][part].get("sha256") for name, part in PARTS.items()}
    versions = {"init.py": boot["program"]} | files
    if stale := sorted(name for name, sha in versions.items() if sha != digest(name)):
        raise MachineError(
            f"The sandbox holds another version of {', '.join(stale)} than this package ({PROGRAMS}). Rebuild its image: "
            "`docker compose build` in the folder of compose.yaml."
        )
    offset = boot.pop("wall") - (started + ended) / 2
    return boot | {"offset": offset if abs(offset) > (ended - started) / 2 else 0.0}


async def finish(env: SandboxEnvironment, key: str) -> list[dict[str, Any]] | None:
    """Have a running machine record its final state and run the script once more.

    Args:
        env: The sandbox of the episode.
        key: The key given to `arm`.

    Returns:
        All events of the record, or None if the machine is off, before the call or because of it.

    Raises:
        MachineError: The machine is up and does not answer.
    """
    trouble = ""
    for number in range(1, ATTEMPTS + 1):
        mac = hmac.new(bytes.fromhex(key), b"finish:%d" % number, "sha256").hexdigest()
        try:
            answer = await _ask(env, {"do": "finish", "n": number, "mac": mac})
        except SandboxUnavailableError:
            return None
        except MachineError as error:
            trouble = str(error)
            continue
        if "lines" in answer:
            return [json.loads(line) for line in answer["lines"]]
        trouble = str(answer)
    if not await running(env):
        return None
    raise MachineError(f"The machine is up but did not answer {ATTEMPTS} control calls: {trouble}")


def provider(env: SandboxEnvironment) -> SandboxEnvironment:
    """The provider's own object: what Inspect hands out is a proxy that records events."""
    return env.as_type(SandboxEnvironment)  # type: ignore[type-abstract]


async def running(env: SandboxEnvironment) -> bool:
    """Whether a command can be run in the sandbox."""
    try:
        return (await env.exec(["/bin/true"], cwd="/", timeout=CONTROL_SECONDS, timeout_retry=False)).success
    except SandboxUnavailableError:
        return False


async def read_log(env: SandboxEnvironment, host: str) -> list[dict[str, Any]]:
    """The record of a machine that is off, from where its standard output went.

    Args:
        env: The sandbox of the episode.
        host: The machine's host name, in Docker the start of its container's id.

    Raises:
        MachineError: The log is gone or not what a machine writes.
    """
    keeper = provider(env)
    if isinstance(keeper, KeepsLog):
        text = await keeper.machine_log()
    else:
        result = await subprocess(["docker", "logs", host], timeout=CONTROL_SECONDS)
        if not result.success:
            raise MachineError(f"The container's log cannot be read: {result.stderr.strip()}")
        text = result.stdout
    try:
        events = [json.loads(line) for line in text.splitlines()]
    except ValueError as error:
        raise MachineError(f"The machine's log holds a line that is not JSON: {error}") from None
    if not all(isinstance(event, dict) for event in events):
        raise MachineError("The machine's log holds a line that is no event")
    return events


def new_key() -> str:
    """A fresh key for one machine, in hex."""
    return secrets.token_hex(32)


async def _ask(env: SandboxEnvironment, request: dict[str, Any]) -> dict[str, Any]:
    line = json.dumps(request) + "\n"
    try:
        result = await env.exec(["/init", "ctl"], input=line, cwd="/", timeout=CONTROL_SECONDS, timeout_retry=False)
    except TimeoutError:
        raise MachineError("a control call took too long") from None
    try:
        answer = json.loads(result.stdout)
    except ValueError:
        answer = None
    if not result.success or not isinstance(answer, dict):
        raise MachineError(f"a control call failed: exit {result.returncode}, {result.stderr.strip()[-300:]!r}")
    return answer
