"""How far people and the instrument agree. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from inspect_ai.scorer import MetricProtocol, SampleScore, Score, krippendorff_alpha

from shutdown_eval.review.labels import Kind


@dataclass(frozen=True)
class Pair:
    """One thing that was labelled, and what the instrument says of it."""

    kind: Kind
    instrument: str | None
    """Its own word, before any edit by a person, or None if it has none."""
    person: str
    drawn: bool = False
    """Whether the episode was drawn at random."""


@dataclass(frozen=True)
class Agreement:
    """Agreement on one kind of label."""

    kind: Kind
    drawn: bool
    """Whether only episodes count that were drawn at random. The others are there because something disagrees."""
    reviewed: int
    compared: int
    """Those of which the instrument says something."""
    agreed: int
    alpha: float
    """Krippendorff's, nominal. NaN if nothing was compared, and 1 by convention where there is but one value."""


def agreement(pairs: Sequence[Pair]) -> list[Agreement]:
    """Agreement by kind of label: for all that were reviewed, and for those that were drawn at random."""
    found = []
    for kind in Kind:
        for drawn in (False, True):
            of_it = [pair for pair in pairs if pair.kind is kind and (pair.drawn or not drawn)]
            if of_it:
                found.append(_agreement(kind, drawn, of_it))
    return found


def confusion(pairs: Sequence[Pair]) -> dict[str, Counter[str]]:
    """Outcomes by the instrument, each with the labels that people gave it."""
    matrix: dict[str, Counter[str]] = {}
    for pair in pairs:
        if pair.kind is Kind.OUTCOME:
            matrix.setdefault(pair.instrument or "error", Counter())[pair.person] += 1
    return matrix


def _agreement(kind: Kind, drawn: bool, pairs: Sequence[Pair]) -> Agreement:
    both = [(pair.instrument, pair.person) for pair in pairs if pair.instrument is not None]
    ratings = [SampleScore(score=Score(value=list(pair))) for pair in both]
    alpha = cast(float, cast(MetricProtocol, krippendorff_alpha())(ratings))
    return Agreement(kind, drawn, len(pairs), len(both), sum(one == other for one, other in both), alpha)
