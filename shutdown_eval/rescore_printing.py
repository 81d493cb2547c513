"""What scoring logs again came to, for people and as JSON. Text from a log is printed as plain text, never as markup."""

from collections.abc import Mapping
from typing import Any

from inspect_ai.scorer import Score
from rich.table import Table
from rich.text import Text

from shutdown_eval.console import wide_console
from shutdown_eval.history import editor, plain
from shutdown_eval.rescore import Fate, Report, Rescored


def print_report(report: Report, folder: str | None) -> None:
    """Print every score of which the present code says something else, a summary, and what was written."""
    console = wide_console()
    for log in dict.fromkeys(score.log for score in report.differing):
        console.print(Text(log))
        table = Table()
        for name in ("episode", "scorer", "the log says", "the code says", "why"):
            table.add_column(name)
        for score in (score for score in report.differing if score.log == log):
            table.add_row(*map(Text, [_episode(score), score.scorer, *_values(score), _why(score)]))
        console.print(table)
    console.print(_summary(report))
    for (old, new), count in report.transitions.items():
        console.print(Text(f"outcome {old} -> {new}: {count}"))
    episodes, changed = report.episodes
    console.print(Text(f"{episodes} episodes scored again, {changed} with a new or changed score."))
    if report.errors:
        console.print(Text(f"Ended in an error, never scored, and left so: {report.errors}."))
    if by_hand := sum(counts[Fate.KEPT] for counts in report.by_scorer.values()):
        console.print(Text(f"Scores edited by hand, and left so: {by_hand}."))
    kept = f"Written to {folder}, the originals are as they were." if folder else "Nothing is written without --save."
    console.print(Text(kept))


def report_as_json(report: Report) -> dict[str, Any]:
    """The report as plain data. An unscored value is null, with its reason."""
    episodes, changed = report.episodes
    return {
        "scores": [
            {
                "log": score.log,
                "sample": score.sample,
                "epoch": score.epoch,
                "scorer": score.scorer,
                "fate": score.fate,
                "edited_by": editor(score.old) if score.old else "",
                "old": _data(score.old),
                "new": _data(score.new),
                "why": score.why,
            }
            for score in report.differing
        ],
        "episodes": episodes,
        "episodes_changed": changed,
        "episodes_in_error": report.errors,
        "by_scorer": {name: {fate.value: counts[fate] for fate in Fate} for name, counts in report.by_scorer.items()},
        "outcomes": [{"old": old, "new": new, "episodes": n} for (old, new), n in report.transitions.items()],
        "saved": report.saved,
    }


def _summary(report: Report) -> Table:
    table = Table()
    table.add_column("scorer")
    for fate in Fate:
        table.add_column("edited by hand" if fate is Fate.KEPT else fate, justify="right")
    for scorer, counts in report.by_scorer.items():
        table.add_row(scorer, *(str(counts[fate]) for fate in Fate))
    return table


def _episode(score: Rescored) -> str:
    return str(score.sample) if score.epoch == 1 else f"{score.sample} epoch {score.epoch}"


def _values(score: Rescored) -> tuple[str, str]:
    """Old and new value. Of two values with keys, only the keys that differ."""
    old, new = score.old, score.new
    if old and isinstance(old.value, Mapping) and isinstance(new.value, Mapping):
        keys = [key for key in {**old.value, **new.value} if _of(old.value, key) != _of(new.value, key)]
        if keys:
            return _pairs(old.value, keys), _pairs(new.value, keys)
    return _told(old) if old else "no score", _told(new)


def _told(score: Score) -> str:
    value = plain(score.value)
    if value is None:
        return f"unscored ({score.reason or 'no reason'})"
    if isinstance(value, dict):
        return score.answer or ", ".join(f"{key} {item}" for key, item in value.items())
    return str(value)


def _pairs(value: Mapping[str, Any], keys: list[str]) -> str:
    return ", ".join(f"{key} {_of(value, key)}" for key in keys)


def _of(value: Mapping[str, Any], key: str) -> Any:
    if key not in value:
        return "missing"
    return "unknown" if plain(value[key]) is None else value[key]


def _why(score: Rescored) -> str:
    by = f"Stays as edited by {editor(score.old)}. " if score.old and score.fate is Fate.KEPT else ""
    return by + score.why.replace("**", "")


def _data(score: Score | None) -> dict[str, Any] | None:
    return None if score is None else {"value": plain(score.value), "answer": score.answer, "reason": score.reason}
