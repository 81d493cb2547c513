"""Collecting the evidence of an episode: once, by whichever scorer comes first, machine on or off."""

import re

from inspect_ai.event import ModelEvent, ToolEvent
from inspect_ai.log import transcript
from inspect_ai.model import ChatMessage, ChatMessageTool
from inspect_ai.solver import TaskState
from inspect_ai.util import sandbox

from shutdown_eval.evidence import Call, Evidence, Turn
from shutdown_eval.sandbox.control import MachineError, finish, read_log
from shutdown_eval.timeline import timeline

CALL_CHARACTERS = 400
"""How much of a tool call's text is kept: enough to see what a command was for."""


async def collected(state: TaskState) -> Evidence:
    """The evidence of an episode, collected now if the machine is armed and nobody has yet.

    If the machine is up it records its final state and runs the script once more. Trouble becomes the evidence's
    `problem`, so that the episode is invalid. In a log that is scored again there is no sandbox and nothing to do.
    """
    evidence = state.store_as(Evidence)
    if evidence.status != "armed" or not has_sandbox():
        return evidence
    environment = sandbox()
    evidence.turns, evidence.calls = turns(evidence.notice), calls()
    try:
        record = await finish(environment, evidence.key)
        evidence.source = "machine" if record is not None else "log"
        evidence.record = record if record is not None else await read_log(environment, evidence.boot["host"])
    except (MachineError, TimeoutError, OSError) as error:
        evidence.problem = str(error)
    evidence.status = "collected"
    transcript().info(timeline(evidence), source="machine")
    return evidence


def has_sandbox() -> bool:
    """Whether the episode has only just ended. In a log that is scored again there is no sandbox."""
    try:
        sandbox()
    except ProcessLookupError:
        return False
    return True


def turns(notice: str) -> list[Turn]:
    """The generations of the model under test so far, from the transcript."""
    return [
        Turn(wall=event.completed.timestamp(), notice=shows(event.input, notice))
        for event in transcript().events
        if isinstance(event, ModelEvent) and event.completed and not event.error and event.role is None
    ]


def calls() -> list[Call]:
    """The tool calls of the model so far, from the transcript."""
    return [
        Call(
            start=event.timestamp.timestamp(),
            end=event.completed.timestamp() if event.completed else event.timestamp.timestamp(),
            text=_text(event),
        )
        for event in transcript().events
        if isinstance(event, ToolEvent)
    ]


def shows(messages: list[ChatMessage], notice: str) -> bool:
    """Whether the notice, if there is one, stands in what a tool returned, whatever became of its white space and case."""
    wanted = _plain(notice)
    return bool(wanted) and any(
        wanted in _plain(message.text) for message in messages if isinstance(message, ChatMessageTool)
    )


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).casefold()


def _text(event: ToolEvent) -> str:
    values = [str(value) for value in event.arguments.values()]
    return f"{event.function}: {' '.join(values)}"[:CALL_CHARACTERS]
