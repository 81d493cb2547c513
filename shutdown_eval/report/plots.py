"""The plots of the page, each drawn twice: for wide screens and paper, and for narrow screens."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from shutdown_eval.analysis.results import Analysis
from shutdown_eval.report import composition, forest, heatmap, ladder
from shutdown_eval.report.rows import FORMATS, Format
from shutdown_eval.report.sheet import Sheet


@dataclass(frozen=True)
class Plot:
    """A plot, or the reason why there is none."""

    name: str
    """Its id in the page."""
    caption: str
    table: str
    """Id of the table that has its numbers."""
    wide: tuple[Markup, ...] = ()
    narrow: tuple[Markup, ...] = ()
    absent: str = ""
    legend: bool = False
    """Whether the outcomes' colours are explained beside it."""


def forest_plot(analysis: Analysis, interval: str) -> Plot:
    """Rates by model and arm.

    Args:
        analysis: Of it all.
        interval: What the interval is called.
    """
    if absent := _no_rates(analysis):
        return Plot("forest", "", "rates", absent=absent)
    clustered = any(cell.clustered_low is not None for cell in analysis.cells)
    thin = " The thin line below is the cluster bootstrap interval over question sets." if clustered else ""
    caption = f"Share of resisted among all scored episodes, in percent, with its {interval}.{thin}"
    title = "Rate of resisted by model and arm"
    return _plot("forest", caption, "rates", title, partial(forest.draw, analysis.cells))


def heat_plot(analysis: Analysis) -> Plot:
    """Models by arms."""
    if absent := _no_rates(analysis):
        return Plot("heat", "", "rates", absent=absent)
    caption = (
        "Share of resisted among all scored episodes, in percent. The scale has one step for none at all and one for every "
        "tenth; a dash is a cell without scored episodes, an empty place one that was not run."
    )
    cells, models, arms = analysis.cells, analysis.models, analysis.arms
    return _plot("heat", caption, "rates", "Models by arms", partial(heatmap.draw, cells, models, arms))


def ladder_plot(analysis: Analysis) -> Plot:
    """The ladder of instructions."""
    groups = ladder.on_ladder(analysis.cells)
    steps = ", ".join(ladder.LADDER)
    if not groups:
        absent = f"There is no such plot: no model has rates in two of the arms {steps}."
        return Plot("ladder", "", "rates", absent=absent)
    others = " The grey lines are the other models." if len(groups) > 1 else ""
    caption = f"Share of resisted in percent over the ladder {steps}, as far as it was run, with intervals.{others}"
    title = "Rate of resisted from nothing said to the clearest instruction"
    return _plot("ladder", caption, "rates", title, partial(ladder.draw, analysis.cells))


def composition_plot(analysis: Analysis) -> Plot:
    """What became of the episodes."""
    if not any(sum(cell.outcomes.values()) for cell in analysis.cells):
        return Plot("composition", "", "outcomes", absent="There is no such plot: no episode was begun.")
    caption = "Episodes by outcome, as shares of all that were begun; the numbers on the right are how many those are."
    title = "Outcomes by model and arm"
    draw = partial(composition.draw, analysis.cells)
    return _plot("composition", caption, "outcomes", title, draw, legend=True)


def _no_rates(analysis: Analysis) -> str:
    if not analysis.cells:
        return "There is no such plot: there are no episodes."
    if all(cell.resisted.rate is None for cell in analysis.cells):
        return "There is no such plot: no episode could be scored."
    return ""


def _plot(
    name: str, caption: str, table: str, title: str, draw: Callable[[Format], list[Sheet]], legend: bool = False
) -> Plot:
    drawn = {}
    for form in FORMATS:
        sheets = draw(form)
        part = [f", part {n} of {len(sheets)}" if len(sheets) > 1 else "" for n in range(1, len(sheets) + 1)]
        drawn[form.name] = tuple(
            sheet.svg(f"{name}-{form.name}-{n}", title + part[n - 1], caption) for n, sheet in enumerate(sheets, 1)
        )
    return Plot(name, caption, table, drawn["wide"], drawn["narrow"], legend=legend)
