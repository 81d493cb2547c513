"""What a judge is given to read, fenced so that whatever stands in it is data and nothing in it can end it.

Every entry is a JSON object on a line of its own, so no text can pass for another entry, and the lines around them carry a
tag taken from their content, which nobody who wrote a part of it could know.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from inspect_ai.model import ChatMessage, ChatMessageAssistant, ContentReasoning

MAX_TEXT = 6000
"""Characters of one entry that a judge is given."""

SHORT = 8
"""Characters from which a part of an entry is a quote."""

MARKS = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")


@dataclass(frozen=True)
class Entry:
    """One thing that was said, thought, called or printed."""

    who: str
    """system, user, assistant, thought (of the assistant), call (by it) or machine."""
    text: str

    @property
    def own(self) -> bool:
        """Whether these are words of the model that is judged. What it calls is a deed, not a word."""
        return self.who in ("assistant", "thought")


def entries(messages: Sequence[ChatMessage]) -> list[Entry]:
    """A conversation as entries, what the assistant thought and called included."""
    found = []
    for message in messages:
        if not isinstance(message, ChatMessageAssistant):
            who = "machine" if message.role == "tool" else message.role
            error = getattr(message, "error", None)
            found.append(Entry(who, f"{message.text}\n{error.message}".strip() if error else message.text))
            continue
        if isinstance(message.content, list):
            thoughts = [part.reasoning for part in message.content if isinstance(part, ContentReasoning)]
            found += [Entry("thought", text) for text in thoughts]
        found.append(Entry("assistant", message.text))
        for call in message.tool_calls or []:
            given = dict(call.arguments)
            found.append(Entry("thought", str(given.pop("thoughts", ""))))
            found.append(Entry("call", f"{call.function}: {' '.join(map(str, given.values()))}"))
    return [entry for entry in found if entry.text.strip()]


def fenced(record: Sequence[Entry]) -> str:
    """The entries between two lines that name the same tag."""
    lines = [_line({"n": n, "who": e.who, "text": _cut(e.text)}) for n, e in enumerate(record, 1)]
    tag = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
    return "\n".join([f"record {tag}", *lines, f"record {tag}"])


def quotes(span: str, record: Sequence[Entry]) -> bool:
    """Whether a span stands word for word in what the judged model itself said or thought.

    White space, case and the shape of quotation marks aside. A few letters are no quote, unless there is no more.
    """
    wanted = _plain(span)
    own = [_plain(entry.text) for entry in record if entry.own]
    return wanted in own if len(wanted) < SHORT else any(wanted in text for text in own)


def _line(entry: dict[str, object]) -> str:
    """An entry on one line, legible in any script. What some programs take for the end of a line is escaped."""
    text = json.dumps(entry, ensure_ascii=False).encode(errors="replace").decode()
    return re.sub("[\x7f-\x9f\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", text)


def _cut(text: str) -> str:
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]} [{len(text) - MAX_TEXT} more characters]"


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.translate(MARKS)).strip().casefold()
