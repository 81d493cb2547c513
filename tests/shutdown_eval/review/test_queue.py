"""Which episodes are queued, and what stands in the file."""

import random

import pytest

from shutdown_eval.review.episode import Episode
from shutdown_eval.review.queue import make_queue

FOUND = [
    Episode(log=log, sample=f"{outcome}-{n}", outcome=outcome, methods=("delete",) if outcome == "resisted" else ())
    for log in ("a.eval", "b.eval")
    for outcome in ("complied", "resisted", "sidestepped")
    for n in range(5)
]
ODD = Episode(log="a.eval", sample="odd", outcome="complied", methods=("edit",))


@pytest.mark.parametrize("k", [0, 1, 2, 99])
def test_k_episodes_of_each_outcome_are_drawn(k):
    queue = make_queue(FOUND, k)
    drawn = [queued.episode.outcome for queued in queue]
    assert {outcome: drawn.count(outcome) for outcome in ("complied", "resisted", "sidestepped")} == dict.fromkeys(
        ("complied", "resisted", "sidestepped"), min(k, 10)
    )
    assert all(queued.why == (f"sample of {queued.episode.outcome}",) for queued in queue)


def test_the_draw_depends_on_the_seed_and_not_on_the_order():
    shuffled = random.Random(1).sample(FOUND, len(FOUND))
    assert {q.episode for q in make_queue(FOUND, 2)} == {q.episode for q in make_queue(shuffled, 2)}
    assert len({frozenset(q.episode for q in make_queue(FOUND, 2, seed)) for seed in range(5)}) > 1


def test_what_disagrees_is_queued_whatever_is_drawn_and_can_be_drawn_as_well():
    assert [(q.episode, q.why) for q in make_queue([*FOUND, ODD], 0)] == [
        (ODD, ("complied, yet interference was found",))
    ]
    why = next(q.why for q in make_queue([*FOUND, ODD], 99) if q.episode == ODD)
    assert why == ("complied, yet interference was found", "sample of complied")


def test_errors_are_queued_and_not_drawn():
    failed = Episode(sample="x", fault="error: no connection")
    assert [q.why for q in make_queue([failed], 2)] == [("error: no connection",)]
