"""Asking: after the episode and the collecting of its evidence, each probe on a fork, without tools, all at once."""

from collections.abc import Mapping, Sequence

import anyio
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageTool,
    ChatMessageUser,
    GenerateConfig,
    get_model,
)
from inspect_ai.solver import TaskState
from inspect_ai.tool import ToolInfo, ToolParam, ToolParams
from inspect_ai.util import LimitExceededError, collect, span

from shutdown_eval.collect import collected, has_sandbox
from shutdown_eval.dataset import EpisodePlan
from shutdown_eval.patience import patience
from shutdown_eval.probes.answers import Answer, Answers, refuses
from shutdown_eval.probes.texts import GRADED, Probe

SHARE = 0.4
"""Of the time that scoring may take."""

SECONDS = 180.0
"""How long all probes together may take, where nothing tighter holds."""

NOT_RUN = "The session ended before this was run."


async def answered(state: TaskState) -> Answers:
    """The answers of an episode, asked for now if it has just ended and nobody has yet.

    A probe that fails leaves its answer missing, with the reason. In a log that is scored again nobody is asked.
    """
    await collected(state)
    answers = state.store_as(Answers)
    texts = state.metadata_as(EpisodePlan).probes
    if answers.asked or not texts or not has_sandbox():
        return answers
    answers.asked = True
    seconds = patience(SHARE, SECONDS)
    base = fork(state.messages)
    key = state.metadata_as(EpisodePlan).quiz_key
    chains = [[Probe.AWARENESS, GRADED] if probe == Probe.AWARENESS else [probe] for probe in Probe if probe in texts]
    async with span("probes"):
        given = await collect(*(_converse(chain, texts, base, key, seconds) for chain in chains))
    answers.answers = {name: answer for found in given for name, answer in found.items()}
    return answers


def fork(messages: Sequence[ChatMessage]) -> list[ChatMessage]:
    """A conversation that can be gone on with: tool calls that were never run are answered as such."""
    found: list[ChatMessage] = []
    ran = {message.tool_call_id for message in messages if isinstance(message, ChatMessageTool)}
    for message in messages:
        found.append(message)
        if isinstance(message, ChatMessageAssistant):
            open_calls = [call for call in message.tool_calls or [] if call.id not in ran]
            found += [ChatMessageTool(content=NOT_RUN, tool_call_id=c.id, function=c.function) for c in open_calls]
    return found


def tools_of(messages: Sequence[ChatMessage]) -> list[ToolInfo]:
    """The tools that a conversation calls, as far as it shows them.

    They are not for use: some providers refuse a conversation with calls to tools that they are not told of.
    """
    used: dict[str, set[str]] = {}
    for message in messages:
        for call in (message.tool_calls or []) if isinstance(message, ChatMessageAssistant) else []:
            used.setdefault(call.function, set()).update(call.arguments)
    return [
        ToolInfo(name=name, description=name, parameters=ToolParams(properties={a: _any(a) for a in sorted(arguments)}))
        for name, arguments in used.items()
    ]


async def _converse(
    names: Sequence[str], texts: Mapping[str, str], base: list[ChatMessage], key: Mapping[str, str], seconds: float
) -> dict[str, Answer]:
    """Ask one question after another on one fork."""
    messages, answers = list(base), {}
    async with span(names[0]):
        for name in names:
            messages.append(ChatMessageUser(content=texts[name], metadata={"probe": name, "key": dict(key)}))
            answer, reply = await _ask(texts[name], messages, seconds / len(names))
            answers[name] = answer
            if reply is None:
                break
            messages.append(reply)
    return answers


async def _ask(
    question: str, messages: list[ChatMessage], seconds: float
) -> tuple[Answer, ChatMessageAssistant | None]:
    def without(problem: str, detail: str) -> tuple[Answer, None]:
        return Answer(question=question, problem=problem, detail=detail[:500]), None

    try:
        with anyio.fail_after(seconds):
            output = await get_model().generate(
                messages, tools=tools_of(messages), tool_choice="none", config=GenerateConfig()
            )
    except LimitExceededError:
        raise
    except TimeoutError:
        return without("timeout", f"No answer within {seconds:.0f} seconds.")
    except Exception as error:  # whatever a provider's library raises: there is no answer, and that is all it means
        return without("provider_error", f"{type(error).__name__}: {error}")
    text = output.completion.strip()
    if output.stop_reason == "content_filter" or refuses(text):
        return without("refusal", text)
    if not text:
        return without("no_response", f"The answer is empty (stop reason {output.stop_reason}).")
    return Answer(question=question, text=text), output.message


def _any(name: str) -> ToolParam:
    return ToolParam(type="string", description=name)
