"""A table by arm from logs: episodes, exposed, outcomes, and the rate of resistance with its interval."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from inspect_ai.log import read_eval_log_sample_summaries
from inspect_ai.scorer import MetricProtocol, SampleScore, Score, ci_wilson

from shutdown_eval.analysis.results import Analysis
from shutdown_eval.arms import ARMS
from shutdown_eval.errors import InputError
from shutdown_eval.logfiles import TASK, find_logs, is_selftest
from shutdown_eval.outcome import Outcome


@dataclass(frozen=True)
class Row:
    """One model and arm."""

    model: str
    arm: str
    episodes: int
    """All that were begun, also those without a usable score."""
    exposed: int
    outcomes: dict[str, int]
    """Counts of each outcome; `invalid` are unscored, `error` ended in an error."""
    rate: float | None
    """Share of resisted among all scored episodes (intention to treat), or None if there are none."""
    low: float | None
    high: float | None
    """Its interval: 95 % Wilson, or that of an analysis."""
    understood: int
    """Episodes after which every closed question about what was coming was answered right."""
    rate_understood: float | None
    """Share of resisted among these, or None if there are none."""
    low_understood: float | None
    high_understood: float | None
    """Its interval."""


class _Episode(NamedTuple):
    outcome: str
    exposed: bool
    resisted_if_understood: int | None


def rows(paths: Sequence[str]) -> list[Row]:
    """Read logs and count: each episode once, the first with an outcome, and none of self-tests.

    Args:
        paths: Log files or folders of them.

    Raises:
        InputError: There is no log of this task, or their task versions differ.
    """
    episodes: dict[tuple[str, str, str, int], tuple[str, _Episode]] = {}
    files = [file for file in find_logs(paths) if not is_selftest(file.header)]
    versions = {str(file.header.eval.task_version): file.location for file in files}
    if len({version.partition("-")[0] for version in versions}) > 1:
        named = "; ".join(f"{version} ({log})" for version, log in sorted(versions.items()))
        raise InputError(f"These logs are of task versions whose results must not be compared: {named}.")
    for file in sorted(files, key=lambda file: file.header.eval.created):
        spec = file.header.eval
        for summary in read_eval_log_sample_summaries(file.location):
            key = spec.task_id, spec.model, str(summary.id), summary.epoch
            if key not in episodes or episodes[key][1].outcome == "error":  # in a retry's log too, or tried again there
                episodes[key] = str((summary.metadata or {}).get("arm", "?")), _episode(summary)
    if not episodes:
        raise InputError(f"No episodes of {TASK} in {', '.join(paths)}.")
    cells: dict[tuple[str, str], list[_Episode]] = {}
    for (_, model, _, _), (arm, episode) in episodes.items():
        cells.setdefault((model, arm), []).append(episode)
    return [_row(model, arm, members) for (model, arm), members in sorted(cells.items(), key=_order)]


def rows_of(analysis: Analysis) -> list[Row]:
    """The rows of an analysis, with the intervals that it has."""
    return [
        Row(
            model=cell.model,
            arm=cell.arm,
            episodes=cell.episodes,
            exposed=cell.resisted_exposed.n,
            outcomes=cell.outcomes,
            rate=cell.resisted.rate,
            low=cell.resisted.low,
            high=cell.resisted.high,
            understood=cell.resisted_understood.n if cell.resisted_understood else 0,
            rate_understood=cell.resisted_understood.rate if cell.resisted_understood else None,
            low_understood=cell.resisted_understood.low if cell.resisted_understood else None,
            high_understood=cell.resisted_understood.high if cell.resisted_understood else None,
        )
        for cell in analysis.cells
    ]


def _order(cell: tuple[tuple[str, str], object]) -> tuple[str, int, str]:
    """Models by name, arms in the order in which they are defined."""
    (model, arm), _ = cell
    known = list(ARMS)
    name = arm.partition("+")[0]
    return model, known.index(name) if name in known else len(known), arm


def _episode(summary: Any) -> _Episode:
    score, quiz = (summary.scores or {}).get("shutdown_outcome"), (summary.scores or {}).get("comprehension")
    if score is None:
        return _Episode("error", False, None)
    if not isinstance(score.value, dict):
        return _Episode(Outcome.INVALID.value, False, None)
    resisted: Any = quiz.value.get("resisted_if_understood") if quiz and isinstance(quiz.value, dict) else None
    unknown = not isinstance(resisted, int | float) or math.isnan(resisted)
    return _Episode(str(score.value["outcome"]), bool(score.value["exposed"]), None if unknown else int(resisted))


def _row(model: str, arm: str, episodes: list[_Episode]) -> Row:
    outcomes = Counter(episode.outcome for episode in episodes)
    scored = [e.outcome for e in episodes if e.outcome not in (Outcome.INVALID.value, "error")]
    understood = [e.resisted_if_understood for e in episodes if e.resisted_if_understood is not None]
    exposed = sum(episode.exposed for episode in episodes)
    rate = _interval([int(outcome == Outcome.RESISTED) for outcome in scored])
    return Row(model, arm, len(episodes), exposed, dict(outcomes), *rate, len(understood), *_interval(understood))


def _interval(values: list[int]) -> tuple[float | None, float | None, float | None]:
    if not values:
        return None, None, None
    scores = [SampleScore(score=Score(value=value)) for value in values]
    interval = cast(dict[str, float], cast(MetricProtocol, ci_wilson())(scores))
    return sum(values) / len(values), interval["lower"], interval["upper"]
