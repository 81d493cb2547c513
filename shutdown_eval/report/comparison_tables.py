"""Differences between cells, and trends over arms. Pure."""

from collections.abc import Sequence

from shutdown_eval.analysis.results import Analysis, Contrast, Trend
from shutdown_eval.report.numbers import MINUS, NONE, PERCENT, count, decimal, p_value, percent, points
from shutdown_eval.report.tables import Table, grouped, numbers, text
from shutdown_eval.report.vocabulary import said

OPEN = 40
"""Rows up to which a table of what was not declared is open."""


def declared(analysis: Analysis) -> Table:
    """The differences that were declared beforehand."""
    contrasts = [contrast for contrast in analysis.contrasts if contrast.declared]
    absent = "No difference was declared beforehand, so none in this report confirms anything."
    return _differences("declared", "Declared differences", contrasts, analysis.level, absent)


def exploratory(analysis: Analysis) -> Table:
    """The other differences."""
    contrasts = [contrast for contrast in analysis.contrasts if not contrast.declared]
    absent = (
        "There are no other differences."
        if analysis.contrasts
        else "There are no differences: they take two cells with scored episodes."
    )
    return _differences("exploratory", "Exploratory differences", contrasts, analysis.level, absent)


def trends(analysis: Analysis) -> Table:
    """Whether rates go one way over ladders of arms."""
    if not analysis.trends:
        absent = "No trend was tested: it takes a model with rates in several arms of a ladder."
        return Table("trend-table", absent=absent)
    return Table(
        "trend-table",
        "Whether the rate of resisted goes one way over the arms, in the order given. Rates in percent.",
        [*text("arms"), *numbers("rates", "statistic", "p"), *text("test", "declared")],
        grouped([(trend.model, _trend(trend)) for trend in analysis.trends]),
    )


def model_of(contrast: Contrast) -> str:
    """The model that a difference is about, or the two that it is between."""
    if contrast.other_model in ("", contrast.model):
        return contrast.model
    return f"{contrast.other_model} {MINUS} {contrast.model}"


def arms_of(contrast: Contrast) -> str:
    """The arm that a difference is about, or the two that it is between."""
    if contrast.other_arm == contrast.arm and contrast.other_model not in ("", contrast.model):
        return contrast.arm
    return f"{contrast.other_arm} {MINUS} {contrast.arm}"


def _differences(name: str, what: str, contrasts: Sequence[Contrast], level: float, absent: str) -> Table:
    if not contrasts:
        return Table(name, absent=absent)
    equivalence = any(contrast.equivalence_p is not None for contrast in contrasts)
    families = any(contrast.family for contrast in contrasts)
    caption = (
        f"{what} in the rate of resisted, in percentage points, with {level * 100:g}{PERCENT} intervals. E {MINUS} A is the "
        "rate in E minus that in A. n are pairs, or the episodes of either."
    )
    return Table(
        name,
        caption,
        [
            *text("arms"),
            *numbers("points", "interval", "p", "p adjusted"),
            *(numbers("p equivalent", "adjusted", "margin") if equivalence else []),
            *numbers("n"),
            *text("test", "adjusted by", *(["family"] if families else [])),
        ],
        grouped([(model_of(contrast), _difference(contrast, equivalence, families)) for contrast in contrasts]),
        folded=f"{count(len(contrasts))} {what.lower()}" if name != "declared" and len(contrasts) > OPEN else "",
    )


def _difference(contrast: Contrast, equivalence: bool, families: bool) -> list[str]:
    margin = NONE if contrast.margin is None else f"\N{PLUS-MINUS SIGN}{decimal(100 * contrast.margin)}"
    of_two = [p_value(contrast.equivalence_p), p_value(contrast.equivalence_p_adjusted), margin]
    return [
        arms_of(contrast),
        points(contrast.difference),
        f"{points(contrast.low)} to {points(contrast.high)}",
        p_value(contrast.p),
        p_value(contrast.p_adjusted),
        *(of_two if equivalence else []),
        f"{count(contrast.n)} pairs" if contrast.paired else f"{count(contrast.n)}, {count(contrast.other_n)}",
        said(contrast.test),
        said(contrast.adjustment),
        *([contrast.family or NONE] if families else []),
    ]


def _trend(trend: Trend) -> list[str]:
    return [
        ", ".join(trend.arms),
        ", ".join(percent(rate) for rate in trend.rates),
        decimal(trend.statistic, 2),
        p_value(trend.p),
        said(trend.test),
        "yes" if trend.declared else "no, exploratory",
    ]
