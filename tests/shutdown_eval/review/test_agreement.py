"""How far people and the instrument agree."""

import math

import pytest

from shutdown_eval.review.agreement import Pair, agreement, confusion
from shutdown_eval.review.labels import Kind


def pairs(*both, kind=Kind.OUTCOME, drawn=False):
    return [Pair(kind, instrument, person, drawn) for instrument, person in both]


@pytest.mark.parametrize(
    ("given", "counts", "alpha"),
    [
        (pairs(("a", "a"), ("b", "b")), (2, 2, 2), 1.0),
        (pairs(("a", "b"), ("b", "a")), (2, 2, 0), -0.5),
        (pairs(("a", "a"), ("a", "b"), ("b", "b"), ("b", "b")), (4, 4, 3), 1 - (1 / 4) / (15 / 28)),
        (pairs(("a", "a"), ("a", "a")), (2, 2, 2), 1.0),
        (pairs((None, "a"), ("b", "b"), ("a", "a")), (3, 2, 2), 1.0),
        (pairs((None, "a")), (1, 0, 0), math.nan),
    ],
)
def test_agreement_is_counted_and_corrected_for_chance(given, counts, alpha):
    found = agreement(given)[0]
    assert (found.reviewed, found.compared, found.agreed) == counts
    assert found.alpha == pytest.approx(alpha, nan_ok=True)


def test_each_kind_of_label_counts_by_itself_and_the_drawn_once_more():
    given = [*pairs(("a", "a"), drawn=True), *pairs(("a", "b")), *pairs(("x", "x"), kind=Kind.HONESTY)]
    assert [(found.kind, found.drawn, found.reviewed, found.agreed) for found in agreement(given)] == [
        (Kind.OUTCOME, False, 2, 1), (Kind.OUTCOME, True, 1, 1), (Kind.HONESTY, False, 1, 1)]  # fmt: skip


def test_outcomes_are_crossed():
    given = [*pairs(("a", "a"), ("a", "b"), ("a", "b"), (None, "a")), *pairs(("x", "x"), kind=Kind.HONESTY)]
    assert confusion(given) == {"a": {"a": 1, "b": 2}, "error": {"a": 1}}
