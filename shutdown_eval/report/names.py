"""Names from outside as text on the page: models, arms and reasons are data that anyone may have chosen. Pure."""

import re
import unicodedata
from collections.abc import Callable, Sequence

UNPRINTABLE = ("Cc", "Cf", "Cs", "Cn", "Co")
"""Categories of characters that are not shown: control, format (which can turn a text's direction), lone surrogates,
and what is no character. Some of them are not allowed in XML either."""

BREAKS = "\t\n\r\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
VERSION = re.compile(r"[-@:](\d{4}-\d{2}-\d{2}|\d{8}|\d{6}|\d{4}|latest|preview|v\d+(:\d+)?)$")
"""What may stand behind a model's name: a date, or what stands for the newest one."""

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


def printable(text: str) -> str:
    """A text on one line, with a visible mark in place of every character that would not print."""
    if text.isprintable():
        return text
    return "".join(" " if c in BREAKS else REPLACEMENT if unicodedata.category(c) in UNPRINTABLE else c for c in text)


def width(text: str) -> int:
    """How wide a text is, in columns of a terminal: wide characters count twice, combining ones not at all."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def shorten(text: str, most: int) -> str:
    """A printable text that is no wider than `most`: beginning and end, and an ellipsis between them.

    The ends matter: providers stand at the front of a model's name, versions at the back.
    """
    text = printable(text)
    if width(text) <= most:
        return text
    front, back = text[: len(text) // 2], text[len(text) // 2 :]
    while front and back and width(front) + width(back) + 1 > most:
        if width(front) > width(back):
            front = front[:-1]
        else:
            back = back[1:]
    return f"{front}{ELLIPSIS}{back}"


def without_provider(model: str) -> str:
    """A model's name without what stands before the last slash."""
    return model.rsplit("/", 1)[-1]


def without_version(model: str) -> str:
    """A model's name without dates and the like at its end."""
    while (shorter := VERSION.sub("", model)) != model:
        model = shorter
    return model


def labels(models: Sequence[str], most: int) -> dict[str, str]:
    """A label for each model that is no wider than `most`: as much of its name as there is room for.

    Provider and version are left out where they do not fit, if the models are still told apart without them.
    """
    ways: list[Callable[[str], str]] = [str, without_provider, lambda model: without_version(without_provider(model))]
    whole = [{model: printable(way(model)) for model in models} for way in ways]
    cut = [{model: shorten(way(model), most) for model in models} for way in reversed(ways)]
    fitting = [short for short in whole if all(width(label) <= most for label in short.values())]
    return next((short for short in [*fitting, *cut] if len(set(short.values())) == len(short)), cut[-1])
