"""Which sandbox a run uses: what `-T sandbox=` means on this machine."""

import json
import shutil
import subprocess
from pathlib import Path

from shutdown_eval.errors import InputError
from shutdown_eval.sandbox.bwrap.namespace import bwrap_problem

COMPOSE = Path(__file__).resolve().parent / "compose.yaml"

ENGINE, COMPOSE_PLUGIN = (24, 0, 6), (2, 21, 0)
"""The oldest Docker Engine and compose plugin that Inspect works with."""

CHOICES = "auto, docker, bwrap, or another provider with its config file as PROVIDER:FILE"


def choose_sandbox(sandbox: str) -> tuple[str, str | None]:
    """Turn the task's `sandbox` argument into a provider and its config file.

    Args:
        sandbox: `docker`, `bwrap`, `auto` (docker if an engine answers, else bwrap), or `PROVIDER:FILE`.

    Raises:
        InputError: The choice is unknown or cannot work on this machine; says what to do.
    """
    match sandbox:
        case "auto":
            return _auto()
        case "docker":
            if problem := docker_problem():
                raise InputError(f"sandbox=docker cannot be used: {problem} Or use -T sandbox=bwrap.")
            return "docker", str(COMPOSE)
        case "bwrap":
            if problem := bwrap_problem():
                raise InputError(f"sandbox=bwrap cannot be used: {problem}")
            return "bwrap", None
    provider, _, config = str(sandbox).partition(":")
    if not provider or not config:
        raise InputError(f"Unknown sandbox {sandbox!r}. Choose {CHOICES}.")
    if not Path(config).is_file():
        raise InputError(f"sandbox={sandbox}: there is no file {config!r}.")
    _known(provider)
    return provider, str(Path(config).resolve())


def docker_problem() -> str | None:
    """Why Docker cannot be used here, with what to do about it, or None if it can."""
    if shutil.which("docker") is None:
        return "there is no docker command. Install Docker Engine with its compose plugin."
    try:
        engine = _version(["docker", "version", "--format", "json"], "Server", "Version")
    except ValueError as error:
        return (
            f"the Docker Engine does not answer ({error}). Start it, or set DOCKER_HOST or a docker context that runs."
        )
    if engine < ENGINE:
        return f"its engine {_dotted(engine)} is older than {_dotted(ENGINE)}. Update Docker Engine."
    try:
        compose = _version(["docker", "compose", "version", "--format", "json"], "version")
    except ValueError:
        return "its compose plugin is missing. Install docker-compose-plugin."
    if compose < COMPOSE_PLUGIN:
        return f"its compose plugin {_dotted(compose)} is older than {_dotted(COMPOSE_PLUGIN)}. Update it."
    return None


def _auto() -> tuple[str, str | None]:
    docker = docker_problem()
    if docker is None:
        return "docker", str(COMPOSE)
    bwrap = bwrap_problem()
    if bwrap is None:
        return "bwrap", None
    raise InputError(f"No sandbox can be used on this machine. docker: {docker} bwrap: {bwrap}")


def _known(provider: str) -> None:
    # Not exported, but otherwise Inspect answers an unknown provider with a traceback. tests/sandbox/test_choose.py
    # notices when it moves. Imported here, since this module serves commands that need no Inspect.
    from inspect_ai.util._sandbox.registry import registry_find_sandboxenv

    try:
        registry_find_sandboxenv(provider)
    except ValueError as error:
        raise InputError(f"sandbox={provider}: {error} Choose {CHOICES}.") from None


def _version(command: list[str], *keys: str) -> tuple[int, ...]:
    """The version in a command's JSON answer; a ValueError with the command's own words if it has none."""
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ValueError(str(error)) from None
    try:
        value = json.loads(result.stdout)
        for key in keys:
            value = value[key]
        return tuple(int(part) for part in value.lstrip("v").split("+")[0].split("-")[0].split(".")[:3])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ValueError(result.stderr.strip().splitlines()[0] if result.stderr.strip() else "no version") from None


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
