"""The frame that plots with a row for each cell have in common: rows grouped by model, and a scale from 0 to 100 %."""

from collections.abc import Sequence
from dataclasses import dataclass

from shutdown_eval.analysis.results import Cell
from shutdown_eval.report.names import shorten
from shutdown_eval.report.sheet import Sheet

MOST_ROWS = 40
"""Rows and headings of one sheet, so that it is legible on paper. Models are not torn apart."""

ROW, HEADING, MARGIN = 20, 26, 30
"""Heights in pixels: of a row, of a model's heading, and of the scale above and below."""

CHARACTER = 0.6
"""Width of a character by its height, on the wide side: the page's font is the reader's."""

TICKS = (0, 0.25, 0.5, 0.75, 1)
Group = tuple[str, list[Cell]]


@dataclass(frozen=True)
class Format:
    """How large a plot is drawn."""

    name: str
    width: int
    """Pixels."""
    size: int
    """Of the letters, in pixels."""
    label: int
    """Width of the arms' names."""

    def letters(self, width: float) -> int:
        """How many letters fit into some pixels."""
        return int(width / (CHARACTER * self.size))


WIDE = Format("wide", 920, 13, 150)
NARROW = Format("narrow", 360, 12, 92)
FORMATS = (WIDE, NARROW)


def by_model(cells: Sequence[Cell]) -> list[Group]:
    """The cells of each model, in the order in which they come."""
    groups: dict[str, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(cell.model, []).append(cell)
    return list(groups.items())


def panels(cells: Sequence[Cell]) -> list[list[Group]]:
    """Groups of whole models that fit on a sheet each."""
    sheets: list[list[Group]] = []
    rows = 0
    for model, group in by_model(cells):
        size = len(group) + 1
        if not sheets or rows + size > MOST_ROWS:
            sheets.append([])
            rows = 0
        sheets[-1].append((model, group))
        rows += size
    return sheets


class Rows:
    """A sheet with headings, labels and the scale drawn, and a row for each cell."""

    def __init__(self, groups: Sequence[Group], form: Format, right: int) -> None:
        """Draw the frame.

        Args:
            groups: Models with their cells.
            form: How large.
            right: Width of the column on the right, in pixels.
        """
        self.form = form
        self.left: float = form.label + 10
        self.end: float = form.width - right - 12
        bottom = MARGIN + sum(HEADING + ROW * len(cells) for _, cells in groups)
        self.sheet = Sheet(form.width, bottom + MARGIN)
        self.rows: list[tuple[float, Cell]] = []
        self.sheet.lines([((self.x(t), MARGIN - 6), (self.x(t), bottom + 6)) for t in TICKS], "line")
        for tick in TICKS:
            for height in (MARGIN - 16, bottom + 16):
                self.sheet.text(
                    self.x(tick),
                    height,
                    f"{100 * tick:.0f}{' %' if tick == 1 else ''}",
                    "muted",
                    form.size - 1,
                    "middle",
                )
        y: float = MARGIN
        for model, cells in groups:
            self.sheet.boxes([(0, y + 3, form.width, HEADING - 6)], "soft")
            self.sheet.text(6, y + HEADING / 2, shorten(model, form.letters(form.width) - 4), size=form.size, bold=True)
            y += HEADING
            for cell in cells:
                self.sheet.text(
                    form.label, y + ROW / 2, shorten(cell.arm, form.letters(form.label)), size=form.size, anchor="end"
                )
                self.rows.append((y + ROW / 2, cell))
                y += ROW

    def x(self, share: float) -> float:
        """Where a share stands."""
        return self.left + share * (self.end - self.left)
