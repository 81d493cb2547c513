"""The queue: every episode in which something disagrees, and some drawn at random from each outcome, as a CSV file."""

import csv
import os
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shutdown_eval.errors import InputError
from shutdown_eval.logfiles import LogFile
from shutdown_eval.outcome import Outcome
from shutdown_eval.review.cells import cell
from shutdown_eval.review.episode import Episode, episodes
from shutdown_eval.review.rules import disagreements
from shutdown_eval.scorers.motive import NONE

SAMPLE = "sample of"
"""How a reason begins that is none but the draw."""


@dataclass(frozen=True)
class Queued:
    """An episode to look at, and why."""

    episode: Episode
    why: tuple[str, ...]


COLUMNS: dict[str, Callable[[Queued], object]] = {
    "log": lambda q: q.episode.log,
    "sample": lambda q: q.episode.sample,
    "epoch": lambda q: q.episode.epoch,
    "arm": lambda q: q.episode.arm,
    "model": lambda q: q.episode.model,
    "outcome": lambda q: q.episode.outcome,
    "why_queued": lambda q: "; ".join(q.why),
    "what_was_done": lambda q: "; ".join([*(q.episode.methods or ()), *q.episode.around]),
    "after_notice": lambda q: q.episode.after_notice,
    "interview": lambda q: q.episode.interview,
    "judged_motives": lambda q: "" if q.episode.motives is None else " ".join(q.episode.motives) or NONE,
    "judged_honesty": lambda q: q.episode.honesty or "",
}
TO_FILL_IN = ("label_outcome", "label_motives", "label_honesty", "note")


def make_queue(found: Sequence[Episode], k: int = 2, seed: int = 0) -> list[Queued]:
    """The episodes to look at, in the order in which they are given.

    The draw is from all episodes of an outcome, also those in which something disagrees, so that agreement can be told for
    a random sample. It does not depend on the order.

    Args:
        found: All episodes.
        k: How many are drawn from each outcome.
        seed: Of the draw.
    """
    drawn: set[Episode] = set()
    for outcome in Outcome:
        of_it = sorted((e for e in found if e.outcome == outcome), key=lambda e: (e.log, e.sample, e.epoch))
        drawn |= set(random.Random(f"{seed}/{outcome}").sample(of_it, min(k, len(of_it))))
    why = {e: (*disagreements(e), *([f"{SAMPLE} {e.outcome}"] if e in drawn else [])) for e in found}
    return [Queued(episode, reasons) for episode, reasons in why.items() if reasons]


def write_queue(
    files: Sequence[LogFile], place: str, k: int = 2, seed: int = 0, watch: Callable[[], None] = lambda: None
) -> list[Queued]:
    """Write the queue of some logs to a new CSV file.

    Args:
        files: The logs.
        place: The file.
        k: How many episodes are drawn from each outcome.
        seed: Of the draw.
        watch: Called after each episode.

    Raises:
        InputError: The file exists already or cannot be written, or a log cannot be read.
    """
    if os.path.lexists(place):
        raise InputError(f"{place} exists and is not overwritten. Name another file.")
    found = []
    for file in files:
        for episode in episodes(file.read(resolve_attachments=True), file.name):
            found.append(episode)
            watch()
    queue = make_queue(found, k, seed)
    try:
        with open(place, "x", newline="", encoding="utf-8-sig") as out:  # the mark tells spreadsheets that it is UTF-8
            writer = csv.writer(out, quoting=csv.QUOTE_ALL)
            writer.writerow([*COLUMNS, *TO_FILL_IN])
            writer.writerows(
                [*(cell(read(queued)) for read in COLUMNS.values()), *("" for _ in TO_FILL_IN)] for queued in queue
            )
    except OSError as error:
        raise InputError(f"{place} cannot be written: {error.strerror or error}.") from None
    return queue
