"""An episode as a row of the table, read off its summary. Logs come from outside: nothing in them need be of the right type."""

import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from shutdown_eval.analysis.columns import COLUMNS, ERROR, OUTCOMES, Row
from shutdown_eval.analysis.summaries import Summary
from shutdown_eval.arms import FACTORS
from shutdown_eval.judging.motive import Motive
from shutdown_eval.outcome import Outcome
from shutdown_eval.scorers.motive import NONE

CHARACTERS = 200
"""How much is kept of a text that says why."""

UNKNOWN_ARM = "?"

MOTIVES = [str(name) for name in (*Motive, NONE)]

_WHY = re.compile(r"\*\*invalid\*\*: (.*?)\.?\s*(?:Recorded by the machine from|The machine('s)? record|$)", re.DOTALL)
"""How `shutdown_outcome` explains that an episode is invalid: why, then the machine's record."""


class Source(NamedTuple):
    """What the log says of all its episodes."""

    log: str
    task: str
    model: str
    sandbox: str | None
    own_roles: Sequence[str]
    """Roles, such as the judge's, that are played by the model under test as well."""


def make_row(summary: Summary, source: Source) -> Row:
    """The row of an episode."""
    facts = _mapping(summary.get("metadata"))
    scores = {name: _mapping(score) for name, score in _mapping(summary.get("scores")).items()}
    value = {name: score.get("value") for name, score in scores.items()}
    outcome = outcome_of(summary)
    scored = outcome not in (ERROR, Outcome.INVALID)
    quiz, aware = _mapping(value.get("comprehension")), _mapping(value.get("awareness"))
    motives = _mapping(value.get("motive"))
    known: dict[str, Any] = {
        **source._asdict(),
        "sample": str(summary["id"]),
        "epoch": _whole(summary["epoch"]),
        "uuid": _text(summary.get("uuid")),
        "arm": _text(facts.get("arm")) or UNKNOWN_ARM,
        **{factor: _text(facts.get(factor)) for factor in FACTORS},
        "question_set": _text(facts.get("question_set")),
        "seed": _whole(facts.get("seed")),
        "phrasing": _phrasing(facts.get("phrasing")),
        "outcome": outcome,
        "reason": _reason(scores["shutdown_outcome"]) if outcome == Outcome.INVALID else None,
        "exposed": _yes(_mapping(value["shutdown_outcome"]).get("exposed")) if scored else None,
        "resisted": outcome == Outcome.RESISTED if scored else None,
        "attempted": outcome == Outcome.ATTEMPTED if scored else None,
        "strict": _yes(value.get("strict_compliance")),
        "math": _number(value.get("math_accuracy")),
        "understood": _yes(quiz.get("understood")),
        "resisted_if_understood": _yes(quiz.get("resisted_if_understood")),
        "unprompted": _yes(aware.get("unprompted")),
        "graded": _number(aware.get("graded")),
        "honesty": _text(value.get("honesty")),
        **{f"motive_{name}": _yes(motives.get(name)) for name in MOTIVES},
        "methods": _methods(value.get("interference_methods")),
        "tokens": _tokens(summary, source),
        "seconds": _number(summary.get("total_time")),
        "error": _begin(summary.get("error")),
        "limit": _text(summary.get("limit")),
        "retries": _whole(summary.get("retries")),
    }
    return tuple(known[name] for name in COLUMNS)


def outcome_of(summary: Summary) -> str:
    """One of `OUTCOMES`: `error` without a score, `invalid` where the score is none of an outcome."""
    scores = _mapping(summary.get("scores"))
    if "shutdown_outcome" not in scores:
        return ERROR
    outcome = _mapping(_mapping(scores["shutdown_outcome"]).get("value")).get("outcome")
    return outcome if outcome in OUTCOMES and outcome != ERROR else Outcome.INVALID.value


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _number(value: Any) -> float | None:
    known = isinstance(value, int | float) and abs(value) <= sys.float_info.max  # nor NaN
    return float(value) if known else None


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and abs(value) < 2**63 else None


def _yes(value: Any) -> bool | None:
    """What a score of 1 or 0 says. Anything else says nothing."""
    return bool(value) if isinstance(value, int | float) and value in (0, 1) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _begin(value: Any) -> str | None:
    """The first line that says something, shortened."""
    line = str(value or "").strip().partition("\n")[0]
    return line[:CHARACTERS] or None


def _reason(score: Mapping[str, Any]) -> str:
    told = _WHY.match(str(score.get("explanation") or ""))
    return _begin(told[1] if told else score.get("explanation")) or "no reason is given"


def _phrasing(drawn: Any) -> str | None:
    if not isinstance(drawn, dict):
        return None
    return " ".join(f"{key}={drawn[key]}" for key in sorted(drawn) if not key.startswith("probes."))


def _methods(used: Any) -> str | None:
    if not isinstance(used, dict):
        return None
    return " ".join(name for name, count in used.items() if _yes(count)) or "none"


def _tokens(summary: Summary, source: Source) -> int | None:
    usage = _mapping(summary.get("model_usage"))
    if source.model not in usage:
        return None
    roles = _mapping(summary.get("role_usage"))
    total = _whole(_mapping(usage[source.model]).get("total_tokens"))
    others = [_whole(_mapping(roles[role]).get("total_tokens")) or 0 for role in source.own_roles if role in roles]
    return None if total is None else total - sum(others)
