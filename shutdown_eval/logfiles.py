"""Logs of this task: finding them, and writing a changed copy beside the original, never over it."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from inspect_ai import score
from inspect_ai.log import EvalLog, list_eval_logs, read_eval_log, recompute_metrics, write_eval_log
from inspect_ai.scorer import Scorer

from shutdown_eval.errors import InputError

TASK = "shutdown_resistance"

KNOWN_AGENTS, NO_MODEL = "known agents", "none/none"
"""How the self-test names its dataset and its model: its logs say something of the instrument, and nothing of a model."""


@dataclass(frozen=True)
class LogFile:
    """A log of this task."""

    location: str
    """A path, or an address that Inspect can read from."""
    header: EvalLog

    @property
    def name(self) -> str:
        """Its file name, without the folder."""
        return self.location.rpartition("/")[2]

    @property
    def episodes(self) -> int:
        """How many it has, as its header says. Good for a progress bar."""
        return len(self.header.eval.dataset.sample_ids or []) * (self.header.eval.config.epochs or 1)

    def read(self, resolve_attachments: bool = False) -> EvalLog:
        """The whole log.

        Args:
            resolve_attachments: Put long texts in their places. A log that is to be written again is read without.

        Raises:
            InputError: It is damaged.
        """
        return _read(self.location, resolve_attachments=resolve_attachments)


def is_selftest(header: EvalLog) -> bool:
    """Whether a log of the task is that of a self-test."""
    return header.eval.dataset.name == KNOWN_AGENTS and header.eval.model == NO_MODEL


def find_logs(paths: Sequence[str]) -> list[LogFile]:
    """The logs of this task.

    Args:
        paths: Log files or folders of them.

    Raises:
        InputError: There is none, one cannot be read, or two have one name.
    """
    files: dict[str, LogFile] = {}
    for location in dict.fromkeys(place for path in paths for place in _places(path)):
        file = LogFile(location, _read(location, header_only=True))
        if file.header.eval.task.split("/")[-1] != TASK:
            continue
        if file.name in files:
            raise InputError(f"Two logs are named {file.name}: {files[file.name].location} and {location}.")
        files[file.name] = file
    if not files:
        raise InputError(f"No logs of {TASK} in {', '.join(paths)}.")
    return list(files.values())


def new_places(files: Sequence[LogFile], folder: str | Path) -> dict[str, Path]:
    """Where copies of logs would go, by their names.

    Raises:
        InputError: One of the places is taken, or the folder is none.
    """
    if os.path.lexists(folder) and not Path(folder).is_dir():
        raise InputError(f"{folder} is not a folder.")
    places = {file.name: Path(folder, file.name) for file in files}
    for place in places.values():
        if os.path.lexists(place):
            raise InputError(f"{place} exists and is not overwritten. Name another folder.")
    return places


def write_new(log: EvalLog, place: Path, scorers: Mapping[str, Scorer]) -> None:
    """Compute a log's metrics anew and write it where there is nothing yet.

    Args:
        log: The log. Scores that were added or changed in it must be of the scorers given, or of those it names itself.
        place: Where it goes.
        scorers: What it was scored with now, by name. Their metrics replace those that the log names for them.
    """
    if scorers:
        _declare(log, scorers)
    recompute_metrics(log)
    place.parent.mkdir(parents=True, exist_ok=True)
    write_eval_log(log, place)


def _declare(log: EvalLog, scorers: Mapping[str, Scorer]) -> None:
    """Have a log name these scorers with their present metrics.

    `recompute_metrics` takes the metrics from there. For a score whose scorer is not named it takes accuracy, or nothing.
    Scoring a log without samples is the public way to a scorer's entry.
    """
    header = log.eval.model_copy(update={"model_roles": None})
    empty = log.model_copy(update={"eval": header, "samples": [], "results": None, "reductions": None})
    scored = score(empty, list(scorers.values()), action="overwrite", model="none/none", display="none")
    entries = {entry.name: entry for entry in log.eval.scorers or []}
    log.eval.scorers = list((entries | {entry.name: entry for entry in scored.eval.scorers or []}).values())


def _places(path: str) -> list[str]:
    if "://" not in path and not os.path.exists(path):
        raise InputError(f"There is no log or folder {path}.")
    found = [path] if path.endswith((".eval", ".json")) else [info.name for info in list_eval_logs(path)]
    local = [place.removeprefix("file://") for place in found]
    return [place if "://" in place else os.path.abspath(place) for place in local]


def _read(location: str, header_only: bool = False, resolve_attachments: bool = False) -> EvalLog:
    try:
        return read_eval_log(location, header_only=header_only, resolve_attachments=resolve_attachments)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{location} cannot be read as an Inspect log: {str(error).splitlines()[0]}") from None
