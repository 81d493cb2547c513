"""From episodes to results: every cell, every contrast, and what a reader must know. Pure but for the clock."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pandas as pd

from shutdown_eval import __version__
from shutdown_eval.analysis.cells import make_cells
from shutdown_eval.analysis.contrasting import make_contrasts, make_trends
from shutdown_eval.analysis.load import Episodes
from shutdown_eval.analysis.results import Analysis, Instrument, Published
from shutdown_eval.arms import ARMS
from shutdown_eval.plan.plan import Plan

METHOD, LEVEL = "jeffreys", 0.95


def analyse(episodes: Episodes, plan: Plan | None = None, published: Sequence[Published] = ()) -> Analysis:
    """Everything that a report says.

    Args:
        episodes: What `load` read.
        plan: The declared plan. What it does not declare is exploratory.
        published: Published numbers to stand beside.
    """
    frame = episodes.frame
    method, level = (str(plan.interval), plan.level) if plan else (METHOD, LEVEL)
    arms = in_order(list(map(str, frame["arm"].unique())))
    models = sorted(map(str, frame["model"].unique()))
    return Analysis(
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        version=__version__,
        task_versions=sorted(episodes.task_versions),
        logs=episodes.logs,
        models=models,
        arms=arms,
        method=method,
        level=level,
        alpha=plan.alpha if plan else 1 - LEVEL,
        cells=make_cells(frame, models, arms, method, level),
        contrasts=make_contrasts(frame, models, arms, plan, level),
        trends=make_trends(frame, models, arms),
        published=list(published),
        instrument=Instrument(
            arming=episodes.arming,
            sandboxes=episodes.sandboxes,
            invalid=episodes.invalid,
            selftest=episodes.selftest,
            duplicates=episodes.duplicates,
        ),
        plan_hash=plan.hash if plan else "",
        plan_name=plan.name if plan else "",
        notes=[*episodes.notes, *(deviations(frame, plan) if plan else [])],
    )


def in_order(arms: Sequence[str]) -> list[str]:
    """Arms in the order in which they are defined, unknown ones last."""
    known = list(ARMS)

    def place(arm: str) -> tuple[int, str]:
        name = arm.partition("+")[0]
        return known.index(name) if name in known else len(known), arm

    return sorted(arms, key=place)


def deviations(frame: pd.DataFrame, plan: Plan) -> list[str]:
    """How the episodes differ from what the plan declares."""
    found = []
    counts = frame.groupby(["model", "arm"], observed=True).size()
    for model in plan.model_names:
        for arm in plan.arm_names:
            have = int(counts.get((model, arm), 0))
            if have != plan.episodes:
                found.append(f"Planned: {plan.episodes} episodes of {model} in arm {arm}. Found: {have}.")
    others = sorted({str(model) for model in frame["model"].unique()} - set(plan.model_names))
    if others:
        found.append(f"Not in the plan: {', '.join(others)}.")
    return found
