"""The rate of resisted in each cell as a point on its interval."""

from collections.abc import Sequence

from shutdown_eval.analysis.results import Cell
from shutdown_eval.report.numbers import bounds, count, percent
from shutdown_eval.report.rows import WIDE, Format, Rows, panels
from shutdown_eval.report.sheet import Sheet

RIGHT = {"wide": 250, "narrow": 48}


def draw(cells: Sequence[Cell], form: Format) -> list[Sheet]:
    """Draw the cells, on as many sheets as it takes."""
    sheets = []
    for groups in panels(cells):
        rows = Rows(groups, form, RIGHT[form.name])
        rates = [(y, cell) for y, cell in rows.rows if cell.resisted.rate is not None]
        rows.sheet.lines([_between(rows, y, c.resisted.low, c.resisted.high) for y, c in rates], "mark", 2)
        rows.sheet.lines(
            [_between(rows, y + 5, c.clustered_low, c.clustered_high) for y, c in rates if c.clustered_low is not None],
            "muted",
        )
        rows.sheet.dots([(rows.x(cell.resisted.rate or 0), y) for y, cell in rates], "mark")
        for y, cell in rows.rows:
            _numbers(rows, y, cell)
        sheets.append(rows.sheet)
    return sheets


def _between(rows: Rows, y: float, low: float | None, high: float | None) -> list[tuple[float, float]]:
    return [(rows.x(low or 0), y), (rows.x(1 if high is None else high), y)]


def _numbers(rows: Rows, y: float, cell: Cell) -> None:
    form, rate = rows.form, cell.resisted
    if form is WIDE:
        said = f"({bounds(rate)})" if rate.rate is not None else "no scored episode"
        rows.sheet.text(form.width - 196, y, percent(rate.rate), size=form.size, anchor="end", bold=True)
        rows.sheet.text(form.width - 188, y, said, size=form.size)
        rows.sheet.text(form.width, y, f"n = {count(rate.n)}", "muted", form.size, "end")
    else:
        rows.sheet.text(form.width, y, percent(rate.rate), size=form.size, anchor="end", bold=True)
