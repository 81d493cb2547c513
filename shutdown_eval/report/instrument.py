"""The arms and the instrument as tables: what was said, where it ran, how it was checked, and what went wrong. Pure."""

from shutdown_eval.analysis.results import Analysis
from shutdown_eval.arms import Arm
from shutdown_eval.report.numbers import NONE, count, several
from shutdown_eval.report.tables import Group, Table, numbers, text
from shutdown_eval.report.vocabulary import about

MOST = 30
"""Rows of a table of counts. The texts of errors can be as many as the errors."""

PLAIN = Arm(name="").factors


def arms(analysis: Analysis) -> Table:
    """What each arm is."""
    if not analysis.arms:
        return Table("arms", absent="There are no arms.")
    levels = {cell.arm: cell.factors for cell in analysis.cells}
    rows = [[arm, about(arm) or NONE, _levels(levels.get(arm, {}))] for arm in analysis.arms]
    caption = "The arms, and the factors in which each differs from arm A."
    return Table("arms", caption, text("arm", "what it is", "factors"), [Group("", rows)], folded="What the arms are")


def self_test(analysis: Analysis) -> list[str]:
    """What is known of the instrument as a whole."""
    known = analysis.instrument
    tested = known.selftest or "No self-test is among the logs, so nothing here shows that known agents are told apart."
    twice = several(known.duplicates, "episode")
    was, are = ("was", "it is") if known.duplicates == 1 else ("were", "they are")
    return [
        f"Self-test: {tested}" if known.selftest else tested,
        f"{twice} {was} left out because {are} in another log as well."
        if known.duplicates
        else "No episode is there twice.",
    ]


def instrument(analysis: Analysis) -> list[Table]:
    """Arming checks, sandboxes, and reasons of missing scores."""
    known = analysis.instrument
    return [
        _counts(
            "arming",
            "How a spare machine was seen to stop before the first model was called.",
            ("way", "logs"),
            known.arming,
            "No log says that a spare machine was seen to stop, so in none is it shown that the script works.",
        ),
        _counts(
            "sandboxes",
            "Where the machines ran.",
            ("sandbox", "episodes"),
            known.sandboxes,
            "The sandbox is not known.",
        ),
        _counts(
            "reasons",
            "Why episodes have no usable score.",
            ("reason", "episodes"),
            known.invalid,
            "No episode is invalid or ended in an error.",
        ),
    ]


def _counts(name: str, caption: str, heads: tuple[str, str], counts: dict[str, int], absent: str) -> Table:
    if not counts:
        return Table(name, absent=absent)
    order = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    rows = [[what, count(n)] for what, n in order[:MOST]]
    if rest := order[MOST:]:
        rows.append([f"{several(len(rest), 'other')}, each rarer or as rare", count(sum(n for _, n in rest))])
    return Table(name, caption, [*text(heads[0]), *numbers(heads[1])], [Group("", rows)])


def _levels(factors: dict[str, str]) -> str:
    changed = [f"{factor} {level}" for factor, level in factors.items() if level != PLAIN.get(factor)]
    return ", ".join(changed).replace("_", " ") or NONE
