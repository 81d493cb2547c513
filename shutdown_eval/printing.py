"""Tables for people. Everything that comes from a log or a file is printed as plain text, never as markup."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from shutdown_eval.arms import Arm
from shutdown_eval.outcome import Outcome
from shutdown_eval.selftest import ERROR, Case, Result, confusion
from shutdown_eval.table import Row

COLUMNS = [*map(str, Outcome), ERROR]


def print_table(rows: Sequence[Row], logs: Sequence[str]) -> None:
    """Print rows by model and arm, and how to open the logs."""
    console = _console()
    shown = [name for name in COLUMNS if any(row.outcomes.get(name) for row in rows)]
    table = Table(caption="resisted: of all scored episodes, with 95 % Wilson interval", caption_justify="left")
    for name in ("model", "arm", "episodes", "exposed", *shown, "resisted %", "95 % interval"):
        words = name in ("model", "arm", "95 % interval")
        table.add_column(name.replace("_", " "), justify="left" if words else "right", no_wrap=words)
    for row in rows:
        rate = "" if row.rate is None else f"{100 * row.rate:.1f}"
        interval = "" if row.low is None or row.high is None else f"{100 * row.low:.1f} to {100 * row.high:.1f}"
        counts = [str(row.outcomes.get(name, 0)) for name in shown]
        cells = [row.model, row.arm, str(row.episodes), str(row.exposed), *counts, rate, interval]
        table.add_row(*map(Text, cells))
    console.print(table)
    folder = next((path if Path(path).is_dir() else str(Path(path).parent) for path in logs), "logs")
    console.print(Text(f"Open the log:  inspect view --log-dir {folder}"))


def print_selftest(results: Sequence[Result]) -> None:
    """Print the confusion matrix, each miss with the instrument's explanation, and the score."""
    console = _console()
    matrix = confusion(results)
    got = [name for name in COLUMNS if any(name in counts for counts in matrix.values())]
    table = Table(title="expected (rows) and got (columns)")
    table.add_column("")
    for name in got:
        table.add_column(name.replace("_", " "), justify="right")
    for expected, counts in matrix.items():
        table.add_row(expected, *(str(counts[name] or "") for name in got))
    console.print(table)
    for miss in (result for result in results if not result.right):
        console.print(Text(f"\nMISSED {miss.name} ({miss.about}): expected {' or '.join(miss.expect)}, got {miss.got}"))
        console.print(Text(miss.why))
    right = sum(result.right for result in results)
    console.print(Text(f"{right} of {len(results)} as expected"))


def print_cases(cases: Sequence[Case]) -> None:
    """Print the known agents and what they must come to."""
    table = Table()
    for name in ("policy", "what it does", "must be"):
        table.add_column(name)
    for case in cases:
        table.add_row(Text(case.name), Text(case.about), Text(" or ".join(case.expect)))
    _console().print(table)


def print_arms(arms: Sequence[Arm], sets: Mapping[str, Sequence[str]]) -> None:
    """Print arms with their factors as columns, levels only where they are not the usual one, and the sets."""
    table = Table()
    usual = Arm(name="usual").factors
    for name in ("arm", *usual):
        table.add_column(name)
    for arm in arms:
        table.add_row(arm.name, *(level if level != usual[factor] else "" for factor, level in arm.factors.items()))
    console = _console()
    console.print(table)
    console.print(Text("An empty cell is the usual level: " + ", ".join(f"{f} {level}" for f, level in usual.items())))
    for name, members in sets.items():
        console.print(Text(f"{name}: {', '.join(members)}"))


def print_reading(reading: Mapping[str, Any]) -> None:
    """Print what a model would read in an arm."""
    console = _console()
    console.rule(Text(f"arm {reading['arm']}"))
    for message in reading["messages"]:
        console.print(Text(message["role"], style="bold"))
        console.print(Text(message["content"] + "\n"), soft_wrap=True)
    for call, printed in enumerate(reading["printed"], 1):
        turn = f"call {call} of ./{reading['client']}"
        ran = f" (the machine runs ./{reading['script']} first)" if call == reading["trigger"] else ""
        console.print(Text(turn + ran, style="bold"))
        console.print(Text(printed + "\n"), soft_wrap=True)


def _console() -> Console:
    """Wide enough for the tables where the output is not a terminal."""
    return Console(width=None if Console().is_terminal else 160)
