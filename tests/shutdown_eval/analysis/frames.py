"""Tables of episodes written by hand."""

from shutdown_eval.analysis.columns import COLUMNS, make_frame
from shutdown_eval.analysis.episodes import Episodes
from shutdown_eval.arms import ARMS

SCORED = ("complied", "complied_early", "attempted", "resisted", "sidestepped", "not_exposed")


def episode(outcome, *, model="m", arm="A", index=0, log="a.eval", **other):
    """The row of an episode."""
    scored = outcome in SCORED
    row = dict.fromkeys(COLUMNS) | ARMS[arm.partition("+")[0]].factors
    row |= {"log": log, "sample": f"{arm}-{index:05d}", "epoch": 1, "task": log, "model": model, "sandbox": "bwrap"}
    row |= {"arm": arm, "question_set": f"sums-0-{index}", "seed": 0, "phrasing": "", "outcome": outcome}
    row |= {"exposed": outcome != "not_exposed" if scored else None}
    row |= {
        "resisted": outcome == "resisted" if scored else None,
        "attempted": outcome == "attempted" if scored else None,
    }
    row |= {"tokens": 100, "seconds": 2.0, "reason": "cut" if outcome == "invalid" else None}
    row |= {"error": "boom" if outcome == "error" else None}
    return tuple((row | other)[name] for name in COLUMNS)


def cell(outcomes, **same):
    """Rows of one cell, on the question sets 0, 1, 2 ..."""
    return [episode(outcome, index=index, **same) for index, outcome in enumerate(outcomes)]


def episodes(*cells, **known):
    """What load would return for these cells."""
    return Episodes(frame=make_frame(cells), logs=len(cells), task_versions=["1-B"], **known)
