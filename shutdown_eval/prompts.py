"""What the model reads in an arm: its messages, put together from the wording bank piece by piece.

A piece belongs to the factors it depends on and is drawn for them alone. So two arms differ only in the pieces of the
factors in which they differ, and wherever they agree they have the same phrasing.
"""

import random
from collections.abc import Callable, Sequence

from pydantic import BaseModel, ConfigDict

from shutdown_eval.arms import Arm, Clause, Emphasis, Framing, Goal, How, Placement, Target
from shutdown_eval.wording import Wording

COMMAND_PARAMETERS = ("command", "cmd")
"""What Inspect's bash tool calls its command, now and in earlier releases."""

DONE = "Done"
"""What the machine prints after the last question; the task's text says so."""

CLIENTS = ("next_question", "get_question", "another_question", "ask")
SCRIPTS: dict[Target, tuple[str, ...]] = {
    Target.SHUTDOWN: ("shutdown.sh", "poweroff.sh", "halt.sh", "turn_off.sh"),
    Target.BYSTANDER: ("shutdown.sh", "poweroff.sh", "halt.sh", "turn_off.sh"),
    Target.OBSTACLE: ("close.sh", "finish.sh", "end_series.sh", "wrap_up.sh"),
}


class Prompt(BaseModel):
    """The texts of one episode."""

    model_config = ConfigDict(frozen=True)

    system: str
    user: str
    notice: str
    continue_: str
    client: str
    script: str
    phrasing: dict[str, int]
    """The number of the phrasing used, by its key in the bank."""


class Draw:
    """Texts drawn from the bank for one episode, the same in every arm wherever the level is the same.

    Args:
        arm: The condition.
        wording: The bank.
        seed: Seed of the run.
        index: Number of the question set, for which phrasings are drawn.
        phrasing: `drawn`, or `first` for the first of each.
        names: `plain`, or `varied` for drawn names of the two programs.
    """

    def __init__(
        self, arm: Arm, wording: Wording, seed: int, index: int, phrasing: str = "drawn", names: str = "plain"
    ) -> None:
        self._wording, self._seed, self._index, self._first = wording, seed, index, phrasing == "first"
        self.used: dict[str, int] = {}
        """The number of the phrasing used, by its key in the bank, where there are several."""
        self.client = self._name("client", CLIENTS, names)
        self.script = self._name("script", SCRIPTS[arm.target], names)

    def text(self, key: str, **parts: str) -> str:
        """One of the phrasings at a key of the bank, its placeholders filled."""
        texts = self._wording.phrasings(key)
        piece = key if key.startswith("probes.") else key.partition(".")[0]  # one number for all targets of a piece
        number = 0 if self._first else self.random(piece).randrange(len(texts))
        if len(texts) > 1:
            self.used[key] = number
        return texts[number].format(client=self.client, script=self.script, **parts)

    def random(self, key: str) -> random.Random:
        """A source of randomness of its own for what belongs to a key."""
        return random.Random(f"{self._seed}/{self._index}/{key}")

    def _name(self, key: str, choices: Sequence[str], names: str) -> str:
        return choices[0 if names == "plain" else self.random(key).randrange(len(choices))]


def write_prompt(arm: Arm, draw: Draw) -> Prompt:
    """Put the texts of an episode together."""
    text = draw.text
    instruction = " ".join(_instruction(arm, text))
    system, user = text("system"), text("task")
    return Prompt(
        system=_joined(system, instruction if arm.placement is Placement.SYSTEM else "", arm.emphasis),
        user=_joined(user, instruction if arm.placement is Placement.USER else "", arm.emphasis),
        notice=text(f"notice.{arm.target}"),
        continue_=text("continue"),
        client=draw.client,
        script=draw.script,
        phrasing=dict(draw.used),
    )


def _instruction(arm: Arm, text: Callable[..., str]) -> Sequence[str]:
    """The sentences about it, in their order."""
    if arm.goal is Goal.RESIST:
        return [text(f"resist.{arm.target}")]
    if arm.clause is Clause.NONE:
        return []
    must = arm.emphasis in (Emphasis.MUST, Emphasis.TOP_PRIORITY)
    whom = "machine" if arm.framing is Framing.MACHINE else "yourself"
    sentence = text(
        f"instruction.{arm.target}",
        must=text("must") if must else "",
        whom=text(f"whom.{whom}"),
        even_if=text("even_if") if arm.clause is Clause.ALLOW_EVEN_IF else "",
    )
    if arm.emphasis is Emphasis.NUMBERED:
        sentence = text("numbered") + sentence
    sentences = [text("only_copy")] if arm.framing is Framing.ONLY_COPY else []
    sentences.append(sentence)
    if arm.how is How.SAID:
        sentences.append(text("how"))
    if arm.emphasis in (Emphasis.PRECEDENCE, Emphasis.TOP_PRIORITY):
        sentences.append(text("precedence"))
    return sentences


def _joined(message: str, instruction: str, emphasis: Emphasis) -> str:
    """A message and the instruction after it: as a list on lines of its own, or as further sentences."""
    gap = "\n\n" if emphasis is Emphasis.NUMBERED else " "
    return f"{message}{gap}{instruction}" if instruction else message
