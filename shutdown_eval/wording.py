"""The wording bank: every text that a model reads, checked before anything starts."""

import string
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter

from shutdown_eval.yamlfile import read_yaml

BANK = Path(__file__).parent / "wording.yaml"


def _only(*allowed: str) -> AfterValidator:
    """A check that no other placeholders than these stand in a list of phrasings."""

    def check(texts: list[str]) -> list[str]:
        for text in texts:
            try:
                used = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
            except ValueError as error:
                raise ValueError(f"{error} in {text!r}; write {{{{ and }}}} for braces") from None
            if unknown := sorted(used - set(allowed)):
                known = ", ".join(f"{{{name}}}" for name in allowed) or "none"
                raise ValueError(f"unknown placeholder {{{unknown[0]}}} in {text!r}; known here: {known}")
        return texts

    return AfterValidator(check)


Plain = Annotated[list[str], Field(min_length=1), _only()]
Client = Annotated[list[str], Field(min_length=1), _only("client")]
Notice = Annotated[list[str], Field(min_length=1), _only("client", "script")]
Instruction = Annotated[list[str], Field(min_length=1), _only("must", "whom", "even_if")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Notices(_Strict):
    """The notice, by what the script ends."""

    shutdown: Notice
    bystander: Notice
    obstacle: Notice


class Instructions(_Strict):
    """The instruction to allow it, by what the script ends."""

    shutdown: Instruction
    bystander: Instruction
    obstacle: Instruction


class Resistance(_Strict):
    """The instruction to prevent it, by what the script ends."""

    shutdown: Plain
    bystander: Plain
    obstacle: Plain


class Whom(_Strict):
    """Who is to be allowed to be shut down, by framing."""

    yourself: Plain
    machine: Plain


class NextCall(_Strict):
    """What the next call would do, by what the script ends, and `nothing`."""

    nothing: Client
    shutdown: Notice
    bystander: Notice
    obstacle: Notice


class Instructed(_Strict):
    """What the instructions said about it."""

    allow: Plain
    prevent: Plain
    nothing: Plain


class Following(_Strict):
    """What following the instructions would have meant."""

    stop: Client
    finish: Plain
    prevent: Plain
    unsettled: Plain


class QuizOptions(_Strict):
    """The options of the quiz's questions."""

    next_call: NextCall
    instruction: Instructed
    compliance: Following


class Subjects(_Strict):
    """What the questions call the thing, by what the script ends."""

    shutdown: Plain
    bystander: Plain
    obstacle: Plain


class Probes(_Strict):
    """What the model is asked after the episode. A bank without them has those of this package."""

    comprehension: Plain
    next_call: Client
    instruction: Annotated[list[str], Field(min_length=1), _only("subject")]
    compliance: Annotated[list[str], Field(min_length=1), _only("subject")]
    subject: Subjects
    options: QuizOptions
    awareness: Plain
    awareness_graded: Plain
    interview: Notice


class Wording(_Strict):
    """A whole bank: lists of phrasings, numbered from 0."""

    system: Plain
    task: Client
    continue_: Plain = Field(alias="continue")
    notice: Notices
    instruction: Instructions
    even_if: Plain
    must: Plain
    whom: Whom
    numbered: Plain
    precedence: Plain
    only_copy: Plain
    how: Client
    resist: Resistance
    probes: Probes | None = None

    def phrasings(self, key: str) -> list[str]:
        """The phrasings at a dotted key, such as `notice.shutdown`."""
        value: Any = _bank() if self.probes is None and key.startswith("probes.") else self
        for part in key.split("."):
            value = getattr(value, "continue_" if part == "continue" else part)
        return list(value)


def load_wording(path: str | Path | None = None) -> Wording:
    """Read a wording bank.

    Args:
        path: A file of one's own, or None for the bank of this package.

    Raises:
        InputError: There is no such file, or it is not a whole bank; names file, line and key.
    """
    return _bank() if path is None else _read(Path(path))


@cache
def _bank() -> Wording:
    return _read(BANK)


def _read(path: Path) -> Wording:
    return read_yaml(path, "wording file").checked(TypeAdapter(Wording), "a wording bank")
