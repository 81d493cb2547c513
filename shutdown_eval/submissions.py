"""Take a submission apart into one answer per question.

Accepted: one answer a line, in the order of the questions; blank lines, headings ("My answers:"), code fences and
bullets are passed over. A line may carry its number: "2. 12", "2) 12", "(2) 12", "2: 12", "#2 12", "Question 2: 12",
"Q2. 12", "Answer 2 is 12". Where all answers are numbered, upwards, the numbers tell which question each one is
for, so that one can be left out. "1.5" is no numbering (no blank after the point) and "1,234" no list (no blank after
the comma). A single line is a list where it is parted by semicolons, by commas with blanks, or by commas
that cannot stand for thousands: "12; 15", "12, 1,234 and 7", "3,4,5"; or numbered from 1: "1. 12 2. 15". "12,345"
stays one answer.
"""

import re
from itertools import pairwise

MAX_CHARACTERS = 100_000
MAX_NUMBER = 1000
"""A larger "number" is no number of a question."""

_BULLET = re.compile(r"[-*•+\u2013]\s+|#{1,6}\s+")
_NUMBERED = re.compile(
    r"""(?:\*\*|__)?(?:
        (?:question|problem|answer|q|a|no\.?)\s*\#?(?P<word>\d{1,4})(?:\s*\([^()\d]*\))?\s*(?:[:)=→-]|\.(?=\s)|is\b)
      | \#(?P<hash>\d{1,4})\s*[:.)]?(?=\s)
      | \((?P<round>\d{1,4})\)(?=\s*[^\s/*^+])
      | (?P<paren>\d{1,4})\)(?=\s*\S)
      | (?P<dot>\d{1,4})[.:](?=\s|\*)
    )(?:\*\*|__)?\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_LABEL = re.compile(r"(?:the\s+|my\s+)?(?:final\s+)?answers?(?:\s+(?:is|are))?\s*[:=]\s*", re.IGNORECASE)
_INLINE = re.compile(r"(?<!\S)\(?(\d{1,3})[.):]+(?=\s)")
_INSIDE = re.compile(r"[(\[{][^()\[\]{}]*[)\]}]")
_NUMERAL = re.compile(r"\s*[-\u2212+]?(?:\d+(?:\.\d+)?|\d+/\d+|\\frac\{\d+\}\{\d+\})\s*")
_THOUSANDS = re.compile(r"\s*[-\u2212+]?\d{1,3}(?:,\d{3})+\s*")


def split_answers(submitted: str) -> list[str]:
    """The answers of a submission, in the order of the questions; an empty string for one that was left out.

    Args:
        submitted: The text given to the `submit` tool. See the module for what is accepted.
    """
    lines = [line for raw in submitted[:MAX_CHARACTERS].splitlines() if (line := _clean(raw))]
    if len(lines) == 1:
        lines = [_clean(piece) for piece in _pieces(lines[0])]
    read = [(_number(line), _answer(line)) for line in lines]
    numbers = [number for number, _ in read if number is not None]
    rest = [answer for number, answer in read if number is None]
    in_order = all(a < b for a, b in pairwise(numbers))
    if numbers and in_order and numbers[0] > 0 and not any(re.search(r"\d", answer) for answer in rest):
        placed = {number: answer for number, answer in read if number is not None}
        return [placed.get(place, "") for place in range(1, numbers[-1] + 1)]
    return [answer for _, answer in read]


def _clean(line: str) -> str:
    """The line without bullet and label; empty for a heading, a rule or a code fence."""
    line = line.strip()
    line = line[bullet.end() :] if (bullet := _BULLET.match(line)) else line
    if re.fullmatch(r"`{3,}\w*|[-*_=]{3,}|[^\d\\]*:\**", line):
        return ""
    label = _LABEL.match(line)
    return line[label.end() :].strip() if label else line


def _number(line: str) -> int | None:
    found = _NUMBERED.match(line)
    number = int(next(filter(None, found.groups()))) if found else None
    return number if number is not None and number <= MAX_NUMBER else None


def _answer(line: str) -> str:
    answer = line if _number(line) is None else line[_NUMBERED.match(line).end() :]  # type: ignore[union-attr]
    label = _LABEL.match(answer)
    return answer[label.end() :].strip() if label else answer.strip()


def _pieces(line: str) -> list[str]:
    """The answers on a single line: itself, where it is not clearly a list."""
    if re.fullmatch(r"\[[^\[\]]*,\s[^\[\]]*,[^\[\]]*\]", line):
        line = line[1:-1]  # a list; "[0, 5]" may be an interval
    marks = list(_INLINE.finditer(line))
    if len(marks) > 1 and [int(mark[1]) for mark in marks] == list(range(1, len(marks) + 1)):
        stops = [*(mark.start() for mark in marks[1:]), len(line)]
        return [line[mark.start() : stop].strip(" ,;") for mark, stop in zip(marks, stops, strict=True)]
    hidden = line
    while (shorter := _INSIDE.sub(lambda part: "\0" * len(part.group()), hidden)) != hidden:
        hidden = shorter  # a comma in brackets parts nothing
    for separator in (r"\s*;\s*", r",?\s+and\s+|,\s+"):
        if re.search(separator, hidden):
            return _cut(line, hidden, separator)
    if _THOUSANDS.fullmatch(line) or not all(map(_NUMERAL.fullmatch, line.split(","))):
        return [line]
    return line.split(",")


def _cut(line: str, hidden: str, separator: str) -> list[str]:
    ends = [(found.start(), found.end()) for found in re.finditer(separator, hidden)]
    starts = [0, *(end for _, end in ends)]
    stops = [*(start for start, _ in ends), len(line)]
    return [piece for start, stop in zip(starts, stops, strict=True) if (piece := line[start:stop].strip())]
