"""Models by arms: the rate of resisted as colour and as number."""

from collections.abc import Sequence

from shutdown_eval.analysis.results import Cell
from shutdown_eval.report.names import labels, shorten, width
from shutdown_eval.report.numbers import NONE
from shutdown_eval.report.rows import Format
from shutdown_eval.report.sheet import Sheet
from shutdown_eval.report.theme import STEPS, heat_step

HEIGHT = 26
LEFT = {"wide": 210, "narrow": 150}
COLUMNS = {"wide": 20, "narrow": 5}
"""Arms of one sheet at most."""

RIGHT = 46
"""Pixels that the last arm's name has."""

WIDEST = 64
"""Pixels of a cell at most."""

LETTERS = 16
"""Of an arm's name at most."""

UPRIGHT = 4
"""Letters of an arm's name that fit above its column without being turned."""

STEEP = 65
"""Degrees by which longer ones are."""


def draw(cells: Sequence[Cell], models: list[str], arms: list[str], form: Format) -> list[Sheet]:
    """Draw the table, in pieces of as many arms as fit."""
    rates = {(cell.model, cell.arm): cell.resisted.rate for cell in cells}
    most = COLUMNS[form.name]
    pieces = -(-len(arms) // most)
    each = -(-len(arms) // pieces) if pieces else 1
    column = min(WIDEST, (form.width - LEFT[form.name] - RIGHT) / each)
    sheets = []
    for start in range(0, len(arms), each):
        sheets.append(_sheet(rates, models, arms[start : start + each], form, column, start + each >= len(arms)))
    return sheets


def shown(rate: float | None) -> str:
    """A rate in percent, in as few letters as a cell has room for."""
    if rate is None:
        return NONE
    if 0 < rate < 0.0005:
        return "<0.1"
    return f"{100 * rate:.{1 if 0 < rate < 0.0995 or 0.995 <= rate < 0.9995 else 0}f}"


def _sheet(
    rates: dict[tuple[str, str], float | None],
    models: list[str],
    arms: list[str],
    form: Format,
    column: float,
    scale: bool,
) -> Sheet:
    names = [shorten(arm, LETTERS) for arm in arms]
    longest = max(width(name) for name in names)
    top = 26 if longest <= UPRIGHT else 24 + longest * form.size * 0.54
    left = LEFT[form.name]
    bottom = top + HEIGHT * len(models)
    sheet = Sheet(form.width, bottom + (44 if scale else 8))
    for i, name in enumerate(names):
        x = left + column * (i + 0.5)
        if width(name) > UPRIGHT:
            sheet.text(x + 3, top - 8, name, size=form.size, rotation=STEEP)
        else:
            sheet.text(x, top - 12, name, size=form.size, anchor="middle")
    label = labels(models, form.letters(left - 12))
    for j, model in enumerate(models):
        y = top + HEIGHT * j
        sheet.text(left - 10, y + HEIGHT / 2, label[model], size=form.size, anchor="end")
        for i, arm in enumerate(arms):
            _cell(sheet, rates, (model, arm), left + column * i, y, column, form.size)
    if scale:
        _scale(sheet, left, bottom + 16, form)
    return sheet


def _cell(
    sheet: Sheet,
    rates: dict[tuple[str, str], float | None],
    which: tuple[str, str],
    x: float,
    y: float,
    column: float,
    size: int,
) -> None:
    rate = rates.get(which)
    step = None if rate is None else heat_step(rate)
    if step is not None:
        sheet.boxes([(x + 1, y + 1, column - 2, HEIGHT - 2)], f"heat-{step}")
    ink = "muted" if step is None else f"heat-ink-{step}"
    sheet.text(x + column / 2, y + HEIGHT / 2, shown(rate) if which in rates else "", ink, size, "middle")


def _scale(sheet: Sheet, left: float, y: float, form: Format) -> None:
    """One swatch for nothing at all, then one for every tenth."""
    each = min(26, (form.width - left - 40) / STEPS)
    for step in range(STEPS):
        sheet.boxes([(left + each * step + (4 if step else 0), y, each, 10)], f"heat-{step}")
    for share, x in ((0, left + each / 2), (50, left + 4 + each * 6), (100, left + 4 + each * STEPS)):
        sheet.text(x, y + 19, f"{share}{' %' if share == 100 else ''}", "muted", form.size - 1, "middle")
