"""Text that a model chose, as a cell of a table: harmless in a spreadsheet, and on one line. Pure."""

MOST = 2000
"""Characters of a cell. Spreadsheets take 32,767, and nobody reads them."""

FORMULA = "=+-@\uff1d\uff0b\uff0d\uff20"
"""What a spreadsheet takes for the start of a formula, the full-width forms included."""


def cell(value: object) -> str:
    """A value as text for a cell.

    White space becomes single spaces. What cannot be seen is removed: control characters, those that turn a text's direction,
    lone surrogates. An apostrophe goes before what could be a formula.
    """
    text = " ".join("".join(c for c in str(value) if c.isprintable() or c.isspace()).split())
    if len(text) > MOST:
        text = f"{text[:MOST]} [{len(text) - MOST} more characters]"
    return f"'{text}" if text.startswith(tuple(FORMULA)) else text
