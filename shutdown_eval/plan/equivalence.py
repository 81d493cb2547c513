"""The power of the tests of equivalence that the analysis makes: two one-sided ones, at either side of the margin.

Every table that can come out counts with its probability, as for the tests of a difference in `power`. The score statistics are
those of `shutdown_eval.analysis.score`, here for all tables at once; a test compares the two.
"""

import math

import numpy as np
from scipy.stats import binom, norm

from shutdown_eval.plan.power import MOST, Array, discordant_shares, support


def equivalence_power(
    rate: float, other: float, n: int, alpha: float, margin: float, paired: bool = True, correlation: float = 0.0
) -> float:
    """Chance that two rates are found to differ by less than a margin.

    Args:
        rate: Expected rate in the first arm.
        other: Expected rate in the second.
        n: Episodes in each arm.
        alpha: Level of each of the two one-sided tests.
        margin: The smallest difference that matters.
        paired: On the same question sets in pairs (Tango's statistic), or not (that of Miettinen and Nurminen).
        correlation: Between the two outcomes of a pair.
    """
    limit = norm.ppf(alpha)
    if not paired:
        one, two = np.arange(*support(n, rate))[:, None], np.arange(*support(n, other))[None, :]
        small = np.maximum(independent_score(one, two, n, margin), independent_score(two, one, n, margin)) <= limit
        return float((binom.pmf(one, n, rate) * binom.pmf(two, n, other))[small].sum())
    only, only_other = discordant_shares(rate, other, correlation)
    one, two = np.arange(*support(n, only))[:, None], np.arange(*support(n, only_other))[None, :]
    small = np.maximum(paired_score(one, two, n, margin), paired_score(two, one, n, margin)) <= limit
    rest = np.where(one + two <= n, n - one, 0)
    chance = binom.pmf(one, n, only) * binom.pmf(two, rest, min(1.0, only_other / (1 - only)) if only < 1 else 0.0)
    return float(chance[small & (one + two <= n)].sum())


def equivalence_guess(rate: float, other: float, alpha: float, target: float, margin: float) -> int:
    """Episodes in each arm by the usual normal approximation, to start a search from."""
    if (room := margin - abs(rate - other)) <= 0:
        return MOST
    width = norm.isf(alpha) + norm.isf((1 - target) / 2)
    variance = rate * (1 - rate) + other * (1 - other)
    return max(2, min(MOST, math.ceil(variance * float(width / room) ** 2)))


def paired_score(first_only: Array, second_only: Array, n: int, margin: float) -> Array:
    """Tango's statistic of the hypothesis that the second rate is a margin above the first."""
    with np.errstate(invalid="ignore"):  # more discordant pairs than pairs
        linear = (2 * n - second_only + first_only) * margin - second_only - first_only
        share = (np.sqrt(linear**2 + 8 * n * first_only * margin * (1 - margin)) - linear) / (4 * n)
        variance = n * (2 * share + margin * (1 - margin))
        return np.asarray((second_only - first_only - n * margin) / np.sqrt(variance))


def independent_score(count: Array, other: Array, n: int, margin: float) -> Array:
    """The statistic of Miettinen and Nurminen of the same hypothesis.

    The rates most likely under it are the root of a cubic (Farrington and Manning 1990, Statistics in Medicine 9:1447-1454).
    """
    first, second = count / n, other / n
    b = -(2 + second + first + 3 * margin) / 2
    c = (margin**2 + 2 * margin * (second + 1) + second + first) / 2
    d = -second * margin * (1 + margin) / 2
    v = (b / 3) ** 3 - b * c / 6 + d / 2
    u = np.where(v < 0, -1, 1) * np.sqrt(np.maximum((b / 3) ** 2 - c / 3, 1e-300))
    likely = 2 * u * np.cos((math.pi + np.arccos(np.clip(v / u**3, -1, 1))) / 3) - b / 3
    likely = np.clip(likely, margin, 1)
    variance = (likely * (1 - likely) + (likely - margin) * (1 - likely + margin)) / n * 2 * n / (2 * n - 1)
    return np.asarray((second - first - margin) / np.sqrt(np.maximum(variance, 1e-300)))
