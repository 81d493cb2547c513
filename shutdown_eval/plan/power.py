"""The power of the tests that the analysis makes, by adding up the probability of everything that they would reject.

No simulation: with two arms of n episodes each, the tables that can come out are few enough. McNemar's test depends only on
the discordant pairs, Boschloo's on the two counts; its critical region is found as the test itself defines it, over a
fine grid of the nuisance rate. Above `EXACT` episodes the region is that of Fisher's test, which lies within it and is a
little smaller, so power is not overstated. Pairs are taken as independent of each other: neither phrasings nor questions
are modelled.
"""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom, norm

Array = NDArray[Any]
Power = Callable[[int], float]
"""Power by the number of episodes in each arm."""

EXACT = 1000
"""Episodes in each arm up to which Boschloo's critical region is its own."""

MOST = 100_000
"""Episodes in each arm beyond which nobody looks."""

GRID = 256
"""Nuisance rates up to one half, evenly spaced in the angle whose squared sine they are: five for each standard deviation at
`EXACT`. Rates above one half give the same, because the arms are of one size."""

NEGLIGIBLE = 1e-12
"""Probability left out at either end of a binomial distribution."""


def correlation_between(rate: float, other: float, wanted: float) -> float:
    """The nearest to a wanted correlation that two rates can have."""
    scale = math.sqrt(rate * (1 - rate) * other * (1 - other))
    if scale == 0:
        return 0.0
    low = (max(0.0, rate + other - 1) - rate * other) / scale
    high = (min(rate, other) - rate * other) / scale
    return min(max(wanted, low), high)


def discordant_shares(rate: float, other: float, correlation: float) -> tuple[float, float]:
    """The shares of pairs with the first outcome only and with the second only."""
    scale = math.sqrt(rate * (1 - rate) * other * (1 - other))
    both = rate * other + correlation_between(rate, other, correlation) * scale
    return max(0.0, rate - both), max(0.0, other - both)


def support(n: int, rate: float) -> tuple[int, int]:
    """First count with a probability worth adding, and one past the last."""
    return max(0, int(binom.ppf(NEGLIGIBLE, n, rate))), int(binom.isf(NEGLIGIBLE, n, rate)) + 1


def mcnemar_power(rate: float, other: float, n: int, alpha: float, correlation: float = 0.0) -> float:
    """Power of McNemar's exact two-sided test.

    Args:
        rate: Expected rate in the first arm.
        other: Expected rate in the second.
        n: Pairs.
        alpha: Level of the test.
        correlation: Between the two outcomes of a pair. One that the rates cannot have is replaced by the nearest.
    """
    only, only_other = discordant_shares(rate, other, correlation)
    if (discordant := min(1.0, only + only_other)) <= 0:
        return 0.0
    pairs = np.arange(*support(n, discordant))
    most = _mcnemar_most(pairs, alpha)
    share = min(1.0, only / discordant)
    rejected = binom.cdf(most, pairs, share) + binom.cdf(most, pairs, 1 - share)
    return float(binom.pmf(pairs, n, discordant) @ np.where(most < 0, 0.0, rejected))


def boschloo_power(rate: float, other: float, n: int, alpha: float) -> float:
    """Power of Boschloo's two-sided test (twice the smaller one-sided p value, as in scipy) with n in each arm."""
    if n > EXACT:
        return _fisher_power(rate, other, n, alpha)
    least = _boschloo_least(n, alpha)
    counts = np.arange(n + 1)
    higher = binom.pmf(counts, n, rate) @ binom.sf(least - 1, n, other)
    lower = binom.pmf(counts, n, other) @ binom.sf(least - 1, n, rate)
    return float(higher + lower)


def needed(power: Power, target: float, start: int = 2) -> int | None:
    """Episodes in each arm from which on power stays at a target, or None beyond `MOST`.

    Power goes up in a saw-tooth. Where it first reaches the target the next teeth are looked at as well.

    Args:
        power: Power by episodes.
        target: The least power wanted.
        start: A guess; a good one saves time.
    """
    low, high = 1, max(2, start)
    while power(high) < target:
        if high >= MOST:
            return None
        low, high = high, min(MOST, high + high // 4 + 1)
    while (below := max(1, high - high // 8 - 1)) > low:
        if power(below) < target:
            low = below
            break
        high = below
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power(middle) >= target else (middle, high)
    teeth = range(high + 1, high + 1 + max(3, min(20, 4000 // high)))
    return max([n + 1 for n in teeth if power(n) < target], default=high)


def normal_guess(rate: float, other: float, alpha: float, target: float) -> int:
    """Episodes in each arm by the usual normal approximation, to start a search from."""
    if rate == other:
        return MOST
    mean = (rate + other) / 2
    null, alternative = math.sqrt(2 * mean * (1 - mean)), math.sqrt(rate * (1 - rate) + other * (1 - other))
    width = norm.isf(alpha / 2) * null + norm.isf(1 - target) * alternative
    return max(2, min(MOST, math.ceil(float(width / (rate - other)) ** 2)))


def _mcnemar_most(pairs: Array, alpha: float) -> Array:
    """The most in the smaller of the two discordant cells that rejects, by the number of discordant pairs, or -1."""
    most = binom.ppf(alpha / 2, pairs, 0.5)
    return np.asarray(np.where(2 * binom.cdf(most, pairs, 0.5) <= alpha, most, most - 1))


@lru_cache(maxsize=256)
def _boschloo_least(n: int, alpha: float) -> Array:
    """The least count in the second arm that rejects in its favour, by the count in the first; n + 1 where none does."""
    counts = np.arange(n + 1)
    p = _fisher(n, counts, counts)
    rates = np.sin(np.linspace(0, math.pi / 4, GRID + 1)[1:, None]) ** 2
    first = np.exp(_log_choose(n, counts) + counts * np.log(rates) + (n - counts) * np.log1p(-rates))
    at_least = np.hstack([first[:, ::-1].cumsum(axis=1)[:, ::-1], np.zeros((GRID, 1))])

    def least(limit: float) -> Array:
        return np.asarray((p > limit).sum(axis=1))

    def size(limit: float) -> float:
        return float(np.einsum("gx,gx->g", first, at_least[:, least(limit)]).max())

    limits = np.unique(p[(p >= alpha / 2) & (p < min(1.0, 20 * alpha))])
    low, high = -1, len(limits)  # the level alpha / 2 itself always holds: it is Fisher's test
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if size(limits[middle] * (1 + 1e-9)) <= alpha / 2 else (low, middle)
    return least((limits[low] if low >= 0 else alpha / 2) * (1 + 1e-9))


def _fisher(n: int, first: Array, second: Array) -> Array:
    """Fisher's one-sided p values that the second rate is higher.

    Args:
        n: Episodes in each arm.
        first: Consecutive counts in the first arm.
        second: The same in the second. Tables outside these counts are left out of the p values.
    """
    choose, both = _log_choose(n, np.arange(n + 1)), _log_choose(2 * n, np.arange(2 * n + 1))
    p: Array = np.exp(choose[first][:, None] + choose[second] - both[first[:, None] + second])
    for row in range(1, len(first)):  # with the same margins, the more extreme tables lie up and to the right
        p[row, :-1] += p[row - 1, 1:]
    return p


def _log_choose(n: int, k: Array) -> Array:
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])
    return np.asarray(logs[n] - logs[k] - logs[n - k])


def _fisher_power(rate: float, other: float, n: int, alpha: float) -> float:
    """Power of Fisher's test, by twice its smaller one-sided p value, in the direction of the difference."""
    lower, higher = sorted((rate, other))
    one, two = np.arange(*support(n, lower)), np.arange(*support(n, higher))
    rejected = _fisher(n, one, two) <= alpha / 2
    return float(binom.pmf(one, n, lower) @ rejected @ binom.pmf(two, n, higher))
