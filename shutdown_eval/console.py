"""What people see of a command: tables wide enough where there is no terminal, and a bar where they have to wait."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress

PATIENCE = 2.0
"""Seconds without a bar."""


def wide_console() -> Console:
    """Wide enough for the tables where the output is not a terminal."""
    return Console(width=None if Console().is_terminal else 160)


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar on standard error while something takes longer than two seconds. Gives the function that counts one more.

    Args:
        what: What is done, for the person who waits.
        total: How often there will be one more.
    """
    console = Console(stderr=True)
    bar = Progress(console=console, transient=True, disable=not console.is_terminal)
    task, started = bar.add_task(what, total=total), time.monotonic()

    def advance() -> None:
        bar.advance(task)
        if not bar.live.is_started and time.monotonic() - started > PATIENCE:
            bar.start()

    try:
        yield advance
    finally:
        if bar.live.is_started:
            bar.stop()
