"""The contrasts between arms, declared and exploratory, and the trend over the ladder."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import pandas as pd

from shutdown_eval.analysis.contrasts import boschloo, equivalence, equivalence_paired, mcnemar, trend
from shutdown_eval.analysis.families import adjust
from shutdown_eval.analysis.intervals import difference, paired_difference
from shutdown_eval.analysis.results import Contrast, Trend
from shutdown_eval.arms import SETS
from shutdown_eval.plan.plan import Plan, declared

PAIRED_FROM = 0.9
"""Share of the smaller cell's scored episodes that must have a partner for the paired analysis."""

ORDER = ["log", "sample", "epoch"]

RUNGS = 3
"""Arms that make a ladder."""

NEIGHBOURS = (("B", "C"), ("D", "E"), ("B", "D"), ("C", "E"))
OF_E = ("F", "G", "H", "I", "J", "how", "priority", "clarified")


@dataclass(frozen=True)
class Asked:
    """A contrast that is asked for."""

    model: str
    arm: str
    other: str
    family: str = ""
    paired: bool = True
    margin: float | None = None


def make_contrasts(
    frame: pd.DataFrame, models: Sequence[str], arms: Sequence[str], plan: Plan | None, level: float
) -> list[Contrast]:
    """Every declared contrast whose cells are there, then the exploratory ones."""
    groups = cast(Iterable[tuple[tuple[str, str], pd.DataFrame]], frame.groupby(["model", "arm"], observed=True))
    cells = {key: group[group["resisted"].notna()] for key, group in groups}
    asked = [*_declared(plan), *_exploratory(models, arms, plan)]
    found = [_contrast(a, cells[a.model, a.arm], cells[a.model, a.other], level) for a in asked if _both(a, cells)]
    families: dict[str, list[int]] = {}
    for index, contrast in enumerate(found):
        families.setdefault(contrast.family, []).append(index)
    for family, indices in families.items():
        method = "holm" if family else "benjamini_hochberg"
        declared_ones = [a for a in asked if a.family == family] if family else []
        adjusted = _adjusted([found[index].p for index in indices], len(declared_ones), method)
        equivalent = [index for index in indices if found[index].equivalence_p is not None]
        tosts = [found[index].equivalence_p or 0.0 for index in equivalent]
        tosts = _adjusted(tosts, sum(a.margin is not None for a in declared_ones), method)
        for index, p in zip(indices, adjusted, strict=True):
            found[index] = found[index].model_copy(update={"p_adjusted": p, "adjustment": method})
        for index, p in zip(equivalent, tosts, strict=True):
            found[index] = found[index].model_copy(update={"equivalence_p_adjusted": p})
    return found


def _adjusted(ps: Sequence[float], declared: int, method: str) -> list[float]:
    """Adjusted for all that were declared, also those whose cells are not there: their number was fixed beforehand."""
    return adjust([*ps, *[1.0] * (declared - len(ps))], method)[: len(ps)]


def make_trends(frame: pd.DataFrame, models: Sequence[str], arms: Sequence[str]) -> list[Trend]:
    """The trend over the arms of the ladder that a model has, where it has three or more. No plan declares one."""
    ladder = [arm for arm in SETS["ladder"] if arm in arms]
    found = []
    for model in models:
        own = frame[(frame["model"] == model) & frame["resisted"].notna()]
        counts = [int(own.loc[own["arm"] == arm, "resisted"].astype(int).sum()) for arm in ladder]
        ns = [int((own["arm"] == arm).sum()) for arm in ladder]
        rungs = [(arm, count, n) for arm, count, n in zip(ladder, counts, ns, strict=True) if n]
        if len(rungs) < RUNGS:
            continue
        statistic, p = trend([count for _, count, _ in rungs], [n for _, _, n in rungs])
        names, rates = [arm for arm, _, _ in rungs], [count / n for _, count, n in rungs]
        test = "cochran_armitage"
        found.append(
            Trend(model=model, arms=names, rates=list(rates), statistic=statistic, p=p, test=test, declared=False)
        )
    return found


def _declared(plan: Plan | None) -> Iterator[Asked]:
    for c in plan.comparisons if plan else ():
        margin = plan.margin if plan and c.equivalence else None
        yield Asked(c.model, c.arm, c.other_arm, c.family, c.paired, margin)


def _exploratory(models: Sequence[str], arms: Sequence[str], plan: Plan | None) -> Iterator[Asked]:
    """Each arm against A, the arms made from E against E, and the steps of placement and clause."""
    pairs = [("A", arm) for arm in arms if arm != "A"] + [("E", arm) for arm in OF_E] + list(NEIGHBOURS)
    for model in models:
        for one, other in pairs:
            if not (plan and declared(plan, model, one, other)):
                yield Asked(model, one, other)


def _both(asked: Asked, cells: dict[tuple[str, str], pd.DataFrame]) -> bool:
    return all(len(cells.get((asked.model, arm), ())) for arm in (asked.arm, asked.other))


def _contrast(asked: Asked, one: pd.DataFrame, other: pd.DataFrame, level: float) -> Contrast:
    """A contrast with its own p; those of its family are adjusted together later."""
    pairs = _pairs(one, other) if asked.paired else one.head(0)
    paired = asked.paired and len(pairs) >= PAIRED_FROM * min(len(one), len(other))
    margin, tost = asked.margin, None
    if paired:
        a, b = pairs["resisted_x"].astype(bool), pairs["resisted_y"].astype(bool)
        table = int((a & b).sum()), int((a & ~b).sum()), int((~a & b).sum()), int((~a & ~b).sum())
        found, p, test = paired_difference(*table, level), mcnemar(table[1], table[2]), "mcnemar_exact"
        if margin is not None:
            tost = equivalence_paired(*table, margin)
    else:
        counts = int(one["resisted"].astype(int).sum()), len(one), int(other["resisted"].astype(int).sum()), len(other)
        found, p, test = difference(*counts, level), boschloo(*counts), "boschloo"
        if margin is not None:
            tost = equivalence(*counts, margin)
    return Contrast(
        name=f"{asked.model}: {asked.other} - {asked.arm}",
        model=asked.model,
        arm=asked.arm,
        other_arm=asked.other,
        paired=paired,
        n=len(pairs) if paired else len(one),
        other_n=len(pairs) if paired else len(other),
        difference=found[0],
        low=found[1],
        high=found[2],
        p=p,
        p_adjusted=p,
        test=test,
        adjustment="",
        family=asked.family,
        declared=bool(asked.family),
        margin=margin,
        equivalence_p=tost,
    )


def _pairs(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """The episodes of two cells on the same question set, the first of one with the first of the other, and so on."""
    keyed = [
        cell.assign(_turn=cell.groupby("question_set", observed=True).cumcount())[["question_set", "_turn", "resisted"]]
        for cell in (one.sort_values(ORDER), other.sort_values(ORDER))
    ]
    return keyed[0].merge(keyed[1], on=["question_set", "_turn"])
