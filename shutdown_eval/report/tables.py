"""Tables as data: what the page's one template for tables puts out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby


class Kind(StrEnum):
    """What stands in a column, and so how it is set."""

    NUMBER = "n"
    """On the right."""
    TEXT = "t"
    NOTES = "r"
    """Numbers of notes below the table, separated by spaces."""


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    head: str
    kind: Kind = Kind.NUMBER
    over: str = ""
    """A head above it, which it shares with its neighbours."""


@dataclass(frozen=True)
class Group:
    """Rows that belong together. The first cell of each is what the row is about."""

    head: str
    """Stands in a row of its own, unless it is nothing."""
    rows: list[list[str]]


@dataclass(frozen=True)
class Table:
    """A table, or the reason why there is none."""

    name: str
    """Its id in the page."""
    caption: str = ""
    columns: list[Column] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """Below it, numbered from 1."""
    absent: str = ""
    folded: str = ""
    """What stands for the table until it is opened, or nothing if it is open."""

    @property
    def heads(self) -> list[tuple[str, list[Column]]]:
        """The columns in the order in which they stand, with the heads above them."""
        return [(over, list(columns)) for over, columns in groupby(self.columns, lambda column: column.over)]


def text(*heads: str) -> list[Column]:
    """Columns of words."""
    return [Column(head, Kind.TEXT) for head in heads]


def numbers(*heads: str, over: str = "") -> list[Column]:
    """Columns of numbers, with a head above them all if there is one."""
    return [Column(head, over=over) for head in heads]


def grouped(rows: Sequence[tuple[str, list[str]]]) -> list[Group]:
    """Rows with the head of their group, put together in the order in which the heads come."""
    groups: dict[str, list[list[str]]] = {}
    for head, row in rows:
        groups.setdefault(head, []).append(row)
    return [Group(head, of_it) for head, of_it in groups.items()]
