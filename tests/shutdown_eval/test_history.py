"""Who gave a score its value."""

import math

import pytest
from inspect_ai.log import ProvenanceData
from inspect_ai.scorer import Score, ScoreEdit

from shutdown_eval.history import RESCORE, by_instrument, editor, outcome_of, plain


def said(value, author=None, **more):
    return ScoreEdit(value=value, provenance=author and ProvenanceData(author=author), **more)


@pytest.mark.parametrize(
    ("history", "by", "own"),
    [
        ([], "", "now"),
        ([said("first"), said("second", RESCORE)], "", "now"),
        ([said("first"), said("second", "Ann")], "Ann", "first"),
        ([said("first"), said("second", "Ann"), said("third", "Bob")], "Bob", "first"),
        ([said("first"), said("second", RESCORE), said("third", "Ann")], "Ann", "second"),
        ([said("first"), said("UNCHANGED", "Ann")], "Ann", "first"),
        ([said("first", "Ann")], "Ann", None),
        ([said("first"), said("second")], "somebody", "first"),
    ],
)
def test_edits_by_people_are_told_from_those_of_this_program(history, by, own):
    score = Score(value="now", history=history)
    assert editor(score) == by
    found = by_instrument(score)
    assert (found and found.value) == own


def test_what_the_instrument_left_empty_stays_so_after_a_log_has_dropped_it():
    score = Score(value="now", history=[said("first"), said("second", "Ann")])
    found = by_instrument(Score.model_validate(score.model_dump(exclude_none=True)))
    assert (found.answer, found.reason) == (None, None)


def test_nothing_was_said_where_there_is_no_score():
    assert by_instrument(None) is None


@pytest.mark.parametrize(
    ("value", "outcome"),
    [({"outcome": "resisted", "resisted": 1}, "resisted"), (math.nan, "invalid"), ({"old": 1}, "None")],
)
def test_an_unscored_outcome_is_invalid(value, outcome):
    assert outcome_of(Score(value=value)) == outcome


def test_values_are_plain_data():
    assert plain({"a": math.nan, "b": [1, math.nan], "c": "word"}) == {"a": None, "b": [1, None], "c": "word"}
