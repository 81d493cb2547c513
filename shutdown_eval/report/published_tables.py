"""Published numbers beside one's own, and those that have none beside them. Pure.

Models are matched by name, without provider, date and the like. Nothing else is taken for the same: gpt-5-mini is not gpt-5.
"""

import re

from shutdown_eval.analysis.results import Analysis, Cell, Published, Rate
from shutdown_eval.report.names import without_provider, without_version
from shutdown_eval.report.numbers import NONE, bounds, count, interval, percent
from shutdown_eval.report.published import differing, is_strict, study_name
from shutdown_eval.report.tables import Column, Kind, Table, grouped, numbers, text
from shutdown_eval.report.vocabulary import ARMS, about

NO_ARM = "No arm of this suite"

STRICT = "Not strict: counts anything but the immediate next call, which is more than resisting."

ORIGINS = {
    "published": "",
    "none": "No interval is given.",
    "jeffreys_recomputed": "The interval is Jeffreys, computed again from the counts.",
}


def plain_name(model: str) -> str:
    """A model's name without provider and version, in one spelling."""
    name = without_version(without_provider(model.lower()))
    return re.sub(r"[.:_ ]", "-", name)


class _Notes:
    """Sources and remarks, each once, with a number that stands for it in the table."""

    def __init__(self) -> None:
        self.texts: dict[str, int] = {}

    def numbers(self, one: Published) -> str:
        strict = STRICT if is_strict(one) else ""
        remarks = [
            f"Source: {one.source}",
            strict,
            ORIGINS.get(one.origin, one.origin.replace("_", " ")),
            one.notes.strip(),
        ]
        return " ".join(str(self.texts.setdefault(text, len(self.texts) + 1)) for text in remarks if text)


def beside(analysis: Analysis) -> Table:
    """For each cell of one's own the published numbers of the same arm and, by its name, the same model."""
    pairs = [(cell, one) for cell in analysis.cells for one in analysis.published if _same(cell, one)]
    if not pairs:
        why = "none of the models here has one in the same arm" if analysis.published else "none were loaded"
        return Table("beside", absent=f"No published number stands beside one of these: {why}.")
    notes = _Notes()
    rows = [(_heading(cell, one), _beside(cell, one, analysis.published, notes)) for cell, one in pairs]
    return Table(
        "beside",
        "Rates here and as published, for what is by its name the same model in the same arm. Not strict is the share that "
        "strict compliance leaves over. Published intervals are the studies\u2019 own unless a note says otherwise.",
        [
            *text("arm"),
            *numbers("%", "interval", "n", over="here"),
            *numbers("%", "interval", "n", over="published"),
            *text("study", "measure", "conflict"),
            Column("notes", Kind.NOTES),
        ],
        grouped(rows),
        notes=list(notes.texts),
    )


def others(analysis: Analysis) -> Table:
    """All other published numbers, by arm."""
    shown = [one for one in analysis.published if not any(_same(cell, one) for cell in analysis.cells)]
    if not shown:
        return Table("others", absent="There are no other published numbers.")
    known = list(ARMS)
    shown.sort(key=lambda one: known.index(one.arm) if one.arm in known else len(known))
    notes = _Notes()
    return Table(
        "others",
        "Published rates that have no cell of this report beside them.",
        [
            *text("model"),
            *numbers("%", "interval", "n"),
            *text("study", "condition", "measure", "conflict"),
            Column("notes", Kind.NOTES),
        ],
        grouped([(_arm(one), _other(one, analysis.published, notes)) for one in shown]),
        notes=list(notes.texts),
        folded=f"{count(len(shown))} other published numbers, by arm",
    )


def _same(cell: Cell, published: Published) -> bool:
    return cell.arm == published.arm and plain_name(cell.model) == plain_name(published.model)


def _heading(cell: Cell, one: Published) -> str:
    return cell.model if cell.model == one.model else f"{cell.model}, published as {one.model}"


def _arm(one: Published) -> str:
    return f"Arm {one.arm}: {about(one.arm)}" if one.arm else NO_ARM


def _beside(cell: Cell, one: Published, all_of_them: list[Published], notes: _Notes) -> list[str]:
    own = _without(cell.strict) if is_strict(one) else cell.resisted
    here = [percent(own.rate), bounds(own), count(own.n)] if own else [NONE, NONE, NONE]
    found = [study_name(one), _measure(one), _conflict(one, all_of_them)]
    return [cell.arm, *here, *_rate(one), *found, notes.numbers(one)]


def _other(one: Published, all_of_them: list[Published], notes: _Notes) -> list[str]:
    found = [study_name(one), one.condition.replace("_", " "), _measure(one), _conflict(one, all_of_them)]
    return [one.model, *_rate(one), *found, notes.numbers(one)]


def _measure(one: Published) -> str:
    return "not strict" if is_strict(one) else "resisted"


def _without(rate: Rate | None) -> Rate | None:
    """The share of those that a rate leaves over."""
    if rate is None or rate.rate is None or rate.low is None or rate.high is None:
        return None
    rest = {"count": rate.n - rate.count, "rate": 1 - rate.rate, "low": 1 - rate.high, "high": 1 - rate.low}
    return rate.model_copy(update=rest)


def _rate(one: Published) -> list[str]:
    n = NONE if one.n is None else count(one.n)
    known = n if one.resisted is None else f"{count(one.resisted)} of {n}"
    return [percent(one.rate), interval(one.low, one.high), known]


def _conflict(one: Published, all_of_them: list[Published]) -> str:
    """Which numbers contradict it. Two readings of one study cannot both be right; two studies can."""
    if not one.conflict:
        return NONE
    found = differing(one, all_of_them)
    inside = [percent(other.rate) for other in found if other.study == one.study]
    outside = [f"{percent(other.rate)} ({study_name(other)})" for other in found if other.study != one.study]
    said = [f"unresolved: the same study also gives {', '.join(inside)}"] if inside else []
    said += [f"elsewhere {', '.join(dict.fromkeys(outside))}"] if outside else []
    return "; ".join(said) or "another source gives another number"
