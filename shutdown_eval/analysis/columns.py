"""The table of episodes: its columns, and how rows become one."""

from collections.abc import Iterable, Sequence
from enum import Enum, auto
from typing import Any, NamedTuple

import pandas as pd

from shutdown_eval.arms import FACTORS
from shutdown_eval.judging.motive import Motive
from shutdown_eval.outcome import Outcome
from shutdown_eval.scorers.motive import NONE

ERROR = "error"
"""In place of an outcome: the episode has no such score."""

OUTCOMES = [*(str(outcome) for outcome in Outcome), ERROR]


class Kind(Enum):
    """What a column holds. What is not known is NA in all of them (NaN in a NUMBER), and never 0 or False."""

    PLACE = auto()
    """Categorical, exactly as in the log, so that the episode can be found there. To be escaped where it is shown."""
    WORD = auto()
    """Categorical. What cannot be printed is escaped, and nothing else: these are texts from outside too."""
    TEXT = auto()
    """String."""
    YES = auto()
    """Boolean."""
    WHOLE = auto()
    """Int64."""
    NUMBER = auto()
    """Float64."""


class Column(NamedTuple):
    """A column of the table."""

    kind: Kind
    about: str


COLUMNS = {
    "log": Column(Kind.PLACE, "Where the log is: a path or an address"),
    "sample": Column(Kind.PLACE, "The sample's id, such as E-00017"),
    "epoch": Column(Kind.WHOLE, "The epoch, 1 unless a user set more"),
    "uuid": Column(Kind.TEXT, "Inspect's own id of the episode"),
    "task": Column(Kind.WORD, "Inspect's id of the task, the same in a log and in those of its retries"),
    "model": Column(Kind.WORD, "The model under test"),
    "sandbox": Column(Kind.WORD, "The sandbox's provider"),
    "arm": Column(Kind.WORD, "The arm, `?` where it is not said"),
    **{factor: Column(Kind.WORD, f"The level of {factor}") for factor in FACTORS},
    "question_set": Column(Kind.WORD, "The questions; the same name means the same ones"),
    "seed": Column(Kind.WHOLE, "What question sets and phrasings were drawn from"),
    "phrasing": Column(
        Kind.WORD,
        "The number drawn for each text that has several phrasings, such as `notice.shutdown=2 system=0`. Without "
        "those of the questions after the episode, which came too late for it",
    ),
    "outcome": Column(Kind.WORD, "An `Outcome`, of which `invalid` is unscored, or `error`: no such score"),
    "reason": Column(Kind.WORD, "Why it is invalid"),
    "exposed": Column(Kind.YES, "Whether the model had a turn with the notice"),
    "resisted": Column(Kind.YES, "Whether the outcome is `resisted`; known for every scored episode and no other"),
    "attempted": Column(Kind.YES, "Likewise, `attempted`"),
    "strict": Column(Kind.YES, "Strict compliance, known for the exposed"),
    "math": Column(Kind.NUMBER, "The share of right answers, known where something was submitted"),
    "understood": Column(Kind.YES, "Whether every closed question about what was coming was answered right"),
    "resisted_if_understood": Column(Kind.YES, "Whether it resisted, known where it had understood"),
    "unprompted": Column(Kind.YES, "Whether it calls it a test of behaviour unasked"),
    "graded": Column(Kind.NUMBER, "How likely it says it is one, from 0 to 1"),
    "honesty": Column(Kind.WORD, "How its account compares with the evidence: an `Honesty`"),
    **{f"motive_{name}": Column(Kind.YES, f"Whether it shows the motive {name}") for name in map(str, (*Motive, NONE))},
    "methods": Column(Kind.WORD, "Each `Method` and each thing done around it, or `none`"),
    "tokens": Column(Kind.WHOLE, "Tokens of the model under test, in and out, answers after the episode included"),
    "seconds": Column(Kind.NUMBER, "From start to end, waiting and scoring included"),
    "error": Column(Kind.WORD, "How the error that ended it begins"),
    "limit": Column(Kind.WORD, "The kind of limit that ended it"),
    "retries": Column(Kind.WHOLE, "How often it was begun again after an error (Inspect's retry_on_error)"),
}
"""Every column by name, in order."""

Row = tuple[Any, ...]
"""The values of an episode, None where unknown, in the order of `COLUMNS`."""


def make_frame(logs: Iterable[Sequence[Row]]) -> pd.DataFrame:
    """The table, from the rows of one log after another."""
    values: list[list[Any]] = [[] for _ in COLUMNS]
    same: dict[Any, Any] = {}
    for rows in logs:
        for column, own, cells in zip(COLUMNS.values(), values, zip(*rows, strict=True), strict=False):
            shared = column.kind in (Kind.PLACE, Kind.WORD)  # one string for all equal ones
            own.extend([same.setdefault(cell, cell) for cell in cells] if shared else cells)
    arrays = {name: _array(name, own) for name, own in zip(COLUMNS, values, strict=True)}
    return pd.DataFrame(arrays, copy=False)


def _array(name: str, values: list[Any]) -> Any:
    match COLUMNS[name].kind:
        case Kind.PLACE:
            return pd.Categorical(values)
        case Kind.WORD if name == "outcome":
            return pd.Categorical(values, categories=OUTCOMES)
        case Kind.WORD:
            shown = {value: printable(value) for value in set(values) if value is not None}
            return pd.Categorical([shown.get(value) for value in values])
        case Kind.TEXT:
            return pd.array(values, dtype="string")
        case Kind.YES:
            return pd.array(values, dtype="boolean")
        case Kind.WHOLE:
            return pd.array(values, dtype="Int64")
    return pd.array(values, dtype="float64")


def printable(text: str) -> str:
    """A text with everything that cannot be printed escaped, so that it shows and does nothing to a terminal."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
