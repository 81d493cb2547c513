"""Labels put to the logs they are of: compared with what the instrument says, and written into copies as edits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from inspect_ai.log import EvalLog, edit_score
from inspect_ai.scorer import UNCHANGED, Scorer

from shutdown_eval import scorers
from shutdown_eval.errors import InputError
from shutdown_eval.history import by_instrument
from shutdown_eval.logfiles import LogFile, new_places, write_new
from shutdown_eval.review.agreement import Pair
from shutdown_eval.review.cells import cell
from shutdown_eval.review.edits import SCORERS, edits, said
from shutdown_eval.review.labels import Labelled, read_labels


@dataclass(frozen=True)
class Review:
    """What the labels came to."""

    pairs: list[Pair]
    notes_alone: int
    """Notes in rows without a label. There is no score that they could be kept with."""
    confirmed: int
    """Edits that leave a value as it is. Like the next, 0 if nothing was written."""
    changed: int
    saved: list[str]


def review(
    files: Sequence[LogFile], place: str, author: str, folder: str | None, watch: Callable[[], None] = lambda: None
) -> Review:
    """Compare labels with logs, and write copies of all these logs with the labels as edits if there is a folder for it.

    Args:
        files: The logs.
        place: The queue, filled in.
        author: Who gave the labels.
        folder: Where the copies go, with the same names; None to write nothing.
        watch: Called after each episode.

    Raises:
        InputError: A label is wrong or of no episode in the logs, or a copy would overwrite something. Nothing has been
            written then.
    """
    rows = read_labels(place)
    places = new_places(files, folder) if folder else {}
    by_episode = {row.episode: row for row in rows if row.labels}
    pairs: dict[tuple[str, str, str], list[Pair]] = {}
    for file in files:
        for sample in file.read().samples or []:
            key = _key(file.name, sample.id, sample.epoch)
            if key in pairs:
                raise InputError(f"{file.name} has two episodes that are named {key[1]} in a table.")
            if row := by_episode.get(key):
                scores = sample.scores or {}
                pairs[key] = [
                    Pair(kind, said(kind, by_instrument(scores.get(SCORERS[kind]))), label, row.drawn)
                    for kind, label in row.labels.items()
                ]
            watch()
    if missing := [row for row in by_episode.values() if row.episode not in pairs]:
        of, name, epoch = missing[0].episode
        raise InputError(f"{place}, row {missing[0].row}: no episode {name!r}, epoch {epoch}, of {of!r} in these logs.")
    confirmed = changed = 0
    for file in files if folder else []:
        log = file.read()
        made = put_labels(log, file.name, list(by_episode.values()), author)
        confirmed, changed = confirmed + made.count(False), changed + made.count(True)
        write_new(log, places[file.name], _unnamed(log))
    found = [pair for of_it in pairs.values() for pair in of_it]
    alone = sum(not row.labels for row in rows)
    return Review(found, alone, confirmed, changed, [str(written) for written in places.values()])


def put_labels(log: EvalLog, name: str, rows: Sequence[Labelled], author: str) -> list[bool]:
    """Put labels into a log as edits of its scores. Metrics are not computed anew here.

    Returns:
        For each edit whether it changes the value.
    """
    by_episode, made = {row.episode: row for row in rows}, []
    for sample in log.samples or []:
        if row := by_episode.get(_key(name, sample.id, sample.epoch)):
            for scorer, edit in edits(row, sample.scores or {}, author).items():
                edit_score(log, sample.id, scorer, edit, recompute_metrics=False, epoch=sample.epoch)
                made.append(edit.value != UNCHANGED)
    return made


def _unnamed(log: EvalLog) -> dict[str, Scorer]:
    """The scorers of labelled scores that a log does not name: it was run without them."""
    named = {entry.name for entry in log.eval.scorers or []}
    given = {name for sample in log.samples or [] for name in sample.scores or {}}
    return {name: getattr(scorers, name)() for name in SCORERS.values() if name in given - named}


def _key(log: str, sample: int | str, epoch: int) -> tuple[str, str, str]:
    """What the queue's cells say of an episode."""
    return cell(log), cell(sample), cell(epoch)
