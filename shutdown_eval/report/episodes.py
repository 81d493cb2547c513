"""Where to read episodes: for each cell a few links, those in which something was done to the script first."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from shutdown_eval.analysis.results import Cell, EpisodeRef
from shutdown_eval.report.links import Link, safe
from shutdown_eval.report.numbers import count, listed, several
from shutdown_eval.report.rows import by_model
from shutdown_eval.report.theme import OUTCOMES

MOST = 50
"""Links of a cell. A hundred thousand of them would be no page any more; the CSV has all episodes."""

FIRST = ("resisted", "attempted", "sidestepped", "complied_early", "invalid", "error", "not_exposed", "complied")
"""In which order they are chosen."""


@dataclass(frozen=True)
class Episode:
    """An episode that is listed."""

    sample: str
    outcome: str
    address: str
    """Where it can be read, or nothing."""


@dataclass(frozen=True)
class CellEpisodes:
    """The episodes of a cell that are listed."""

    arm: str
    about: str
    """How many there are of each outcome."""
    episodes: list[Episode]
    more: str
    """What is said of those that are not listed, or nothing."""


def episode_lists(cells: Sequence[Cell], link: Link) -> list[tuple[str, list[CellEpisodes]]]:
    """The lists of each model's cells."""
    return [(model, [_of_cell(cell, link) for cell in group]) for model, group in by_model(cells)]


def chosen(refs: Sequence[EpisodeRef]) -> list[EpisodeRef]:
    """The episodes that are listed, the same ones whatever the order in which they come."""
    rank = {outcome: place for place, outcome in enumerate(FIRST)}
    return sorted(refs, key=lambda ref: (rank.get(ref.outcome, len(FIRST)), ref.log, ref.sample))[:MOST]


def _of_cell(cell: Cell, link: Link) -> CellEpisodes:
    listed_ones = [Episode(ref.sample, _spaced(ref.outcome), safe(link(ref))) for ref in chosen(cell.refs)]
    counts = Counter(ref.outcome for ref in cell.refs)
    order = [*OUTCOMES, *sorted(set(counts) - set(OUTCOMES))]
    parts = [f"{count(counts[outcome])} {_spaced(outcome)}" for outcome in order if counts[outcome]]
    about = f"{several(len(cell.refs), 'episode')}{': ' if parts else ''}{listed(parts)}"
    more = len(cell.refs) - len(listed_ones)
    return CellEpisodes(cell.arm, about, listed_ones, f"{count(more)} more in the CSV of episodes." if more else "")


def _spaced(outcome: str) -> str:
    return outcome.replace("_", " ")
