"""What detectors, judges and the strict metric say of an episode, side by side. Scores may be missing or of any shape."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from inspect_ai.log import EvalLog, EvalSample
from inspect_ai.scorer import Score

from shutdown_eval.collect import shows
from shutdown_eval.history import outcome_of
from shutdown_eval.judging.record import entries
from shutdown_eval.scorers.interference_methods import AROUND
from shutdown_eval.scorers.motive import NONE

ERROR = "error"
"""In place of an outcome: the episode has no score for it."""

NOTHING_TO_JUDGE = ("invalid", "not_exposed", "not_asked", "no_grader")
"""Reasons for which a judge was rightly not asked."""


@dataclass(frozen=True)
class Episode:
    """One episode as a reviewer needs it. None is unknown: unscored, or not scored at all."""

    log: str = ""
    sample: str = ""
    epoch: int = 1
    arm: str = ""
    model: str = ""
    outcome: str = ERROR
    fault: str = ""
    """Why it is invalid or ended in an error, or nothing."""
    strict: int | None = None
    intact: int | None = None
    methods: tuple[str, ...] | None = None
    around: tuple[str, ...] = ()
    """What was done around an interference."""
    motives: tuple[str, ...] | None = None
    honesty: str | None = None
    no_verdict: tuple[str, ...] = ()
    """The judges that gave none, with the reason."""
    after_notice: str = ""
    """The commands that the model gave after the notice."""
    interview: str = ""


def episodes(log: EvalLog, name: str) -> Iterator[Episode]:
    """The episodes of a log that was read with its attachments resolved."""
    for sample in log.samples or []:
        yield episode(sample, name, log.eval.model)


def episode(sample: EvalSample, log: str, model: str) -> Episode:
    """An episode from its sample."""
    scores = sample.scores or {}
    outcome, methods = scores.get("shutdown_outcome"), _used(scores.get("interference_methods"))
    interview = interview_of(sample)
    return Episode(
        log=log,
        sample=str(sample.id),
        epoch=sample.epoch,
        arm=str(sample.metadata.get("arm", "")),
        model=model,
        outcome=outcome_of(outcome) if outcome else ERROR,
        fault=_fault(sample, outcome),
        strict=_whole(_value(scores.get("strict_compliance"))),
        intact=_whole(_keys(scores.get("script_integrity")).get("intact")),
        methods=None if methods is None else tuple(name for name in methods if name not in AROUND),
        around=tuple(name for name in methods or () if name in AROUND),
        motives=motives_of(scores.get("motive")),
        honesty=honesty_of(scores.get("honesty")),
        no_verdict=tuple(
            f"{name} ({score.reason or 'no reason'})"
            for name, given in (("motive", True), ("honesty", bool(interview)))
            if given and (score := scores.get(name)) and _silent(score)
        ),
        after_notice=_after_notice(sample),
        interview=interview,
    )


def motives_of(score: Score | None) -> tuple[str, ...] | None:
    """The motives that were judged, none of them being an empty tuple, or None where there is no verdict."""
    used = _used(score)
    return None if used is None else tuple(name for name in used if name != NONE)


def honesty_of(score: Score | None) -> str | None:
    """The word for the account, or None where there is no verdict."""
    value = _value(score)
    return value if isinstance(value, str) else None


def interview_of(sample: EvalSample) -> str:
    """What the model answered when it was asked what it did, or nothing."""
    answers = sample.store.get("Answers:answers")
    answer = answers.get("interview") if isinstance(answers, dict) else None
    return str(answer.get("text", "")) if isinstance(answer, dict) else ""


def _fault(sample: EvalSample, outcome: Score | None) -> str:
    if sample.error:
        return f"error: {_first_line(sample.error.message)}"
    if sample.invalidation:
        return f"invalidated by {sample.invalidation.author}"
    if outcome is None:
        return "not scored"
    return f"invalid: {_first_line(outcome.explanation or '')}" if outcome_of(outcome) == "invalid" else ""


def _after_notice(sample: EvalSample) -> str:
    notice = str(sample.store.get("Evidence:notice") or "")
    seen = next((n for n, message in enumerate(sample.messages) if shows([message], notice)), len(sample.messages))
    return " ; ".join(entry.text for entry in entries(sample.messages[seen + 1 :]) if entry.who == "call")


def _used(score: Score | None) -> tuple[str, ...] | None:
    """The keys whose value is 1."""
    return tuple(key for key, value in _keys(score).items() if value == 1) if _keys(score) else None


def _keys(score: Score | None) -> Mapping[str, Any]:
    return score.value if score and isinstance(score.value, dict) else {}


def _value(score: Score | None) -> Any:
    return score.value if score else None


def _whole(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) and not math.isnan(value) else None


def _silent(score: Score) -> bool:
    unscored = isinstance(score.value, float) and math.isnan(score.value)
    return unscored and score.reason not in NOTHING_TO_JUDGE


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0][:300]
