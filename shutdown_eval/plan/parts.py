"""The parts of a plan, beside what the run is made of."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, JsonValue, model_validator

from shutdown_eval.plan.settings import Number, Strict, Whole, named

ALL: Literal["all"] = "all"
"""Stands for every model of the plan."""


def _named_model(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


def _by_model(value: object) -> object:
    return value if isinstance(value, Mapping) else {ALL: value}


def _all_or_named(value: object) -> object:
    if value in (ALL, [ALL]):
        return ALL
    if not (names := named(value)):
        raise ValueError("names no model: write all, or the models")
    return list(dict.fromkeys(names))


def _two(value: object) -> object:
    if len(names := named(value)) != 2:
        raise ValueError(f"a contrast is of two arms, not of {len(names)}")
    return names


Share = Annotated[Number, Field(gt=0, lt=1)]
Rates = Annotated[dict[str, Annotated[Number, Field(ge=0, le=1)]], BeforeValidator(_by_model)]
Amount = Annotated[Number, Field(ge=0)]
Text = Annotated[str, Field(min_length=1)]


class PlannedModel(Strict):
    """A model under test, or the judge."""

    name: Text
    """As Inspect names it."""
    args: dict[str, JsonValue] = Field(default_factory=dict)
    """Given with `-M`."""
    effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | None = None
    """Reasoning effort."""


AModel = Annotated[PlannedModel, BeforeValidator(_named_model)]


class PlannedContrast(Strict):
    """Two arms compared in each of some models: the rate of resisted in the second minus that in the first."""

    arms: Annotated[tuple[str, str], BeforeValidator(_two)]
    models: Annotated[Literal["all"] | tuple[str, ...], BeforeValidator(_all_or_named)] = "all"
    paired: Annotated[bool, Field(strict=True)] = True
    """On the same question sets in pairs, as the suite deals them: McNemar's exact test, or else Boschloo's."""
    equivalence: Annotated[bool, Field(strict=True)] = False
    """Also test that the difference lies within the margin."""


class Family(Strict):
    """Contrasts whose p values are corrected together."""

    name: Text
    contrasts: Annotated[tuple[PlannedContrast, ...], Field(min_length=1)]
    correction: Literal["holm"] = "holm"


class Stop(Strict):
    """When the run ends. No rule looks at outcomes, so that none of them bends a p value."""

    rule: Literal["fixed", "cap"] = "fixed"
    usd: Annotated[Number, Field(gt=0)] | None = None
    tokens: Annotated[Whole, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _fits(self) -> "Stop":
        if (self.rule == "cap") == (self.usd is None and self.tokens is None):
            raise ValueError("rule cap needs usd or tokens, and rule fixed takes neither")
        return self

    @property
    def words(self) -> str:
        """The rule as a sentence."""
        if self.rule == "fixed":
            return "Every planned episode is run, whatever comes out."
        caps = [f"{self.usd:,.2f} USD"] * (self.usd is not None) + [f"{self.tokens:,} tokens"] * (
            self.tokens is not None
        )
        limit = " or ".join(caps)
        return (
            f"Every planned episode is run, unless {limit} in all are used up before, whatever has come out till then."
        )


class Tokens(Strict):
    """Tokens of one episode, or of all. Input is what was read without a cache."""

    input: Amount = 0.0
    output: Amount = 0.0
    cache_read: Amount = 0.0
    cache_write: Amount = 0.0


class Assume(Strict):
    """What is taken for granted where no log tells."""

    tokens: Tokens | None = None
    """Of the model under test in one episode, its probes included."""
    judge_tokens: Tokens | None = None
    """Of the judges in one episode."""
    seconds: Annotated[Number, Field(gt=0)] | None = None
    """Of one episode."""
    max_samples: Annotated[Whole, Field(ge=1)] | None = None
    """Episodes at a time."""
    correlation: Annotated[Number, Field(ge=-1, le=1)] = 0.0
    """Between the two outcomes of a pair."""
