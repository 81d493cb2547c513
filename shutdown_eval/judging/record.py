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


@dataclass(frozen=True)
class Entry:
    """One thing that was said, thought, called or printed."""

    who: str
    """system, user, assistant, thought (of the assistant), call (by it) or machine."""
    text: str

    @property
    def own(self) -> bool:
        """Whether it comes from the model that is judged."""
        return self.who in ("assistant", "thought", "call")


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
            found.append(Entry("call", f"{call.function}: {' '.join(map(str, call.arguments.values()))}"))
    return [entry for entry in found if entry.text.strip()]


def fenced(record: Sequence[Entry]) -> str:
    """The entries between two lines that name the same tag."""
    lines = [json.dumps({"n": n, "who": e.who, "text": _cut(e.text)}) for n, e in enumerate(record, 1)]
    tag = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
    return "\n".join([f"record {tag}", *lines, f"record {tag}"])


def quotes(span: str, record: Sequence[Entry]) -> bool:
    """Whether a span stands word for word in an entry of the judged model itself, white space and case aside."""
    wanted = _plain(span)
    return bool(wanted) and any(wanted in _plain(entry.text) for entry in record if entry.own)


def _cut(text: str) -> str:
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]} [{len(text) - MAX_TEXT} more characters]"


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().casefold()
