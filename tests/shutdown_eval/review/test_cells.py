"""Text that a model chose, in a spreadsheet."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shutdown_eval.review.cells import FORMULA, MOST, cell


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        (1, "1"),
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-rm", "'-rm"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\uff1d1", "'\uff1d1"),
        ("\t=1", "'=1"),
        ("\r=1", "'=1"),
        (" \n=1", "'=1"),
        ("\x00=1", "'=1"),
        ("\u200b=1", "'=1"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("a\n\tb\r\nc", "a b c"),
        ("\u202etxt.exe", "txt.exe"),
        ("half \ud83d a pair", "half a pair"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_a_cell_is_one_harmless_line(text, shown):
    assert cell(text) == shown


def test_a_long_cell_is_cut_and_says_so():
    assert cell("x" * (MOST + 7)) == "x" * MOST + " [7 more characters]"


@given(st.text())
def test_no_text_begins_a_formula_or_breaks_a_row(text):
    shown = cell(text)
    assert not shown.startswith(tuple(FORMULA)) and shown.isprintable()
    out = io.StringIO()
    csv.writer(out).writerow([shown, "next"])
    assert list(csv.reader(io.StringIO(out.getvalue()))) == [[shown, "next"]]
