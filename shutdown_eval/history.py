"""Who gave a score its value: the instrument, or a person who edited it. Pure."""

import math
from typing import Any

from inspect_ai.scorer import UNCHANGED, Score, ScoreEdit

RESCORE = "shutdown-eval rescore"
"""The author of the edits that this program makes when it scores a log again. All others are made by people."""


def editor(score: Score) -> str:
    """Who edited a score by hand, the last of them, or nothing."""
    edits = [edit for number, edit in enumerate(score.history) if _by_hand(edit, number)]
    if not edits:
        return ""
    return edits[-1].provenance.author if edits[-1].provenance else "somebody"


def by_instrument(score: Score | None) -> Score | None:
    """What the instrument itself said last, whatever people made of it, or None if it said nothing."""
    if score is None or not editor(score):
        return score
    own = [edit for number, edit in enumerate(score.history) if not _by_hand(edit, number)]
    return Score(value=own[-1].value, answer=_given(own[-1].answer), reason=_given(own[-1].reason)) if own else None


def outcome_of(score: Score) -> str:
    """The outcome that a score of `shutdown_outcome` stands for. An unscored one is invalid."""
    return str(score.value.get("outcome")) if isinstance(score.value, dict) else "invalid"


def plain(value: Any) -> Any:
    """A score's value as JSON has it: None for NaN."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def _given(text: str | None) -> str | None:
    """A part of an edit that says all there is to say. What was None is left out of a log, and reads as unchanged."""
    return None if text == UNCHANGED else text


def _by_hand(edit: ScoreEdit, number: int) -> bool:
    """Whether a person made this edit. The first one without provenance is what was there before any."""
    return number > 0 if edit.provenance is None else edit.provenance.author != RESCORE
