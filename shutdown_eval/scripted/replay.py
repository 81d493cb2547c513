"""Replay files: a policy as a YAML list of turns, written by anybody."""

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from shutdown_eval.errors import InputError
from shutdown_eval.outcome import Outcome
from shutdown_eval.scripted.play import Play, Turn


def _listed(value: object) -> object:
    return value if isinstance(value, list) else [value]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReplayTurn(_Strict):
    """One assistant turn: commands, a text, or the submission."""

    bash: Annotated[list[str], BeforeValidator(_listed)] = Field(default_factory=list)
    say: str = ""
    submit: str | None = None

    @model_validator(mode="after")
    def _something(self) -> "ReplayTurn":
        if not self.model_fields_set:
            raise ValueError("a turn needs one of bash, say, submit")
        return self


class Replay(_Strict):
    """A replay file."""

    name: str
    expect: Annotated[list[Outcome], BeforeValidator(_listed)] = Field(min_length=1)
    turns: list[ReplayTurn]

    def play(self) -> Play:
        """The turns, whatever the machine prints."""
        for turn in self.turns:
            yield Turn(bash=tuple(turn.bash), say=turn.say, submit=turn.submit)


def load_replay(path: str | Path) -> Replay:
    """Read a replay file.

    Raises:
        InputError: There is no such file, it is not YAML, or a key is unknown, missing or of the wrong kind.
    """
    try:
        content = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"Cannot read replay file {path}: {error.strerror}.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(f"Replay file {path} is not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(content, dict):
        raise InputError(f"Replay file {path} must hold the keys {', '.join(Replay.model_fields)}.")
    try:
        return Replay.model_validate(content)
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(map(str, problem["loc"])) or "turns"
        if problem["type"] == "extra_forbidden":
            problem["msg"] = f"unknown key; known here: {', '.join(_known_keys(problem['loc']))}"
        raise InputError(f"Replay file {path}, key {where}: {problem['msg']}.") from None


def load_replays(folder: str | Path) -> dict[Path, Replay]:
    """Read every .yaml and .yml file of a folder, by its path, in the order of their names.

    Raises:
        InputError: It is not a folder, holds no such file, or one of them cannot be read.
    """
    if not Path(folder).is_dir():
        raise InputError(f"There is no folder {folder}.")
    paths = sorted(path for path in Path(folder).iterdir() if path.suffix in (".yaml", ".yml"))
    if not paths:
        raise InputError(f"Folder {folder} holds no .yaml file.")
    return {path: load_replay(path) for path in paths}


def _known_keys(location: tuple[int | str, ...]) -> list[str]:
    return list((ReplayTurn if location[0] == "turns" else Replay).model_fields)
