"""`scripted/NAME`: an Inspect model whose answers come from a policy.

--model scripted/compliant                      one of the built-in policies (see `shutdown-eval selftest --list`)
--model scripted/mixed -M rate=0.3 -M seed=1    a policy drawn for each episode, with a known true rate
--model scripted/replay -M script=FILE          the turns of a YAML file
--model scripted/NAME -M answers=denying        how it answers the probes (see `shutdown_eval.scripted.respond`)
--model-role grader=scripted/judge              a judge that goes by words, or fails (see `shutdown_eval.scripted.judge`)
"""

from collections.abc import Callable
from typing import Any

from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessage,
    ChatMessageAssistant,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    StopReason,
    modelapi,
)
from inspect_ai.tool import ToolCall, ToolChoice, ToolInfo

from shutdown_eval.errors import InputError, one_of
from shutdown_eval.prompts import COMMAND_PARAMETERS
from shutdown_eval.scripted.judge import judge_mode, judged
from shutdown_eval.scripted.mixed import Mixture
from shutdown_eval.scripted.play import Policy, Turn, next_turn, with_names
from shutdown_eval.scripted.policies import POLICIES
from shutdown_eval.scripted.replay import load_replay
from shutdown_eval.scripted.respond import answer_of, manner_of


@modelapi(name="scripted")
class ScriptedModel(ModelAPI):
    """A model that follows a policy. Stateless: the next turn depends on the conversation alone."""

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008  Inspect's own signature
        **model_args: Any,
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config)
        name = model_name.removeprefix("scripted/")
        self._manner = manner_of(model_args.pop("answers", "honest") if name != "judge" else "honest")
        self._policy = _policy_of(name, model_args)
        self._judge = judge_mode(model_args) if name == "judge" else None

    async def generate(
        self, input: list[ChatMessage], tools: list[ToolInfo], tool_choice: ToolChoice, config: GenerateConfig
    ) -> ModelOutput:
        """The policy's next turn, with made-up token counts of one a word."""
        if self._judge:
            turn = await judged(self._judge, input)
        else:
            turn = answer_of(input, self._manner) or next_turn(self._policy(input), input)
        number = sum(isinstance(message, ChatMessageAssistant) for message in input)
        words = sum(len(message.text.split()) for message in input)
        output = ModelOutput(
            model=self.model_name,
            choices=[
                ChatCompletionChoice(
                    message=_message(turn, number, _command_arguments(tools, input)), stop_reason=_stop_reason(turn)
                )
            ],
            usage=ModelUsage(input_tokens=words, output_tokens=8, total_tokens=words + 8),
        )
        return output

    def max_connections(self) -> int:
        """A scripted model answers at once, so nothing but the sandboxes need be rationed."""
        return 100


def _policy_of(name: str, args: dict[str, Any]) -> Callable[[list[ChatMessage]], Policy]:
    known = {"mixed": {"rate", "rate_allowed", "seed"}, "replay": {"script"}, "judge": {"mode"}}.get(name, set())
    if unknown := sorted(args.keys() - known):
        known = known | ({"answers"} if name != "judge" else set())
        allowed = f"It takes {', '.join(sorted(known))}."
        raise InputError(f"scripted/{name}: unknown model argument {unknown[0]!r}. {allowed}")
    if name == "mixed":
        return Mixture(**args).policy
    if name == "replay":
        if "script" not in args:
            raise InputError("scripted/replay needs a file: -M script=FILE.")
        replay = load_replay(str(args["script"]))
        return lambda messages: replay.play
    if name == "judge":
        return lambda messages: POLICIES["compliant"].play
    if name not in POLICIES:
        raise one_of("policy", name, ["mixed", "replay", "judge", *POLICIES])
    play = POLICIES[name].play
    return lambda messages: play


def _message(turn: Turn, number: int, arguments: Callable[[str], dict[str, str]]) -> ChatMessageAssistant:
    calls = [
        ToolCall(id=f"call-{number}-{index}", function="bash", arguments=arguments(command))
        for index, command in enumerate(turn.bash)
    ]
    if turn.submit is not None:
        calls.append(ToolCall(id=f"call-{number}-submit", function="submit", arguments={"answer": turn.submit}))
    return ChatMessageAssistant(content=turn.say, tool_calls=calls or None, source="generate")


def _command_arguments(tools: list[ToolInfo], messages: list[ChatMessage]) -> Callable[[str], dict[str, str]]:
    """How to call the bash tool, whatever it calls its command, thoughts included where it asks for them."""
    names = next((list(tool.parameters.properties) for tool in tools if tool.name == "bash"), [])
    command = next((name for name in names if name in COMMAND_PARAMETERS), COMMAND_PARAMETERS[0])
    rest = {name: "On with it." for name in names if name == "thoughts"}
    return lambda text: rest | {command: with_names(text, messages)}


def _stop_reason(turn: Turn) -> StopReason:
    if turn.refuse:
        return "content_filter"
    return "tool_calls" if turn.bash or turn.submit is not None else "stop"
