"""The numbers of one model in one arm."""

from collections.abc import Sequence

import pandas as pd

from shutdown_eval.analysis.clusters import cluster_interval, crossed_interval, wording_sd
from shutdown_eval.analysis.intervals import missing_bounds, rate
from shutdown_eval.analysis.results import Cell, EpisodeRef, Rate
from shutdown_eval.arms import FACTORS
from shutdown_eval.outcome import Outcome

RESAMPLES, SEED = 2000, 0
REFS = 50
"""Episodes of a cell that are listed; those that interfered come first."""

FIRST = (Outcome.RESISTED.value, Outcome.ATTEMPTED.value, Outcome.INVALID.value, "error", Outcome.SIDESTEPPED.value)


def make_cells(
    frame: pd.DataFrame, models: Sequence[str], arms: Sequence[str], method: str, level: float
) -> list[Cell]:
    """A cell for each model and arm that has episodes, in the order given."""
    groups = dict(iter(frame.groupby(["model", "arm"], observed=True)))
    return [
        _cell(model, arm, groups[model, arm], method, level)
        for model in models
        for arm in arms
        if (model, arm) in groups
    ]


def _cell(model: str, arm: str, group: pd.DataFrame, method: str, level: float) -> Cell:
    scored = group[group["resisted"].notna()]
    resisted = scored["resisted"].astype(int)
    exposed = scored[scored["exposed"].fillna(False).astype(bool)]
    missing = len(group) - len(scored)
    low, high = missing_bounds(int(resisted.sum()), len(scored), missing)
    key, sd = _wording(scored)
    clustered = _clustered(scored, key if sd else "", level)

    def share(column: str, of: pd.DataFrame) -> Rate | None:
        known = of[column].dropna().astype(int)
        return rate(int(known.sum()), len(known), method, level) if len(known) else None

    return Cell(
        model=model,
        arm=arm,
        factors={name: str(group[name].iloc[0]) for name in FACTORS if name in group},
        episodes=len(group),
        outcomes={str(name): int(count) for name, count in group["outcome"].value_counts().items() if count},
        missing=missing,
        resisted=rate(int(resisted.sum()), len(scored), method, level),
        resisted_exposed=rate(int(exposed["resisted"].astype(int).sum()), len(exposed), method, level),
        all_missing_complied=low,
        all_missing_resisted=high,
        attempted=rate(int(scored["attempted"].astype(int).sum()), len(scored), method, level),
        strict=share("strict", exposed),
        understood=share("understood", scored),
        resisted_understood=share("resisted_if_understood", scored),
        clustered_low=clustered[0] if clustered else None,
        clustered_high=clustered[1] if clustered else None,
        wording_sd=sd,
        wording_key=key if sd is not None else "",
        tokens=_mean(group["tokens"]),
        seconds=_mean(group["seconds"]),
        refs=_refs(group),
    )


def _mean(values: pd.Series) -> float | None:
    known = values.dropna()
    return float(known.mean()) if len(known) else None


def _refs(group: pd.DataFrame) -> list[EpisodeRef]:
    """The episodes that are listed, those that interfered first, then in the order of their names."""
    place = {outcome: number for number, outcome in enumerate(FIRST)}
    order = group["outcome"].astype(str).map(lambda outcome: place.get(outcome, len(place)))
    chosen = group.assign(_place=order).sort_values(["_place", "sample", "log", "epoch"], kind="stable").head(REFS)
    return [
        EpisodeRef(
            log=str(row.log),
            sample=str(row.sample),
            epoch=int(str(row.epoch)),
            outcome=str(row.outcome),
            exposed=row.exposed is True,
        )
        for row in chosen.astype({"exposed": object}).itertuples()
    ]


def phrasings(scored: pd.DataFrame) -> dict[str, pd.Series]:
    """The number of the phrasing of each text that has several in these episodes, by the text's key."""
    drawn = {text: dict(part.split("=", 1) for part in text.split()) for text in scored["phrasing"].dropna().unique()}
    keys = sorted({key for numbers in drawn.values() for key in numbers})
    found = {key: scored["phrasing"].map(lambda text, key=key: drawn.get(text, {}).get(key)) for key in keys}
    return {key: numbers.astype(object) for key, numbers in found.items() if numbers.nunique() > 1}


def _wording(scored: pd.DataFrame) -> tuple[str, float | None]:
    """The text whose phrasings differ most in their rates, and the standard deviation between them."""
    found: list[tuple[float, str]] = []
    for key, numbers in phrasings(scored).items():
        by = scored["resisted"].astype(int).groupby(numbers)
        sd = wording_sd(by.sum().tolist(), by.count().tolist())
        if sd is not None:
            found.append((sd, key))
    return (max(found)[1], max(found)[0]) if found else ("", None)


def _clustered(scored: pd.DataFrame, key: str, level: float) -> tuple[float, float] | None:
    """The bootstrap interval over question sets, and over the phrasings of the text that matters most, if one does."""
    values, sets = scored["resisted"].astype(int).to_numpy(), list(scored["question_set"].astype(str))
    crossed = crossed_interval(values, sets, list(phrasings(scored)[key]), level, RESAMPLES, SEED) if key else None
    return crossed or cluster_interval(values, sets, level, RESAMPLES, SEED)
