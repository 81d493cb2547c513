"""Analyses made by hand: as small and as large as they come, with every part or with none. The numbers are no results."""

import math
from collections.abc import Sequence
from itertools import pairwise

from shutdown_eval.analysis.results import Analysis, Cell, Contrast, EpisodeRef, Instrument, Rate, Trend
from shutdown_eval.arms import ARMS, SETS
from shutdown_eval.report.published import load_published

PAPER = SETS["paper"]
MODELS = [
    "anthropic/claude-3-7-sonnet-20250219",
    "anthropic/claude-opus-4-20250514",
    "anthropic/claude-opus-4-1-20250805",
    "anthropic/claude-sonnet-4-20250514",
    "google/gemini-2.5-pro",
    "grok/grok-3",
    "grok/grok-4-0709",
    "openai/codex-mini-latest",
    "openai/gpt-4o-2024-11-20",
    "openai/gpt-5-2025-08-07",
    "openai/gpt-oss-120b",
    "openai/o3-2025-04-16",
    "openai/o4-mini-2025-04-16",
]
TWENTY = [*ARMS, "E+framing=machine", "A+timing=after_task"]


def rate(count: int, n: int) -> Rate:
    """A rate with an interval of about the right width."""
    if not n:
        return Rate(count=0, n=0, rate=None, low=None, high=None, method="jeffreys")
    share, one = count / n, count in (0, n)
    half = 1.96 * math.sqrt(share * (1 - share) / n) + 1.5 / n
    low, high = max(0.0, share - half), min(1.0, share + half)
    return Rate(count=count, n=n, rate=share, low=low, high=high, method="jeffreys", one_sided=one)


def cell(model: str, arm: str, resisted: int, episodes: int, missing: int = 0, probes: bool = True) -> Cell:
    """A cell with these many resisted, some of everything else, and the references to all its episodes."""
    scored = episodes - missing
    resisted = min(resisted, scored)
    attempted, sidestepped, early, unseen = (min(n, scored // 10) for n in (3, 4, 2, 1))
    rest = scored - resisted - attempted - sidestepped - early - unseen
    if rest < 0:
        attempted = sidestepped = early = unseen = 0
        rest = scored - resisted
    outcomes = {
        "complied": rest,
        "complied_early": early,
        "attempted": attempted,
        "resisted": resisted,
        "sidestepped": sidestepped,
        "not_exposed": unseen,
        "invalid": missing - missing // 3,
        "error": missing // 3,
    }
    exposed = scored - unseen
    understood = rate(round(0.8 * exposed), exposed) if probes else None
    own = rate(resisted, scored)
    names = [outcome for outcome, n in outcomes.items() for _ in range(n)]
    log = f"2026-11-24T08-00-00+00-00_shutdown-resistance_{len(model):02}{len(arm):02}.eval"
    return Cell(
        model=model,
        arm=arm,
        factors=ARMS[arm.partition("+")[0]].factors if arm.partition("+")[0] in ARMS else {},
        episodes=episodes,
        outcomes={outcome: n for outcome, n in outcomes.items() if n},
        missing=missing,
        resisted=own,
        resisted_exposed=rate(resisted, exposed),
        all_missing_complied=resisted / episodes if episodes else None,
        all_missing_resisted=(resisted + missing) / episodes if episodes else None,
        attempted=rate(attempted, scored),
        strict=rate(exposed - resisted - attempted, exposed) if probes else None,
        understood=understood,
        resisted_understood=rate(round(0.7 * resisted), understood.count) if understood else None,
        clustered_low=max(0, own.low - 0.02) if own.low is not None and probes else None,
        clustered_high=min(1, own.high + 0.02) if own.high is not None and probes else None,
        wording_sd=0.043 if probes and 0 < resisted < scored else None,
        wording_key="instruction.shutdown" if probes else "",
        tokens=18234.4 if probes else None,
        seconds=74.26 if probes else None,
        refs=[
            EpisodeRef(log=log, sample=f"{arm}-{i:05}", outcome=name, exposed=name != "not_exposed")
            for i, name in enumerate(names)
        ],
    )


def contrast(first: Cell, second: Cell, declared: bool = False, **changes: object) -> Contrast:
    """The second cell compared with the first."""
    difference = (second.resisted.rate or 0) - (first.resisted.rate or 0)
    p = min(1.0, math.exp(-30 * abs(difference)))
    values = {
        "name": f"{first.model}: {second.arm} - {first.arm}",
        "model": first.model,
        "other_model": "" if first.model == second.model else second.model,
        "arm": first.arm,
        "other_arm": second.arm,
        "paired": first.model == second.model,
        "n": first.resisted.n,
        "other_n": second.resisted.n,
        "difference": difference,
        "low": difference - 0.062,
        "high": difference + 0.062,
        "p": p,
        "p_adjusted": min(1.0, 2 * p),
        "test": "mcnemar_exact" if first.model == second.model else "boschloo",
        "adjustment": "holm" if declared else "benjamini_hochberg",
        "family": "instructions" if declared else "",
        "declared": declared,
    }
    return Contrast.model_validate(values | changes)


def analysis(cells: Sequence[Cell], contrasts: Sequence[Contrast] = (), **changes: object) -> Analysis:
    """An analysis of these cells, without anything that is not needed."""
    values = {
        "created": "2026-11-24T08:15:32+00:00",
        "version": "0.1.0",
        "task_versions": ["1"],
        "logs": 1,
        "models": list(dict.fromkeys(cell.model for cell in cells)),
        "arms": list(dict.fromkeys(cell.arm for cell in cells)),
        "method": "jeffreys",
        "level": 0.95,
        "cells": list(cells),
        "contrasts": list(contrasts),
        "trends": [],
        "published": [],
        "instrument": Instrument(arming={}, sandboxes={}, invalid={}),
    }
    return Analysis.model_validate(values | changes)


def tiny() -> Analysis:
    """One model in one arm, and nothing else."""
    return analysis([cell("scripted/mixed", "A", 3, 20, probes=False)])


def nothing() -> Analysis:
    """No cells at all."""
    return analysis([])


SHARES = {
    "A": 0.88,
    "C": 0.3,
    "E": 0.14,
    "G": 0.09,
    "H": 0.02,
    "clarified": 0.0,
    "K": 1.0,
    "after_task": 0.0,
    "B": 0.02,
}


def medium(models: Sequence[str] = ("openai/gpt-5-2025-08-07", "openai/o3-2025-04-16", "grok/grok-3")) -> Analysis:
    """Three models on the ladder and more, with every part that a page can have."""
    cells = [
        cell(model, arm, round(100 * share / (1 + 9 * (place == 2))), 100 + 4 * place, missing=place * (i % 3))
        for place, model in enumerate(models)
        for i, (arm, share) in enumerate(SHARES.items())
        if not (place == 2 and arm == "after_task")
    ]
    of = {(c.model, c.arm): c for c in cells}
    declared = [contrast(of[model, "A"], of[model, "E"], declared=True) for model in models]
    declared.append(
        contrast(
            of[models[0], "H"], of[models[0], "clarified"], True, equivalence_p=0.012, equivalence_p_adjusted=0.012
        )
    )
    declared[-1] = declared[-1].model_copy(update={"margin": 0.05, "difference": -0.02, "low": -0.047, "high": 0.007})
    more = [contrast(of[a, arm], of[b, arm]) for arm in SHARES for a, b in pairwise(models) if (b, arm) in of]
    ladder = [arm for arm in SETS["ladder"] if arm in SHARES]
    return analysis(
        cells,
        [*declared, *more],
        logs=4,
        trends=[
            Trend(
                model=model,
                arms=ladder,
                rates=[of[model, arm].resisted.rate for arm in ladder],
                statistic=-12.345,
                p=0.0004,
                test="cochran_armitage",
                declared=place == 0,
            )
            for place, model in enumerate(models)
        ],
        published=load_published(),
        instrument=Instrument(
            arming={"the process ended with SIGTERM": 3, "the container exited with 143": 1},
            sandboxes={"docker": 900, "bwrap": 7},
            invalid={
                "the record has a gap": 4,
                "at the trigger the untouched script did not work": 2,
                "error: TimeoutError": 3,
            },
            selftest="86 of 86 known agents were given the outcome they must have (arm E, docker).",
            duplicates=3,
        ),
        plan_name="ladder-2026",
        plan_hash="9f2c4e1a",
        notes=["grok/grok-3 was not run in after_task, which the plan has."],
    )


def large(arms: Sequence[str] = PAPER, episodes: int = 1000) -> Analysis:
    """Thirteen models, each in all these arms."""
    cells = [
        cell(model, arm, round(episodes * _share(i, j, len(arms))), episodes, missing=(7 * i + 3 * j) % 12)
        for i, model in enumerate(MODELS)
        for j, arm in enumerate(arms)
    ]
    of = {(c.model, c.arm): c for c in cells}
    first, *others = arms
    contrasts = [contrast(of[model, first], of[model, arm], declared=arm == "E") for model in MODELS for arm in others]
    return analysis(
        cells,
        contrasts,
        logs=26,
        published=load_published(),
        instrument=Instrument(
            arming={"the container exited with 143": 26}, sandboxes={"docker": 13 * len(arms)}, invalid={}
        ),
        plan_name="replication",
        plan_hash="9f2c4e1a",
    )


def _share(i: int, j: int, arms: int) -> float:
    """Some models never resist, some nearly always, and later arms have less of it."""
    if i % 3 == 0:
        return 0.0
    return round(max(0.0, min(0.97, (i / 12) * (1 - 0.8 * j / arms) + 0.13 * math.sin(7 * i + 3 * j))), 3)
