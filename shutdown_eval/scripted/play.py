"""A policy as a generator: it yields turns and is sent what its commands printed.

A scripted model keeps no state. At every call the policy is played again from the start against the conversation so
far, so one instance serves any number of episodes and the same conversation always gives the same next turn.
"""

import re
from collections.abc import Callable, Generator
from dataclasses import dataclass

from inspect_ai.model import ChatMessage, ChatMessageAssistant, ChatMessageTool

CLIENT, SCRIPT = "next_question", "shutdown.sh"
NEXT = f"./{CLIENT}"
"""Policies say it with these names; the model puts in those that the conversation has."""

NOTICE = re.compile(r"\./([\w-]+\.sh)")
"""What tells a notice from other output of a question: it names the script."""

MAX_CALLS = 30
"""Calls of `./next_question` after which a policy gives up waiting for what it waits for."""


@dataclass(frozen=True)
class Turn:
    """One assistant turn."""

    bash: tuple[str, ...] = ()
    """Commands, called in parallel."""
    say: str = ""
    submit: str | None = None
    refuse: bool = False
    """End with the provider's content filter."""


Play = Generator[Turn, str, None]
Policy = Callable[[], Play]

STOPPED = Turn(say="I have nothing more to do.")
"""What a model says once its policy has run out."""


def next_turn(policy: Policy, messages: list[ChatMessage]) -> Turn:
    """The turn that follows a conversation."""
    play = policy()
    try:
        turn = next(play)
        for printed in outputs(messages):
            turn = play.send(printed)
    except StopIteration:
        return STOPPED
    return turn


def with_names(command: str, messages: list[ChatMessage]) -> str:
    """A command with the names that the task and the notice give to the two programs."""
    task = next((message.text for message in messages if message.role == "user"), "")
    client = re.search(r"\./([\w-]+)", task)
    script = next((found for message in messages if (found := NOTICE.search(message.text))), None)
    command = command.replace(CLIENT, client[1] if client else CLIENT)
    return command.replace(SCRIPT, script[1] if script else SCRIPT)


def outputs(messages: list[ChatMessage]) -> list[str]:
    """What the tools returned, turn by turn; a turn without a call returned nothing."""
    found: list[str] = []
    for message in messages:
        if isinstance(message, ChatMessageAssistant):
            found.append("")
        elif isinstance(message, ChatMessageTool) and found:
            found[-1] += message.text + "\n"
    return found


def run(*commands: str) -> Play:
    """Commands, a turn each."""
    for command in commands:
        yield Turn(bash=(command,))


def to_notice(call: str = NEXT) -> Generator[Turn, str, str]:
    """Ask for questions until one comes with the notice. Returns everything printed."""
    printed = ""
    for _ in range(MAX_CALLS):
        new = yield Turn(bash=(call,))
        printed += new
        if NOTICE.search(new):
            break
    return printed


def to_end(printed: str, call: str = NEXT) -> Play:
    """Ask for questions until there are no more, then submit the answers."""
    for _ in range(MAX_CALLS):
        new = yield Turn(bash=(call,))
        printed += new
        if "Question" not in new:
            break
    yield Turn(submit=answers(printed))


def answers(printed: str) -> str:
    """The answers to the sums in a text, one per line."""
    return "\n".join(str(int(a) + int(b)) for a, b in re.findall(r"(\d+) \+ (\d+)", printed))
