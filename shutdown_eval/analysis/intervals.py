"""Intervals for rates and for differences of rates, that hold where a rate is near 0 or 1.

Wald and bootstrap intervals have no width at 0 of n, which is where most arms of this evaluation end; none is used here.
The Clopper-Pearson interval covers at least its level whatever the rate; Jeffreys and Wilson do so on average over the
rates, and near 0 and 1 fall below it for some (Brown, Cai and DasGupta 2001, Statistical Science 16:101-133).
All counts are of episodes, rates are fractions, and a difference is the second rate minus the first, as in `results.Contrast`.
"""

from math import prod, sqrt
from typing import Literal

from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from shutdown_eval.analysis.counts import check_counts, check_level, check_pairs
from shutdown_eval.analysis.results import Rate
from shutdown_eval.errors import one_of

METHODS = {"jeffreys": "jeffreys", "wilson": "wilson", "clopper_pearson": "beta"}
"""Of intervals for a rate, with their names in statsmodels."""


def rate(
    count: int,
    n: int,
    method: str = "jeffreys",
    level: float = 0.95,
    *,
    edges: Literal["one_sided", "two_sided"] = "two_sided",
) -> Rate:
    """A rate with its interval.

    At 0 of n and n of n there is one bound to find, and two conventions for its level:

    - `one_sided` puts the whole level on it. Upper 95 % bounds at 0 of 20, 100 and 1,000: Jeffreys .0905, .0190 and
      .0019, Wilson .1192, .0263 and .0027, Clopper-Pearson .1391, .0295 and .0030 ("the rule of three").
    - `two_sided` keeps half of the error for the other side, as the formulas and the published studies do: Jeffreys
      .1166, .0247 and .0025, Wilson .1611, .0370 and .0038, Clopper-Pearson .1684, .0362 and .0037.

    The side is chosen after the counts are seen, so `one_sided` costs coverage: at 95 % and n of 20 to 1,000, the least
    over all rates is .93 rather than .95 for Clopper-Pearson and .81 rather than .88 for Jeffreys, at rates near 2/n
    (Wilson has .84 with both). For a claim that must hold at its level whatever the rate, use `upper_bound`.

    Args:
        count: Episodes that count, from 0 to `n`.
        n: All of them. With none there is neither rate nor bound.
        method: `jeffreys` (equal-tailed, prior Beta(1/2, 1/2)), `wilson` (score) or `clopper_pearson` (exact).
        level: Nominal coverage, from 0.5 to below 1.
        edges: The convention at 0 of n and n of n.

    Returns:
        The rate; its `low` is 0 at 0 of n, its `high` 1 at n of n, whatever the method.

    Raises:
        InputError: For an unknown method.
        ValueError: If the numbers are not possible.
    """
    check_counts(count, n)
    check_level(level)
    edge = count in (0, n)
    found = Rate(count=count, n=n, rate=None, low=None, high=None, level=level, method=method, one_sided=edge and n > 0)
    low, high = _interval(count, n, method, (1 - level) * (2 if edge and edges == "one_sided" else 1))
    return found if n == 0 else found.model_copy(update={"rate": count / n, "low": low, "high": high})


def upper_bound(count: int, n: int, confidence: float = 0.95, method: str = "clopper_pearson") -> float:
    """One-sided upper confidence bound of a rate, for a gate: with `confidence` the rate is no higher.

    Args:
        count: Episodes that count, from 0 to `n`.
        n: All of them.
        confidence: Confidence, from 0.5 to below 1. Clopper-Pearson, the exact bound, has at least that.
        method: As in `rate`.

    Returns:
        The bound; 1 if every episode counts or there is none.

    Raises:
        InputError: For an unknown method.
        ValueError: If the numbers are not possible.
    """
    check_counts(count, n)
    check_level(confidence)
    return _interval(count, n, method, 2 * (1 - confidence))[1]


def lower_bound(count: int, n: int, confidence: float = 0.95, method: str = "clopper_pearson") -> float:
    """One-sided lower confidence bound of a rate; the mirror of `upper_bound`, and 0 if no episode counts."""
    return 1 - upper_bound(n - count, n, confidence, method)


def missing_bounds(count: int, scored: int, missing: int) -> tuple[float | None, float | None]:
    """The rates among all episodes if none of the missing ones counted, and if all did (Manski's bounds, without sampling error).

    Args:
        count: Scored episodes that count.
        scored: All scored episodes.
        missing: Episodes without a usable score.

    Returns:
        Both rates, or None twice if there is no episode at all.

    Raises:
        ValueError: If the numbers are not possible.
    """
    check_counts(count, scored)
    check_counts(0, missing)
    n = scored + missing
    return (count / n, (count + missing) / n) if n else (None, None)


def difference(count1: int, n1: int, count2: int, n2: int, level: float = 0.95) -> tuple[float, float, float]:
    """Difference of two independent rates with Newcombe's hybrid score interval.

    His method 10, from the Wilson intervals of both (Newcombe 1998, Statistics in Medicine 17:873-890), by statsmodels.

    Args:
        count1: Episodes that count in the first sample.
        n1: Size of the first sample, at least 1.
        count2: Episodes that count in the second.
        n2: Size of the second, at least 1.
        level: Nominal coverage, from 0.5 to below 1.

    Returns:
        The second rate minus the first, and the bounds of the difference.

    Raises:
        ValueError: If the numbers are not possible, or a sample is empty.
    """
    check_counts(count1, n1, least=1)
    check_counts(count2, n2, least=1)
    check_level(level)
    low, high = confint_proportions_2indep(count2, n2, count1, n1, method="newcomb", compare="diff", alpha=1 - level)
    return count2 / n2 - count1 / n1, float(low), float(high)


def paired_difference(
    both: int, first_only: int, second_only: int, neither: int, level: float = 0.95
) -> tuple[float, float, float]:
    """Difference of two rates on the same question sets with Newcombe's interval for pairs.

    His method 10 for paired data: the Wilson intervals of both rates, put together with the correlation of the pairs,
    which is moved towards 0 by n/2 where it is positive (Newcombe 1998, Statistics in Medicine 17:2635-2650). It has a
    width even if no pair differs. No release of statsmodels up to 0.15 has it.

    Args:
        both: Pairs that count in both conditions.
        first_only: Pairs that count in the first only.
        second_only: Pairs that count in the second only.
        neither: Pairs that count in neither.
        level: Nominal coverage, from 0.5 to below 1.

    Returns:
        The second rate minus the first, and the bounds of the difference.

    Raises:
        ValueError: If the numbers are not possible, or there is no pair.
    """
    n = check_pairs(both, first_only, second_only, neither)
    check_level(level)
    count1, count2 = both + first_only, both + second_only
    rate1, rate2 = count1 / n, count2 / n
    low1, high1 = _interval(count1, n, "wilson", 1 - level)
    low2, high2 = _interval(count2, n, "wilson", 1 - level)
    phi = _correlation(both, first_only, second_only, neither)
    found = rate2 - rate1
    low = found - _combine(rate2 - low2, high1 - rate1, phi)
    high = found + _combine(high2 - rate2, rate1 - low1, phi)
    return found, max(low, -1.0), min(high, 1.0)


def _interval(count: int, n: int, method: str, alpha: float) -> tuple[float, float]:
    """Bounds with an error of alpha/2 on each side; 0 and 1 where the counts exclude nothing."""
    if method not in METHODS:
        raise one_of("interval", method, METHODS)
    if n == 0:
        return 0.0, 1.0
    low, high = proportion_confint(count, n, alpha=alpha, method=METHODS[method])
    return float(low) if count > 0 else 0.0, float(high) if count < n else 1.0


def _correlation(both: int, first_only: int, second_only: int, neither: int) -> float:
    """Phi of the pairs, a positive one with Newcombe's continuity correction; 0 where a margin is empty."""
    n = both + first_only + second_only + neither
    product: float = both * neither - first_only * second_only
    if product > 0:
        product = max(product - n / 2, 0)
    margins = (both + first_only, second_only + neither, both + second_only, first_only + neither)
    return product / sqrt(prod(margins)) if min(margins) else 0.0


def _combine(part1: float, part2: float, phi: float) -> float:
    return sqrt(max(part1**2 - 2 * phi * part1 * part2 + part2**2, 0.0))
