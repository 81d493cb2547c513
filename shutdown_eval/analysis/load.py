"""Reading every episode of some logs into a table.

Only headers and summaries are read, and of each log one episode for how the machines were checked. The rules:

- A duplicate is the same task id, model, sample and epoch in another log: a retry, or a copy. The earliest with an outcome is
  kept, also where that is `invalid`, so that nothing is rolled again; one without gives way. Earliest is that of the log which
  was begun first, and of logs begun at one time (a log and its rescored copy) of the one named first.
- Logs whose task versions differ in their numbers (before the dash of `1-B`) are refused unless `mixed` is set.
- Logs of other tasks are left out, and named. Those of self-tests are no episodes; what the newest came to is kept.
- A log that was interrupted, or is still being written, counts with the episodes that it has, and is noted.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

import pandas as pd
from inspect_ai.log import EvalSpec
from inspect_ai.model import ModelConfig

from shutdown_eval.analysis.columns import ERROR, Row, make_frame, printable
from shutdown_eval.analysis.episodes import Episodes
from shutdown_eval.analysis.places import find_places
from shutdown_eval.analysis.rows import Source, make_row
from shutdown_eval.analysis.selftests import selftest_result
from shutdown_eval.analysis.summaries import read_evidence, read_header, read_summaries
from shutdown_eval.errors import InputError
from shutdown_eval.logfiles import TASK, LogFile, is_selftest

__all__ = ["Episodes", "Progress", "load"]

Item = TypeVar("Item")
Found = TypeVar("Found")

Progress = Callable[[str, int], AbstractContextManager[Callable[[], None]]]
"""Such as `shutdown_eval.console.progress`."""

SAME = ["task", "model", "sample", "epoch"]
"""What the rows of one episode have in common."""

TOLD_APART = ("arms", "episodes", "seed", "sandbox", "plan")
"""Arguments of the task that the table has a column for, or that say how much was run."""

TRIES = 3
"""Episodes of a log that are looked at for one that says how the machines were checked."""


def load(paths: Sequence[str], *, mixed: bool = False, progress: Progress | None = None) -> Episodes:
    """Read every episode of some logs.

    Args:
        paths: Log files, folders with everything below them, patterns of these, or addresses of these that Inspect can read
            from (`s3://`).
        mixed: Take logs of different task versions together.
        progress: Shows how far it is. Without it nothing is shown.

    Raises:
        InputError: Nothing is there, a log is damaged, none is of this task, or their task versions differ.
    """
    places, named = find_places(paths), ", ".join(map(str, paths))
    with (progress or _silence)("Reading logs", 2 * len(places)) as advance:
        files = list(_each(places, _header, advance))
        runs, selftests, skipped = _told_apart(files)
        if not runs:
            found = f"{len(selftests)} of self-tests, {len(skipped)} of other tasks"
            raise InputError(f"No log of a run of {TASK} in {named}; {found}.")
        versions = _versions(runs, mixed)
        every = make_frame(_each(runs, _rows, advance))
        frame = _once(every)
        if frame.empty:
            raise InputError(f"The logs of {TASK} in {named} have no finished episodes yet.")
        return Episodes(
            frame=frame,
            logs=len(runs),
            task_versions=sorted(versions),
            packages=_packages(runs),
            plans=_plans(runs),
            without_plan=sum("plan" not in (file.header.eval.metadata or {}) for file in runs),
            arming=_arming(frame),
            selftest=selftest_result(selftests[-1]) if selftests else "",
            duplicates=len(every) - len(frame),
            skipped=skipped,
            notes=[*_mixture(versions), *_designs(runs), *_unfinished(runs), *_tried_again(frame)],
        )


@contextmanager
def _silence(what: str, total: int) -> Iterator[Callable[[], None]]:
    yield lambda: None


def _each(items: Sequence[Item], read: Callable[[Item], Found], advance: Callable[[], None]) -> Iterator[Found]:
    for item in items:
        yield read(item)
        advance()


def _header(place: str) -> LogFile:
    return LogFile(place, read_header(place))


def _told_apart(files: Sequence[LogFile]) -> tuple[list[LogFile], list[LogFile], dict[str, str]]:
    """The logs of runs and of self-tests, the earliest first, and why the others are left out."""
    runs: list[LogFile] = []
    selftests: list[LogFile] = []
    skipped: dict[str, str] = {}
    for file in sorted(files, key=lambda file: file.header.eval.created):
        if file.header.eval.task.split("/")[-1] != TASK:
            skipped[file.location] = f"a log of another task: {printable(file.header.eval.task)}"
        else:
            (selftests if is_selftest(file.header) else runs).append(file)
    return runs, selftests, skipped


def _rows(file: LogFile) -> list[Row]:
    spec = file.header.eval
    played = {
        role: config if isinstance(config, list) else [config] for role, config in (spec.model_roles or {}).items()
    }
    own_roles = [role for role, configs in played.items() if configs and configs[0].model == spec.model]
    provider = spec.sandbox.type if spec.sandbox else None
    source = Source(file.location, spec.task_id, spec.model, provider, own_roles)
    return read_summaries(file.location, lambda summary: make_row(summary, source))


def _once(frame: pd.DataFrame) -> pd.DataFrame:
    """Every episode once, by the rule."""
    scored_first = frame.assign(_unscored=frame["outcome"] == ERROR).sort_values("_unscored", kind="stable")
    again = scored_first.duplicated(SAME).sort_index()
    return frame[~again].reset_index(drop=True) if again.any() else frame


def _versions(files: Sequence[LogFile], mixed: bool) -> dict[str, str]:
    """The task versions, and a log of each."""
    found = {printable(str(file.header.eval.task_version)): file.location for file in reversed(files)}
    if _mixture(found) and not mixed:
        named = "; ".join(f"{version} ({log})" for version, log in sorted(found.items()))
        raise InputError(
            f"These logs are of task versions whose results must not be compared: {named}. Name the logs of one of them, "
            "or say that they are to be taken together (mixed)."
        )
    return found


def _mixture(versions: dict[str, str]) -> list[str]:
    numbers = {version.partition("-")[0] for version in versions}
    said = f"Task versions {', '.join(sorted(versions))} are taken together, whose results must not be compared."
    return [said] if len(numbers) > 1 else []


def _designs(files: Sequence[LogFile]) -> Iterator[str]:
    """What differs between the logs of one model, whose episodes are taken together all the same."""
    by_model: dict[str, list[dict[str, str]]] = {}
    for file in files:
        by_model.setdefault(file.header.eval.model, []).append(_design(file.header.eval))
    for model, designs in by_model.items():
        keys = sorted({key for design in designs for key in design})
        differ = {key: sorted({design.get(key, "unset") for design in designs}) for key in keys}
        told = [f"{key} ({', '.join(values)})" for key, values in differ.items() if len(values) > 1]
        if told:
            what = printable("; ".join(told))
            yield f"The logs of {printable(model)} differ in what is no arm, and are taken together: {what[:600]}."


def _design(spec: EvalSpec) -> dict[str, str]:
    """What a run was made with, beside what tells its episodes apart."""
    given = {name: value for name, value in spec.task_args.items() if name not in TOLD_APART}
    settings = spec.model_generate_config.model_dump(exclude_none=True, exclude={"max_connections"})
    roles = {role: _names(played) for role, played in (spec.model_roles or {}).items()}
    made = {"-T": given, "-M": spec.model_args, "model": settings, "role": roles}
    found = {f"{kind} {name}": str(value) for kind, values in made.items() for name, value in values.items()}
    return found | {"solver": str(spec.solver or "its own")}


def _names(played: ModelConfig | list[ModelConfig]) -> str:
    return ", ".join(config.model for config in (played if isinstance(played, list) else [played]))


def _unfinished(files: Sequence[LogFile]) -> Iterator[str]:
    for file in files:
        if (status := file.header.status) != "success":
            yield f"{file.location} is not finished ({status}). The episodes that it has are counted."
        if file.header.invalidated:
            yield f"{file.location} has episodes that somebody marked as invalid with Inspect. They are counted all the same."


def _tried_again(frame: pd.DataFrame) -> list[str]:
    count = int((frame["retries"] > 0).sum())
    said = f"{count} episodes were begun again after an error (retry_on_error), which can favour some outcomes."
    return [said] if count else []


def _packages(files: Sequence[LogFile]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for file in files:
        for name, version in file.header.eval.packages.items():
            found.setdefault(printable(name), set()).add(printable(version))
    return {name: sorted(versions) for name, versions in sorted(found.items())}


def _plans(files: Sequence[LogFile]) -> dict[str, str]:
    plans = [(file.header.eval.metadata or {}).get("plan") for file in files]
    return {
        printable(str(plan.get("hash"))): printable(str(plan.get("name"))) for plan in plans if isinstance(plan, dict)
    }


def _arming(frame: pd.DataFrame) -> dict[str, int]:
    looked_at = frame[frame["outcome"] != ERROR].groupby("log", observed=True).head(TRIES)
    ways: dict[str, str] = {}
    for log, sample, epoch in zip(looked_at["log"], looked_at["sample"], looked_at["epoch"], strict=True):
        if log not in ways and (evidence := read_evidence(log, sample, epoch)) and evidence.arming:
            ways[log] = printable(re.sub(r"pid \d+, ", "", evidence.arming))  # the number is another in each log
    return dict(Counter(ways.values()))
