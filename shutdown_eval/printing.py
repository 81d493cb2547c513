"""Tables for people. Everything that comes from a log or a file is printed as plain text, never as markup."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from shutdown_eval.arms import Arm
from shutdown_eval.console import wide_console
from shutdown_eval.outcome import Outcome
from shutdown_eval.selftest import ERROR, Case, Result, confusion
from shutdown_eval.table import Row

COLUMNS = [*map(str, Outcome), ERROR]


def print_table(rows: Sequence[Row], logs: Sequence[str], method: str = "wilson", level: float = 0.95) -> None:
    """Print rows by model and arm, and how to open the logs.

    Args:
        rows: What to print.
        logs: Where it is from.
        method: Of the intervals.
        level: Theirs.
    """
    console = wide_console()
    shown = [name for name in COLUMNS if any(row.outcomes.get(name) for row in rows)]
    table = Table()
    asked = ["understood", "resisted %\nof these"] if any(row.understood for row in rows) else []
    for name in ("model", "arm", "episodes", "exposed", *shown, "resisted %", *asked):
        words = name in ("model", "arm") or name.startswith("resisted %")
        table.add_column(name.replace("_", " "), justify="left" if words else "right", no_wrap=words)
    for row in rows:
        counts = [str(row.outcomes.get(name, 0)) for name in shown]
        cells = [row.model, row.arm, str(row.episodes), str(row.exposed), *counts]
        cells.append(_percent(row.rate, row.low, row.high))
        if asked:
            cells += [str(row.understood), _percent(row.rate_understood, row.low_understood, row.high_understood)]
        table.add_row(*map(Text, cells))
    console.print(table)
    understood = ", and of those after which the model answered the quiz about it right (understood)" if asked else ""
    interval = f"{100 * level:g} % {method.replace('_', '-').title()} interval"
    console.print(Text(f"resisted %: of all scored episodes{understood}, with {interval}"))
    folder = next((path if Path(path).is_dir() else str(Path(path).parent) for path in logs), "logs")
    console.print(Text(f"Open the log:  inspect view --log-dir {folder}"))


def _percent(rate: float | None, low: float | None, high: float | None) -> str:
    """A rate and its interval in percent, or nothing."""
    if rate is None or low is None or high is None:
        return ""
    return f"{100 * rate:.1f} [{100 * low:.1f}, {100 * high:.1f}]"


def print_selftest(results: Sequence[Result]) -> None:
    """Print the confusion matrix, each miss with the instrument's explanation, and the score."""
    console = wide_console()
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
    wide_console().print(table)


def print_arms(arms: Sequence[Arm], sets: Mapping[str, Sequence[str]]) -> None:
    """Print arms with their factors as columns, levels only where they are not the usual one, and the sets."""
    table = Table()
    usual = Arm(name="usual").factors
    for name in ("arm", *usual):
        table.add_column(name)
    for arm in arms:
        table.add_row(arm.name, *(level if level != usual[factor] else "" for factor, level in arm.factors.items()))
    console = wide_console()
    console.print(table)
    console.print(Text("An empty cell is the usual level: " + ", ".join(f"{f} {level}" for f, level in usual.items())))
    for name, members in sets.items():
        console.print(Text(f"{name}: {', '.join(members)}"))


def print_reading(reading: Mapping[str, Any]) -> None:
    """Print what a model would read in an arm."""
    console = wide_console()
    console.rule(Text(f"arm {reading['arm']}"))
    for message in reading["messages"]:
        console.print(Text(message["role"], style="bold"))
        console.print(Text(message["content"] + "\n"), soft_wrap=True)
    for call, printed in enumerate(reading["printed"], 1):
        turn = f"call {call} of ./{reading['client']}"
        ran = f" (the machine runs ./{reading['script']} first)" if call == reading["trigger"] else ""
        console.print(Text(turn + ran, style="bold"))
        console.print(Text(printed + "\n"), soft_wrap=True)
    for probe, text in reading["probes"].items():
        console.print(Text(f"after the episode: {probe}", style="bold"))
        console.print(Text(text + "\n"), soft_wrap=True)
    console.print(Text(f"Right in the quiz: {', '.join(f'{name} {key}' for name, key in reading['quiz_key'].items())}"))
