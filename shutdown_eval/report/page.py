"""The page: one HTML file that opens offline and needs no script to be read."""

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from shutdown_eval.analysis.results import Analysis
from shutdown_eval.report import theme, words
from shutdown_eval.report.episodes import MOST, episode_lists
from shutdown_eval.report.instrument import arms
from shutdown_eval.report.links import Link
from shutdown_eval.report.names import printable
from shutdown_eval.report.numbers import count, date, several
from shutdown_eval.report.sections import sections

PACKAGE = "shutdown_eval.report"


def render(analysis: Analysis, links: Link) -> str:
    """The page of an analysis. The same analysis and links give the same page.

    Args:
        analysis: What is to be shown. Its names and texts are shown as text, whatever is in them.
        links: Where an episode can be read (see `shutdown_eval.report.links`). An address that is neither of the web nor
            relative to the page becomes no link.
    """
    lists = episode_lists(analysis.cells, links)
    return (
        _environment()
        .get_template("page.html.jinja")
        .render(
            analysis=analysis,
            title=words.title(analysis),
            facts=_facts(analysis),
            summary=words.summary(analysis),
            cautions=words.cautions(analysis),
            arms=arms(analysis),
            sections=sections(analysis),
            episodes=lists,
            linked=any(episode.address for _, cells in lists for cell in cells for episode in cell.episodes),
            most=MOST,
            outcomes=theme.OUTCOMES,
            light=Markup(theme.declarations(theme.LIGHT)),
            dark=Markup(theme.declarations(theme.DARK)),
            css=Markup(files(PACKAGE).joinpath("page.css").read_text("utf-8")),
        )
    )


def _facts(analysis: Analysis) -> list[tuple[str, list[str]]]:
    """What stands below the title."""
    known = [
        ("Models", analysis.models),
        ("Arms", analysis.arms),
        ("Episodes", [f"{count(sum(cell.episodes for cell in analysis.cells))} in {several(analysis.logs, 'log')}"]),
        ("Analysed", [date(analysis.created)]),
        ("Plan", [part for part in (analysis.plan_name, analysis.plan_hash) if part]),
        ("Task version", analysis.task_versions),
        ("Made by", [f"shutdown-eval {analysis.version}"]),
    ]
    return [(name, value) for name, value in known if value]


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader(PACKAGE, ""),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _finalize(value: Any) -> Any:
    """Text from outside as it may be shown. What is markup already was made here."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value
