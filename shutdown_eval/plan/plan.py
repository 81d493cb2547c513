"""The plan as data. Its hash is over what it means: comments, order of keys and the way it is written do not matter."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, ValidationError, ValidationInfo, field_validator

from shutdown_eval.errors import InputError
from shutdown_eval.plan.parts import (
    ALL,
    AModel,
    Assume,
    Family,
    PlannedContrast,
    PlannedModel,
    Rates,
    Share,
    Stop,
    Text,
)
from shutdown_eval.plan.settings import Misplaced, Settings


class Comparison(NamedTuple):
    """One declared test: a contrast in one model."""

    family: str
    model: str
    arm: str
    other_arm: str
    """Arms under the names that they have in the logs."""
    paired: bool
    equivalence: bool


class Plan(Settings):
    """A plan."""

    name: Text
    models: Annotated[tuple[AModel, ...], Field(min_length=1)]
    grader: AModel | None = None
    """The model that judges, if any."""
    alpha: Share = 0.05
    level: Share = 0.95
    """Of intervals."""
    interval: Literal["jeffreys", "wilson", "clopper_pearson"] = "jeffreys"
    margin: Share | None = None
    """A difference of rates that would not matter, for the tests of equivalence."""
    families: tuple[Family, ...] = ()
    """What is not in one of them is exploratory."""
    expect: dict[str, Rates] = Field(default_factory=dict)
    """Expected rates by arm, each one number or numbers by model (`all` for the rest)."""
    stop: Stop = Field(default_factory=Stop)
    assume: Assume = Field(default_factory=Assume)

    @field_validator("models")
    @classmethod
    def _once(cls, models: tuple[PlannedModel, ...]) -> tuple[PlannedModel, ...]:
        name, count = Counter(model.name for model in models).most_common(1)[0]
        if count > 1:
            raise ValueError(
                f"{name} is named {count} times, and logs tell models by name: give each a plan of its own"
            )
        return models

    @field_validator("families")
    @classmethod
    def _known(cls, families: tuple[Family, ...], info: ValidationInfo) -> tuple[Family, ...]:
        if not {"models", "arms", "margin"} <= info.data.keys():
            return families  # the first problem is another then
        models = [model.name for model in info.data["models"]]
        seen: dict[tuple[str, frozenset[str]], str] = {}
        for i, family in enumerate(families):
            if family.name in [other.name for other in families[:i]]:
                raise Misplaced(f"two families are named {family.name}: give each a name of its own", i, "name")
            for k, contrast in enumerate(family.contrasts):
                _check(contrast, info.data, (i, "contrasts", k))
                for model in _spread(contrast.models, models):
                    if (pair := (model, frozenset(contrast.arms))) in seen:
                        both = f"{' and '.join(contrast.arms)} are compared twice in {model}"
                        raise Misplaced(f"{both}: keep one of the two", i, "contrasts", k)
                    seen[pair] = family.name
        return families

    @field_validator("expect")
    @classmethod
    def _expected(cls, expect: dict[str, Rates], info: ValidationInfo) -> dict[str, Rates]:
        if not {"models", "arms"} <= info.data.keys():
            return expect
        models = [ALL, *(model.name for model in info.data["models"])]
        for arm, rates in expect.items():
            _member("arm", arm, info.data["arms"], arm)
            for model in rates:
                _member("model", model, models, arm, model)
        return expect

    @property
    def model_names(self) -> list[str]:
        """The models under test."""
        return [model.name for model in self.models]

    @property
    def comparisons(self) -> list[Comparison]:
        """Every declared test, in the order of the plan."""
        full = dict(zip(self.arms, self.arm_names, strict=True))
        return [
            Comparison(family.name, model, full[one], full[other], contrast.paired, contrast.equivalence)
            for family in self.families
            for contrast in family.contrasts
            for one, other in [contrast.arms]
            for model in _spread(contrast.models, self.model_names)
        ]

    def expected(self, arm: str, model: str) -> float | None:
        """The expected rate of a model in an arm (its name in the logs), or None."""
        rates = self.expect.get(arm.partition("+")[0], {})
        return rates.get(model, rates.get(ALL))

    def canonical(self) -> dict[str, Any]:
        """The plan with every default written out, sets of arms and probes as their members, as plain data."""
        return self.model_dump(mode="json")

    @property
    def hash(self) -> str:
        """SHA-256 of `canonical()`: see `plan_hash`."""
        return plan_hash(self.canonical())


def _spread(named: Sequence[str], models: Sequence[str]) -> list[str]:
    """The models that a contrast is made in."""
    return list(models if named == ALL else named)


def _check(contrast: PlannedContrast, plan: Mapping[str, Any], at: tuple[str | int, ...]) -> None:
    """Everything that a contrast names must be in the plan."""
    one, other = contrast.arms
    for number, arm in enumerate(contrast.arms):
        _member("arm", arm, plan["arms"], *at, "arms", number)
    if one == other:
        raise Misplaced(f"arm {one} is compared with itself: name two arms", *at, "arms")
    known = [model.name for model in plan["models"]]
    for model in _spread(contrast.models, known):
        _member("model", model, known, *at, "models")
    if contrast.equivalence and plan.get("margin") is None:
        raise Misplaced("needs a margin: give the plan one, such as margin: 0.1", *at, "equivalence")


def _member(what: str, name: str, known: Sequence[str], *at: str | int) -> None:
    if name not in known:
        raise Misplaced(f"{what} {name!r} is not in the plan; in it are: {', '.join(known)}", *at)


def plan_hash(canonical: Mapping[str, Any]) -> str:
    """SHA-256 over a canonical plan as JSON in UTF-8: keys sorted, no spaces, nothing escaped that need not be."""
    text = json.dumps(canonical, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def plan_of(metadata: Mapping[str, Any] | None) -> Plan | None:
    """The plan that a run was made by, or None.

    Args:
        metadata: Of the log: `EvalLog.eval.metadata`.

    Raises:
        InputError: What stands there is no plan of this version, or not the one that its hash belongs to.
    """
    if (entry := (metadata or {}).get("plan")) is None:
        return None
    try:
        plan, given = Plan.model_validate(entry["plan"]), str(entry["hash"])
    except (ValidationError, TypeError, KeyError):
        raise InputError("The plan in the log cannot be read: it was written by another version, or changed.") from None
    if given != plan_hash(entry["plan"]):
        raise InputError(f"The plan {plan.name} in the log was changed: it does not have the hash that stands with it.")
    return plan


def declared(plan: Plan, model: str, arm: str, other_arm: str) -> str | None:
    """The family that a comparison is declared in, or None where it is exploratory.

    Args:
        plan: The plan.
        model: The model that both arms were run with.
        arm: An arm, under its name in the logs.
        other_arm: The other, in any order.
    """
    pair = {arm, other_arm}
    found = (c.family for c in plan.comparisons if c.model == model and {c.arm, c.other_arm} == pair)
    return next(found, None)
