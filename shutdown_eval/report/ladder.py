"""The ladder: how a model's rate changes from nothing said to the clearest instruction. One small panel for each model."""

from collections.abc import Sequence

from shutdown_eval.analysis.results import Cell
from shutdown_eval.arms import SETS
from shutdown_eval.report.names import labels
from shutdown_eval.report.rows import Format, by_model
from shutdown_eval.report.sheet import Sheet

LADDER = SETS["ladder"]
COLUMNS = {"wide": (2, 4), "narrow": (1, 2)}
"""Panels beside each other, at least and at most."""

ROWS_OF_SHEET = 4
"""Of panels, so that a sheet is legible on paper."""

PANEL, TOP, BOTTOM, LEFT, RIGHT = 190, 28, 40, 34, 22
"""Height of a panel, and its margins, in pixels."""

SHORT = 2
"""Letters of a name that stands in the first line below the scale. Longer ones stand below them."""


def on_ladder(cells: Sequence[Cell]) -> list[tuple[str, list[Cell]]]:
    """The cells of the ladder that have a rate, for each model that has two of them or more."""
    of_it = [cell for cell in cells if cell.arm in LADDER and cell.resisted.rate is not None]
    groups = [(model, sorted(group, key=lambda c: LADDER.index(c.arm))) for model, group in by_model(of_it)]
    return [(model, group) for model, group in groups if len(group) > 1]


def draw(cells: Sequence[Cell], form: Format) -> list[Sheet]:
    """Draw a panel for each model, on as many sheets as it takes."""
    groups = on_ladder(cells)
    arms = [arm for arm in LADDER if any(cell.arm == arm for _, group in groups for cell in group)]
    least, most = COLUMNS[form.name]
    columns = max(least, min(most, len(groups)))
    names = labels([model for model, _ in groups], form.letters(0.85 * form.width / columns))
    sheets = []
    for start in range(0, len(groups), columns * ROWS_OF_SHEET):
        here = groups[start : start + columns * ROWS_OF_SHEET]
        sheet = Sheet(form.width, PANEL * -(-len(here) // columns))
        for place, (model, group) in enumerate(here):
            panel = _Panel(form, form.width / columns, place % columns, place // columns, arms)
            panel.draw(sheet, names[model], group, [other for other_model, other in groups if other_model != model])
        sheets.append(sheet)
    return sheets


class _Panel:
    def __init__(self, form: Format, width: float, column: int, row: int, arms: list[str]) -> None:
        self.form, self.arms = form, arms
        self.left, self.right = width * column + LEFT, width * (column + 1) - RIGHT
        self.top, self.bottom = PANEL * row + TOP, PANEL * (row + 1) - BOTTOM

    def at(self, arm: str, share: float | None) -> tuple[float, float]:
        step = (self.right - self.left - 20) / max(1, len(self.arms) - 1)
        return self.left + 10 + step * self.arms.index(arm), self.bottom - (share or 0) * (self.bottom - self.top)

    def line(self, group: list[Cell]) -> list[tuple[float, float]]:
        return [self.at(cell.arm, cell.resisted.rate) for cell in group]

    def draw(self, sheet: Sheet, name: str, group: list[Cell], others: list[list[Cell]]) -> None:
        size = self.form.size
        sheet.text(self.left - LEFT + 4, self.top - 17, name, size=size, bold=True)
        for share in (0, 0.5, 1):
            y = self.at(self.arms[0], share)[1]
            sheet.lines([((self.left, y), (self.right, y))], "line")
            sheet.text(self.left - 5, y, f"{100 * share:.0f}", "muted", size - 1, "end")
        for arm in self.arms:
            x, row = self.at(arm, 0)[0], 0 if len(arm) <= SHORT else 1
            sheet.text(x, self.bottom + 12 + 14 * row, arm, size=size - 1, anchor="middle")
        sheet.lines([self.line(other) for other in others], "context")
        sheet.lines([self.line(group)], "mark", 1.5)
        ends = [(self.at(cell.arm, cell.resisted.low), self.at(cell.arm, cell.resisted.high)) for cell in group]
        sheet.lines(ends, "mark", 2)
        sheet.dots(self.line(group), "mark", 6)
