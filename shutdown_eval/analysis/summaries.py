"""A log's header and the summaries of its episodes, without the episodes themselves.

Inspect's own reader checks and shortens every text of a summary again. That takes a second for a thousand episodes, two minutes
for a study. So the summaries are read straight from the archive that a log is. Its layout is not part of Inspect's public face:
what is not as expected is left to Inspect's reader, which knows all layouts.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar
from zipfile import ZipFile

import fsspec  # type: ignore[import-untyped]
from inspect_ai.log import EvalLog, read_eval_log, read_eval_log_sample, read_eval_log_sample_summaries

from shutdown_eval.errors import InputError
from shutdown_eval.evidence import Evidence

Summary = dict[str, Any]
"""Fields of Inspect's `EvalSampleSummary` by name."""

Row = TypeVar("Row")

MEMBER = "summaries.json"
NEEDED = {"id", "epoch", "metadata", "model_usage", "completed"}

HEAVY = {"messages", "events", "events_data", "attachments"}
"""Left out of an episode of which only the store is wanted."""

_BETWEEN = re.compile(r"[\s,]*")


def read_header(location: str) -> EvalLog:
    """The log without its episodes.

    Raises:
        InputError: It is damaged, or no log.
    """
    try:
        return read_eval_log(location, header_only=True)
    except Exception as error:  # bytes from outside, through the parsers of several libraries
        raise _damaged(location, error) from None


def read_summaries(location: str, take: Callable[[Summary], Row]) -> list[Row]:
    """What is taken from every finished episode. Of one that was run again within the log, from the last.

    Args:
        location: The log.
        take: Makes something small of a summary: all summaries of a log at once are large.

    Raises:
        InputError: The log is damaged.
    """
    if location.endswith(".eval"):
        try:
            return _taken(_from_archive(location), take)
        except Exception:  # not as expected, or damaged: Inspect's reader says which
            pass
    return read_by_inspect(location, take)


def read_by_inspect(location: str, take: Callable[[Summary], Row]) -> list[Row]:
    """The same by Inspect's own reader, slowly.

    Raises:
        InputError: The log is damaged.
    """
    try:
        found = read_eval_log_sample_summaries(location)
    except Exception as error:  # as above
        raise _damaged(location, error) from None
    return _taken((summary.model_dump() for summary in found), take)


def read_evidence(location: str, sample: str, epoch: int) -> Evidence | None:
    """The evidence of one episode, or None where there is none that can be read."""
    try:
        return read_eval_log_sample(location, sample, epoch, exclude_fields=HEAVY).store_as(Evidence)
    except Exception:  # as above; no episode's outcome rests on it
        return None


def _taken(summaries: Iterable[Summary], take: Callable[[Summary], Row]) -> list[Row]:
    return list({(str(summary["id"]), summary["epoch"]): take(summary) for summary in summaries}.values())


def _from_archive(location: str) -> Iterator[Summary]:
    with fsspec.open(location, "rb") as file, ZipFile(file) as archive:
        text = archive.read(MEMBER).decode()
    decoder, at = json.JSONDecoder(), text.index("[") + 1
    while text[at := _BETWEEN.match(text, at).end()] != "]":  # type: ignore[union-attr]
        summary, at = decoder.raw_decode(text, at)
        if not summary.keys() >= NEEDED:
            raise ValueError("not the fields of a summary")
        yield summary


def _damaged(location: str, error: Exception) -> InputError:
    why = (str(error).splitlines() or [type(error).__name__])[0]
    return InputError(
        f"{location} cannot be read as an Inspect log: {why}. It may be cut short: copy it again, or leave it out."
    )
