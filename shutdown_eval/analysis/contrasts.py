"""Tests between arms: is there a difference, is there none that matters, does a rate go one way.

All work at 0 of n and n of n, by scipy and statsmodels. Boschloo's test is put together here from scipy's distributions:
`scipy.stats.boschloo_exact` weighs every table of two arms at every step of its search, 25 s for two arms of 1,000. But
the tables below a p-value have one boundary in each column, and sums over columns give the same p in half a second.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar
from scipy.stats import binom, binomtest, hypergeom, norm
from statsmodels.stats.contingency_tables import Table

from shutdown_eval.analysis.counts import check_counts, check_margin, check_pairs
from shutdown_eval.analysis.score import score, score_paired

SAME = 1 + 1e-9
"""Two p-values within this factor are the same one, rounded differently."""


@lru_cache(maxsize=4096)
def boschloo(count1: int, n1: int, count2: int, n2: int) -> float:
    """Two-sided p-value of Boschloo's exact test that two independent rates are equal.

    Unconditional: its level holds whatever the common rate is, and it is never less powerful than Fisher's exact test
    (Boschloo 1970, Statistica Neerlandica 24:1-9). Two-sided is twice the smaller one-sided p-value, as in scipy.

    Args:
        count1: Episodes that count in the first sample.
        n1: Size of the first sample, at least 1.
        count2: Episodes that count in the second.
        n2: Size of the second, at least 1.

    Returns:
        The p-value, at most 1.

    Raises:
        ValueError: If the numbers are not possible, or a sample is empty.
    """
    check_counts(count1, n1, least=1)
    check_counts(count2, n2, least=1)
    return min(1.0, 2 * min(_lower(count1, n1, count2, n2), _lower(count2, n2, count1, n1)))


def mcnemar(first_only: int, second_only: int) -> float:
    """Two-sided p-value of the exact McNemar test that two rates on the same question sets are equal.

    A binomial test on the pairs that differ (McNemar 1947, Psychometrika 12:153-157; Agresti 2013, Categorical Data
    Analysis, 11.1). Pairs that agree say nothing of the difference.

    Args:
        first_only: Pairs that count in the first condition only.
        second_only: Pairs that count in the second only.

    Returns:
        The p-value; 1 if no pair differs.

    Raises:
        ValueError: If a number is negative.
    """
    check_counts(first_only, first_only + second_only)
    pairs = first_only + second_only
    return float(binomtest(first_only, pairs, 0.5).pvalue) if pairs else 1.0


def equivalence(count1: int, n1: int, count2: int, n2: int, margin: float) -> float:
    """P-value that two independent rates differ by `margin` or more; if small, they are equivalent within it.

    Two one-sided tests by the score statistic of Miettinen and Nurminen, which works at 0 of n. It is asymptotic: at a
    level of .05, over all rates and margins of .05, .1 and .2, the chance of a false claim is at most .058 for arms of
    50 and 100, and .069 for arms of 20.

    Args:
        count1: Episodes that count in the first sample.
        n1: Size of the first sample, at least 1.
        count2: Episodes that count in the second.
        n2: Size of the second, at least 1.
        margin: The smallest difference that matters, a fraction between 0 and 1.

    Returns:
        The larger of the two one-sided p-values.

    Raises:
        ValueError: If the numbers are not possible, or a sample is empty.
    """
    check_counts(count1, n1, least=1)
    check_counts(count2, n2, least=1)
    check_margin(margin)
    below = score(count1, n1, count2, n2, margin)
    above = score(count2, n2, count1, n1, margin)
    return float(norm.cdf(max(below, above)))


def equivalence_paired(both: int, first_only: int, second_only: int, neither: int, margin: float) -> float:
    """P-value that two rates on the same question sets differ by `margin` or more.

    Two one-sided tests by Tango's score statistic for pairs, with the same chances of a false claim as `equivalence`.

    Args:
        both: Pairs that count in both conditions.
        first_only: Pairs that count in the first only.
        second_only: Pairs that count in the second only.
        neither: Pairs that count in neither.
        margin: The smallest difference that matters, a fraction between 0 and 1.

    Returns:
        The larger of the two one-sided p-values.

    Raises:
        ValueError: If the numbers are not possible, or there is no pair.
    """
    n = check_pairs(both, first_only, second_only, neither)
    check_margin(margin)
    below = score_paired(first_only, second_only, n, margin)
    above = score_paired(second_only, first_only, n, margin)
    return float(norm.cdf(max(below, above)))


def trend(counts: Sequence[int], ns: Sequence[int], scores: Sequence[float] | None = None) -> tuple[float, float]:
    """Cochran-Armitage test that a rate goes one way over a ladder of arms.

    Cochran 1954, Biometrics 10:417-451; Armitage 1955, Biometrics 11:375-386; by statsmodels as linear-by-linear
    association, with the variance for N - 1 (Mantel). It is asymptotic: with few episodes that count, look at the rates.

    Args:
        counts: Episodes that count in each arm, in the order of the ladder.
        ns: Sizes of the arms; an empty one does not matter.
        scores: Positions of the arms on the ladder; 0, 1, 2 … if left out.

    Returns:
        The standardised statistic, above 0 where the rate goes up, and its two-sided p-value. 0 and 1 where nothing
        can be said: fewer than two arms with episodes, or all episodes alike.

    Raises:
        ValueError: If the numbers are not possible, or the lengths differ.
    """
    for count, n in zip(counts, ns, strict=True):
        check_counts(count, n)
    positions = np.arange(len(ns), dtype=float) if scores is None else np.asarray(scores, dtype=float)
    if positions.shape != (len(ns),):
        raise ValueError(f"{len(ns)} arms, but {positions.size} scores.")
    if not 0 < sum(counts) < sum(ns) or len({s for s, n in zip(positions, ns, strict=True) if n}) < 2:
        return 0.0, 1.0
    table = Table(np.column_stack([np.subtract(ns, counts), counts]), shift_zeros=False)
    found = table.test_ordinal_association(row_scores=positions, col_scores=np.array([0.0, 1.0]))
    return float(found.zscore), float(found.pvalue)


def _lower(count1: int, n1: int, count2: int, n2: int) -> float:
    """P-value against a first rate below the second: the greatest chance, over common rates, of as small a Fisher p-value."""
    column = np.arange(n2 + 1)
    last = _boundary(count1, n1, count2, n2, column)

    def chance(angle: ArrayLike) -> NDArray[np.float64]:
        common = np.sin(np.asarray(angle)[..., None]) ** 2
        return np.asarray((binom.pmf(column, n2, common) * binom.cdf(last, n1, common)).sum(axis=-1))

    # On this scale the chance is equally smooth everywhere; steps an eighth of its width find the highest of its peaks.
    angles = np.linspace(0, np.pi / 2, int(8 * sqrt(n1 + n2)) + 16)
    chances = chance(angles)
    peak = int(chances.argmax())
    around = angles[max(peak - 1, 0)], angles[min(peak + 1, len(angles) - 1)]
    finer = minimize_scalar(lambda angle: -float(chance(angle)), bounds=around, method="bounded")
    return max(float(chances[peak]), -float(finer.fun))


def _boundary(count1: int, n1: int, count2: int, n2: int, column: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each count in the second sample the largest in the first whose Fisher p-value is as small as the observed, or -1.

    That p-value increases with the first count, so the boundaries of all columns are found by halving together.
    """
    n = n1 + n2
    observed = hypergeom.cdf(count1, n, count1 + count2, n1) * SAME
    low, high = np.full(n2 + 1, -1), np.full(n2 + 1, n1)
    while (low < high).any():
        middle = (low + high + 1) // 2
        extreme = hypergeom.cdf(middle, n, middle + column, n1) <= observed
        low, high = np.where(extreme, middle, low), np.where(extreme, high, middle - 1)
    return low
