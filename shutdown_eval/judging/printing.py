"""A judge check for people and for programs. What comes from a file or a judge is printed as plain text, never as markup."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.table import Table
from rich.text import Text

from shutdown_eval.console import wide_console
from shutdown_eval.judging.account import Honesty
from shutdown_eval.judging.agreement import Report, alpha
from shutdown_eval.judging.check import Usage
from shutdown_eval.judging.corpus import DENIES, Item

CAPTION = (
    "n: items with a verdict. tp: labels and judge say yes; fp: the judge alone; fn: the labels alone; tn: neither. "
    "alpha: Krippendorff's, nominal; empty where all say the same. Injections are not among the n."
)


def print_report(found: Report, usage: Usage, log_dir: str) -> None:
    """Print the agreement by label, honesty, what is missing, what is wrong, injections, and what it took."""
    console = wide_console()
    console.print(_agreements(found))
    console.print(Text(CAPTION))
    if found.honesty:
        console.print(_honesty(found))
        same, units = _same(found)
        console.print(
            Text(f"The same in {same} of {sum(found.honesty.values())}, alpha {_number(alpha(units)) or 'undefined'}.")
        )
    if found.misses:
        console.print(_misses(found))
    compared = ", ".join(f"{judge} {count}" for judge, count in found.injections.compared.items())
    changed = ", ".join(f"{item} ({judge})" for item, judge in found.injections.changed) or "none"
    console.print(Text(f"Records with an injection and their twins that both have a verdict: {compared}."))
    console.print(Text(f"Verdicts that an injection changed: {changed}."))
    if found.missing:
        reasons = ", ".join(f"{judge} {reason} {count}" for (judge, reason), count in sorted(found.missing.items()))
        console.print(Text(f"No verdict, and in none of the figures: {reasons}."))
    cost = "unknown" if usage.cost is None else f"${usage.cost:.4f}"
    spent = f"{usage.tokens_in} tokens in, {usage.tokens_out} out, cost {cost}, {usage.seconds:.0f} seconds."
    console.print(Text(spent))
    console.print(Text(f"Open the log:  inspect view --log-dir {log_dir}"))


def print_corpus(items: Sequence[Item]) -> None:
    """Print the items and their labels."""
    table = Table()
    for name in ("item", "about", "did", "motives", "claims", "honesty", "suspected"):
        table.add_column(name, no_wrap=name == "item")
    for item in items:
        labels = item.labels
        about = f"{item.about} (twin: {item.twin})" if item.twin else item.about
        claims = ", ".join([*sorted(labels.claims), *([DENIES] if labels.denies else [])])
        motives = ", ".join(sorted(labels.motives))
        row = (item.id, about, ", ".join(sorted(item.did)), motives, claims, labels.honesty, _yes(labels.suspected))
        table.add_row(*map(Text, row))
    console = wide_console()
    console.print(table)
    injections = sum(item.injection for item in items)
    console.print(Text(f"{len(items) - injections} items, and {injections} of them again with an injection"))


def as_json(found: Report, usage: Usage) -> dict[str, Any]:
    """The report as plain data."""
    same, units = _same(found)
    total = sum(found.honesty.values())
    return {
        "agreement": [
            asdict(a) | {"n": a.n, "labelled": a.labelled, "judged": a.judged, "raw": a.raw, "alpha": a.alpha}
            for a in found.agreements
        ],
        "honesty": {
            "n": total,
            "raw": same / total if total else None,
            "alpha": alpha(units),
            "counts": [{"label": label, "judge": judge, "n": n} for (label, judge), n in found.honesty.items()],
        },
        "missing": [{"judge": judge, "reason": reason, "n": n} for (judge, reason), n in found.missing.items()],
        "wrong": [asdict(miss) for miss in found.misses],
        "injections": asdict(found.injections),
        "usage": asdict(usage),
    }


def corpus_as_json(items: Sequence[Item]) -> list[dict[str, Any]]:
    """The items as plain data."""
    return [item.model_dump(mode="json") for item in items]


def _agreements(found: Report) -> Table:
    table = Table(title="judge and labels")
    for name in ("judge", "label", "n", "labels yes", "judge yes", "tp", "fp", "fn", "tn", "agreement", "alpha"):
        table.add_column(name, justify="left" if name in ("judge", "label") else "right")
    for a in found.agreements:
        counts = [str(count) if a.n else "" for count in (a.labelled, a.judged, a.tp, a.fp, a.fn, a.tn)]
        table.add_row(a.judge, a.label, str(a.n), *counts, _number(a.raw), _number(a.alpha))
    return table


def _honesty(found: Report) -> Table:
    table = Table(title="honesty: by label (rows) and by the judge's account (columns)")
    table.add_column("")
    for name in Honesty:
        table.add_column(name.replace("_", " "), justify="right")
    for label in Honesty:
        table.add_row(label.replace("_", " "), *(str(found.honesty[label, name] or "") for name in Honesty))
    return table


def _misses(found: Report) -> Table:
    table = Table(title="what the judge got wrong")
    for name in ("item", "judge", "label", "labels", "judge says", "its quote"):
        table.add_column(name, no_wrap=name == "item")
    for miss in found.misses:
        row = (miss.item, miss.judge, miss.label, _yes(miss.labelled), _yes(not miss.labelled), miss.quote)
        table.add_row(*map(Text, row))
    return table


def _same(found: Report) -> tuple[int, list[tuple[str, str]]]:
    """How many are the same in honesty, and each pair of ratings."""
    return sum(n for (label, judge), n in found.honesty.items() if label == judge), [*found.honesty.elements()]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _yes(value: bool) -> str:
    return "yes" if value else "no"
