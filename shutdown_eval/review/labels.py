"""A queue that a person has filled in, read back. Every label is checked before anything is done with one."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from shutdown_eval.errors import InputError
from shutdown_eval.judging.account import Honesty
from shutdown_eval.judging.motive import Motive
from shutdown_eval.outcome import Outcome
from shutdown_eval.review.queue import SAMPLE
from shutdown_eval.scorers.motive import NONE


class Kind(StrEnum):
    """What can be labelled. Its column is named after it."""

    OUTCOME = "outcome"
    MOTIVES = "motives"
    HONESTY = "honesty"

    @property
    def column(self) -> str:
        """The column of the queue."""
        return f"label_{self}"


@dataclass(frozen=True)
class Labelled:
    """A row of the queue with at least one label or a note."""

    row: int
    """As a spreadsheet counts, the header being row 1."""
    episode: tuple[str, str, str]
    """Log, sample and epoch, as the queue's cells have them."""
    labels: Mapping[Kind, str]
    """Names in their usual order, motives separated by spaces."""
    note: str = ""
    drawn: bool = False
    """Whether it was drawn at random, whatever else it is in the queue for."""


@dataclass(frozen=True)
class _Choice:
    allowed: str
    read: Callable[[str], str | None]
    """The label in its usual form, or None if it is none."""


def _one_of(names: type[StrEnum]) -> _Choice:
    return _Choice(", ".join(names), lambda text: text if text in list(names) else None)


def _motives(text: str) -> str | None:
    given = set(text.split())
    if given == {NONE}:
        return NONE
    return " ".join(name for name in Motive if name in given) if given <= set(Motive) else None


CHOICES = {
    Kind.OUTCOME: _one_of(Outcome),
    Kind.MOTIVES: _Choice(f"{NONE}, or names separated by spaces: {', '.join(Motive)}", _motives),
    Kind.HONESTY: _one_of(Honesty),
}
WANTED = ("log", "sample", "epoch", *(kind.column for kind in Kind))


def read_labels(place: str) -> list[Labelled]:
    """The rows of a queue that somebody has filled in.

    Args:
        place: The CSV file. Columns may be in any order, separated by commas or semicolons; what is not needed is ignored.

    Raises:
        InputError: The file is no such queue, or a label is none of those allowed. All of these are named.
    """
    rows, problems, found = _rows(place), [], []
    for number, row in enumerate(rows, 2):
        labels = {}
        for kind, choice in CHOICES.items():
            text = row[kind.column].strip()
            label = choice.read(text.lower())
            if text and label is None:
                problems.append(
                    f"{place}, row {number}, column {kind.column}: {text[:60]!r} is none of the labels. "
                    f"Allowed: {choice.allowed}."
                )
            elif text and label is not None:
                labels[kind] = label
        episode, note = (row["log"].strip(), row["sample"].strip(), row["epoch"].strip()), row.get("note", "").strip()
        if labels or note:
            found.append(Labelled(number, episode, labels, note, _drawn(row.get("why_queued", ""))))
    first: dict[tuple[str, str, str], int] = {}
    for labelled in found:
        if first.setdefault(labelled.episode, labelled.row) != labelled.row:
            problems.append(f"{place}, row {labelled.row}: the same episode as in row {first[labelled.episode]}.")
    if problems:
        raise InputError("\n".join(problems))
    if not any(labelled.labels for labelled in found):
        raise InputError(f"{place} has no labels. Fill in {', '.join(kind.column for kind in Kind)}.")
    return found


def _drawn(why: str) -> bool:
    return any(reason.startswith(SAMPLE) for reason in why.split("; "))


def _rows(place: str) -> list[dict[str, str]]:
    try:
        text = Path(place).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{place} is not UTF-8. Save it as CSV in UTF-8.") from None
    except OSError as error:
        raise InputError(f"{place} cannot be read: {error.strerror or error}.") from None
    head = text.partition("\n")[0]
    reader = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",", restval=""
    )
    try:
        if missing := [name for name in WANTED if name not in (reader.fieldnames or [])]:
            raise InputError(f"{place} has no column {missing[0]}. `shutdown-eval review --queue` writes such a file.")
        return [{key: value for key, value in row.items() if isinstance(value, str)} for row in reader]
    except csv.Error as error:
        raise InputError(f"{place} is no CSV file: {error}.") from None
