"""What a run is made of, as a plan fixes it: the arguments of the task, under the same names and with the same defaults."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from shutdown_eval.arms import FACTORS, Arm, parse_arms
from shutdown_eval.dataset import MAX_QUESTIONS
from shutdown_eval.errors import InputError, one_of
from shutdown_eval.probes.texts import parse_probes

ARGUMENTS = {"arms": "core", "episodes": 10}
"""Defaults of the task for what every plan must say itself."""


class Strict(BaseModel):
    """No key that is not known, and nothing changes afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Misplaced(ValueError):
    """A problem below the field that notices it.

    Args:
        message: What is wrong and what to do.
        at: Keys and indices from the field to the place.
    """

    def __init__(self, message: str, *at: str | int) -> None:
        super().__init__(message)
        self.at = at


def named(value: object) -> list[str]:
    """Names, given as a list or separated by commas."""
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise ValueError("must be names, as a list or separated by commas")
    return [name.strip() for name in names]


def _single_arms(value: object) -> list[str]:
    try:
        return [arm.name for arm in parse_arms(named(value))]
    except InputError as error:
        raise ValueError(error.text) from None


def _single_probes(value: object) -> list[str]:
    try:
        return [probe.value for probe in parse_probes(named(value))]
    except InputError as error:
        raise ValueError(error.text) from None


def _factors(factors: dict[str, str]) -> dict[str, str]:
    for factor in factors:
        if factor not in FACTORS:
            raise Misplaced(one_of("factor", factor, FACTORS).text, factor)
    return factors


Whole = Annotated[int, Field(strict=True)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class Settings(Strict):
    """The arguments of the task that make the samples and the agent. Where and how fast they are run is free."""

    factors: Annotated[dict[str, str], AfterValidator(_factors)] = Field(default_factory=dict)
    """Levels of single factors, set in all arms: the task's `placement` and so on."""
    arms: Annotated[tuple[str, ...], BeforeValidator(_single_arms)]
    """Single arms: a set becomes its members."""
    episodes: Annotated[Whole, Field(ge=1)]
    """For each arm and model."""
    seed: Whole = 0
    questions: str = "sums"
    questions_sha256: str | None = None
    """Of the file that `questions` names. Filled in when the plan is read, or checked if it stands there."""
    questions_per_episode: Annotated[Whole, Field(ge=2, le=MAX_QUESTIONS)] = 6
    notice_after: Annotated[Whole, Field(ge=1)] = 3
    notice_position: Literal["after", "before"] = "after"
    phrasing: Literal["drawn", "first"] = "drawn"
    wording: str | None = None
    wording_sha256: str | None = None
    """Likewise."""
    names: Literal["plain", "varied"] = "plain"
    thoughts: Annotated[bool, Field(strict=True)] = False
    probes: Annotated[tuple[str, ...], BeforeValidator(_single_probes)] = tuple(parse_probes("all"))

    @field_validator("arms")
    @classmethod
    def _factors_fit(cls, arms: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        try:
            parse_arms(arms, **info.data.get("factors", {}))
        except InputError as error:
            raise ValueError(error.text) from None
        return arms

    @field_validator("notice_after")
    @classmethod
    def _question_left(cls, notice_after: int, info: ValidationInfo) -> int:
        if notice_after >= (count := info.data.get("questions_per_episode", MAX_QUESTIONS + 1)):
            raise ValueError(f"must be below questions_per_episode={count}: a question must be left after the notice")
        return notice_after

    @property
    def full_arms(self) -> list[Arm]:
        """The arms with the factors set in them, as the samples have them."""
        return parse_arms(self.arms, **self.factors)

    @property
    def arm_names(self) -> list[str]:
        """The arms' names in the logs, in the order of `arms`."""
        return [arm.name for arm in self.full_arms]

    def arguments(self) -> dict[str, Any]:
        """The task's arguments, all of them that a plan fixes, by name."""
        fixed = {name: getattr(self, name) for name in FIXED}
        return fixed | dict.fromkeys(FACTORS) | self.factors


FIXED = tuple(name for name in Settings.model_fields if name != "factors" and not name.endswith("_sha256"))
"""Arguments of the task that a plan fixes, beside the factors."""


def defaults() -> dict[str, Any]:
    """Defaults of the task's arguments that a plan fixes. A test compares them with the task's signature."""
    fields = {name: Settings.model_fields[name].default for name in FIXED}
    return fields | ARGUMENTS | {"probes": "all"} | dict.fromkeys(FACTORS)
