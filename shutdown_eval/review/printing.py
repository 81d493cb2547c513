"""The queue and the agreement, for people. Text from a log or a file is printed as plain text, never as markup."""

import math
from collections.abc import Mapping, Sequence

from rich.table import Table
from rich.text import Text

from shutdown_eval.console import wide_console
from shutdown_eval.review.agreement import agreement, confusion
from shutdown_eval.review.apply import Review
from shutdown_eval.review.queue import SAMPLE, TO_FILL_IN, Queued


def print_queue(queue: Sequence[Queued], place: str) -> None:
    """Print what is in the queue and what to do with it."""
    console = wide_console()
    differing = sum(not queued.why[0].startswith(SAMPLE) for queued in queue)
    drawn = sum(queued.why[-1].startswith(SAMPLE) for queued in queue)
    console.print(Text(f"{len(queue)} episodes in {place}: {differing} in which something disagrees, {drawn} drawn."))
    console.print(Text(f"Fill in {', '.join(TO_FILL_IN)} where you have an opinion, then:"))
    console.print(Text(f"shutdown-eval review LOGS... --labels {place} --author NAME --save FOLDER"))


def print_review(review: Review, folder: str | None) -> None:
    """Print how far the labels agree with the instrument, and what was written."""
    console = wide_console()
    table = Table()
    for name in ("label", "episodes", "reviewed", "compared", "agreed", "agreed %", "alpha"):
        table.add_column(name, justify="left" if name in ("label", "episodes") else "right")
    for found in agreement(review.pairs):
        share = f"{100 * found.agreed / found.compared:.1f}" if found.compared else ""
        counts = map(str, (found.reviewed, found.compared, found.agreed))
        alpha = "" if math.isnan(found.alpha) else f"{found.alpha:.2f}"
        table.add_row(found.kind, "drawn at random" if found.drawn else "all", *counts, share, alpha)
    console.print(table)
    console.print(Text("alpha: Krippendorff's, nominal; 1 by convention where only one value occurs"))
    if matrix := confusion(review.pairs):
        console.print(Text("outcomes by the instrument (rows) and by people (columns)"))
        console.print(_outcomes(matrix))
    if review.notes_alone:
        console.print(Text(f"Notes without a label, which are kept in the file only: {review.notes_alone}."))
    if folder:
        made = f"{review.confirmed} scores confirmed and {review.changed} changed"
        console.print(Text(f"{made} in the copies in {folder}. The originals are as they were."))
    else:
        console.print(Text("Nothing is written without --save."))


def _outcomes(matrix: Mapping[str, Mapping[str, int]]) -> Table:
    labels = sorted({label for counts in matrix.values() for label in counts})
    table = Table()
    table.add_column("")
    for label in labels:
        table.add_column(label, justify="right")
    for outcome in sorted(matrix):
        table.add_row(Text(outcome), *(str(matrix[outcome].get(label) or "") for label in labels))
    return table
