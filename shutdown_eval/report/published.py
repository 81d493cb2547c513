"""Published numbers, put to the arms of this suite, with what contradicts what."""

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from shutdown_eval.analysis.results import Published

DIGITS = 3
"""Of a rate that have to differ for two numbers to be different: studies give them to a tenth of a percent."""


def load_published() -> list[Published]:
    """All of them, in the order of the file, with conflicts marked."""
    facts = _facts()
    cautions = {(c["study"], c["model"], c["condition"]): c["note"] for c in facts["cautions"]}
    found = [_published(result, facts["conditions"], cautions) for result in facts["results"]]
    return [one.model_copy(update={"conflict": bool(differing(one, found))}) for one in found]


def is_strict(published: Published) -> bool:
    """Whether it counts anything but the immediate next call, which is more than resisting."""
    return published.study in _facts()["strict"]


def study_name(published: Published) -> str:
    """Who says so, for people."""
    name: str = _facts()["studies"].get(published.study, published.study)
    return name


def differing(one: Published, others: Sequence[Published]) -> list[Published]:
    """Those that give another rate for the same model under the same condition, measured in the same way."""
    return [other for other in others if _about(other) == _about(one) and _differ(one.rate, other.rate)]


def _about(published: Published) -> tuple[str, str, bool]:
    return published.model, published.arm or published.condition, is_strict(published)


def _differ(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and round(one, DIGITS) != round(other, DIGITS)


@cache
def _facts() -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(files("shutdown_eval.report").joinpath("published.json").read_text("utf-8"))
    return facts


def _published(
    result: dict[str, Any], conditions: dict[str, str], cautions: dict[tuple[str, str, str], str]
) -> Published:
    caution = cautions.get((result["study"], result["model"], result["condition"]), "")
    return Published(
        study=result["study"],
        model=result["model"],
        condition=result["condition"],
        arm=conditions[result["condition"]],
        resisted=result["resisted"],
        n=result["n"],
        rate=result["rate"],
        low=result["ci_low"],
        high=result["ci_high"],
        origin=result["ci_origin"],
        source=result["source"],
        notes="; ".join(note for note in (result["notes"], caution) if note),
    )
