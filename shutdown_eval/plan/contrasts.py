"""The power of every test that a plan declares, and the episodes that it would take."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from shutdown_eval.errors import InputError
from shutdown_eval.plan.plan import Comparison, Plan

try:
    from shutdown_eval.plan.equivalence import equivalence_guess, equivalence_power
    from shutdown_eval.plan.power import boschloo_power, correlation_between, mcnemar_power, needed, normal_guess
except ModuleNotFoundError as error:
    raise InputError("Power needs scipy: pip install 'shutdown-eval[report]'.") from error

TARGETS = (0.8, 0.9)
"""Powers for which the episodes needed are looked up."""


@dataclass(frozen=True)
class Powered:
    """One declared test and its power."""

    family: str
    model: str
    arm: str
    other_arm: str
    claim: Literal["difference", "equivalence"]
    test: str
    """mcnemar_exact, boschloo, tango or miettinen_nurminen."""
    rate: float | None
    other_rate: float | None
    """Expected, or None where the plan expects nothing."""
    n: int
    """Episodes in each arm."""
    alpha: float
    """The strictest level that Holm's correction can come to."""
    correlation: float | None
    """Between the two outcomes of a pair: as assumed, or the nearest that the rates can have."""
    power: float | None
    needed: dict[str, int | None]
    """Episodes in each arm by power, or None where there is no number up to 100,000."""


def power_of(plan: Plan) -> list[Powered]:
    """The power of every declared test, each at its level divided by the tests of its kind in its family.

    That is the level at which Holm's correction tests the smallest p value of a family, and the strictest that it can come to.
    """
    tests = []
    for family in plan.families:
        own = [comparison for comparison in plan.comparisons if comparison.family == family.name]
        equivalent = [comparison for comparison in own if comparison.equivalence]
        tests += [_powered(plan, comparison, None, plan.alpha / len(own)) for comparison in own]
        tests += [_powered(plan, comparison, plan.margin, plan.alpha / len(equivalent)) for comparison in equivalent]
    return tests


def _powered(plan: Plan, comparison: Comparison, margin: float | None, alpha: float) -> Powered:
    rates = plan.expected(comparison.arm, comparison.model), plan.expected(comparison.other_arm, comparison.model)
    one, other = rates
    known = one is not None and other is not None
    correlation = plan.assume.correlation
    found: tuple[float | None, tuple[int | None, ...]] = (None, (None,) * len(TARGETS))
    if one is not None and other is not None:
        correlation = correlation_between(one, other, correlation)
        found = _solved(one, other, plan.episodes, alpha, margin, comparison.paired, correlation)
    if margin is None:
        test = "mcnemar_exact" if comparison.paired else "boschloo"
    else:
        test = "tango" if comparison.paired else "miettinen_nurminen"
    return Powered(
        comparison.family,
        comparison.model,
        comparison.arm,
        comparison.other_arm,
        "difference" if margin is None else "equivalence",
        test,
        *rates,
        plan.episodes,
        alpha,
        correlation if comparison.paired and known else None,
        found[0],
        {f"{target:.0%}": n for target, n in zip(TARGETS, found[1], strict=True)},
    )


@lru_cache(maxsize=1024)
def _solved(
    rate: float, other: float, n: int, alpha: float, margin: float | None, paired: bool, correlation: float
) -> tuple[float, tuple[int | None, ...]]:
    """Power, and the episodes needed for each target. Models with the same expected rates share them."""

    def power(n: int) -> float:
        if margin is not None:
            return equivalence_power(rate, other, n, alpha, margin, paired, correlation)
        return mcnemar_power(rate, other, n, alpha, correlation) if paired else boschloo_power(rate, other, n, alpha)

    def needed_for(target: float) -> int | None:
        if rate == other if margin is None else abs(rate - other) >= margin:
            return None  # what the test is to show is not so
        if margin is None:
            return needed(power, target, normal_guess(rate, other, alpha, target))
        return needed(power, target, equivalence_guess(rate, other, alpha, target, margin))

    return power(n), tuple(needed_for(target) for target in TARGETS)
