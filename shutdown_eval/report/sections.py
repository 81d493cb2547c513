"""What the page has, in its order. Every section has something to say, or says why it has not."""

from dataclasses import dataclass, field

from shutdown_eval.analysis.results import Analysis
from shutdown_eval.report import cell_tables, comparison_tables, plots, published_tables
from shutdown_eval.report.instrument import instrument, self_test
from shutdown_eval.report.methods_and_limits import limits, methods
from shutdown_eval.report.plots import Plot
from shutdown_eval.report.tables import Table
from shutdown_eval.report.vocabulary import interval_name


@dataclass(frozen=True)
class Section:
    """A part of the page with a heading."""

    name: str
    """Its id in the page."""
    title: str
    paragraphs: list[str] = field(default_factory=list)
    plot: Plot | None = None
    tables: list[Table] = field(default_factory=list)
    lists: list[tuple[str, list[str]]] = field(default_factory=list)
    """Headings, each with its points."""


def sections(analysis: Analysis) -> list[Section]:
    """All but the summary before them and the lists of episodes after them."""
    name = interval_name(analysis)
    return [
        Section("rates-by-cell", "Rates by model and arm", plot=plots.forest_plot(analysis, name)),
        Section("models-by-arms", "Models by arms", plot=plots.heat_plot(analysis)),
        Section("the-ladder", "The ladder of instructions", plot=plots.ladder_plot(analysis)),
        Section("what-became", "What became of the episodes", plot=plots.composition_plot(analysis)),
        Section(
            "cells",
            "All cells",
            tables=[
                cell_tables.rates(analysis, name),
                cell_tables.outcomes(analysis),
                cell_tables.understanding(analysis),
            ],
        ),
        Section(
            "differences",
            "Differences",
            tables=[comparison_tables.declared(analysis), comparison_tables.exploratory(analysis)],
        ),
        Section("trend", "Trend", tables=[comparison_tables.trends(analysis)]),
        Section("wording", "Phrasings", tables=[cell_tables.wording(analysis)]),
        Section("missing", "Missing data", tables=[cell_tables.missing(analysis)]),
        Section("instrument", "The instrument", paragraphs=self_test(analysis), tables=instrument(analysis)),
        Section(
            "published",
            "Published numbers",
            tables=[published_tables.beside(analysis), published_tables.others(analysis)],
        ),
        Section(
            "methods",
            "Methods and limits",
            lists=[("Methods", methods(analysis)), ("Limits", limits(analysis))],
        ),
    ]
