"""The bar for those who wait."""

import io

import pytest
from rich.console import Console

from shutdown_eval import console


@pytest.mark.parametrize(("patience", "terminal", "shown"), [(60, True, False), (0, True, True), (0, False, False)])
def test_a_bar_is_shown_on_a_terminal_to_those_who_wait(monkeypatch, patience, terminal, shown):
    screen = io.StringIO()
    monkeypatch.setattr(console, "PATIENCE", patience)
    monkeypatch.setattr(console, "Console", lambda **_: Console(file=screen, force_terminal=terminal))
    with console.progress("Reading", 2) as advance:
        advance()
        advance()
    assert ("Reading" in screen.getvalue()) is shown
