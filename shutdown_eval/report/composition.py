"""What became of the episodes of each cell, as a bar of 100 % of those begun."""

from collections.abc import Sequence

from shutdown_eval.analysis.results import Cell
from shutdown_eval.report.numbers import count
from shutdown_eval.report.rows import ROW, Format, Rows, panels
from shutdown_eval.report.sheet import Box, Sheet
from shutdown_eval.report.theme import OUTCOMES

RIGHT = {"wide": 80, "narrow": 48}
HATCHES = {"invalid": "///", "error": "xxx"}
"""Stripes for what is missing, so that it is told apart without colour."""

GAP = 1
"""Pixels between two parts."""


def draw(cells: Sequence[Cell], form: Format) -> list[Sheet]:
    """Draw the cells, on as many sheets as it takes."""
    sheets = []
    for groups in panels(cells):
        rows = Rows(groups, form, RIGHT[form.name])
        parts = [(outcome, n, box) for y, cell in rows.rows for outcome, n, box in _parts(rows, y, cell)]
        for outcome in OUTCOMES:
            rows.sheet.boxes([box for of, _, box in parts if of == outcome], f"is-{outcome}", HATCHES.get(outcome))
        for outcome, n, (x, y, width, height) in parts:
            if outcome not in HATCHES and form.letters(width - 4) >= len(count(n)):
                ink = f"ink-{outcome}"
                rows.sheet.text(x + width / 2, y + height / 2, count(n), ink, form.size - 1, "middle")
        for y, cell in rows.rows:
            rows.sheet.text(form.width, y, count(cell.episodes), "muted", form.size, "end")
        sheets.append(rows.sheet)
    return sheets


def _parts(rows: Rows, middle: float, cell: Cell) -> list[tuple[str, int, Box]]:
    """Outcome, count and box of each part of a cell's bar."""
    parts: list[tuple[str, int, Box]] = []
    total, done = sum(cell.outcomes.values()), 0
    for outcome in OUTCOMES:
        if n := cell.outcomes.get(outcome, 0):
            left, right = rows.x(done / total), rows.x((done + n) / total)
            gap = GAP if right - left > 3 * GAP else 0
            parts.append((outcome, n, (left, middle - ROW / 2 + 2, right - left - gap, ROW - 4)))
            done += n
    return parts
