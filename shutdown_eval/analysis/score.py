"""Score statistics of the hypothesis that a second rate is a margin above a first: their variance is the one under it.

Both are asymptotically standard normal if the hypothesis holds, and far below 0 if the second rate is lower than that. Neither
divides by 0 at 0 of n. The statistic for independent rates in `statsmodels.stats.proportion` has a wrong coefficient up to
0.15 (its issue 10269) and is not a number at 0 of n in both samples; the one for pairs is in neither library.
"""

from math import sqrt

from scipy.optimize import minimize_scalar
from scipy.special import xlog1py, xlogy


def score(count1: int, n1: int, count2: int, n2: int, margin: float) -> float:
    """For independent samples (Miettinen and Nurminen 1985, Statistics in Medicine 4:213-226), with their factor N/(N - 1).

    Args:
        count1: Episodes that count in the first sample.
        n1: Size of the first sample, at least 1.
        count2: Episodes that count in the second.
        n2: Size of the second, at least 1.
        margin: A fraction between 0 and 1.
    """

    def unlikely(rate1: float) -> float:
        """Minus the log-likelihood, which has one peak."""
        rate2 = rate1 + margin
        first = xlogy(count1, rate1) + xlog1py(n1 - count1, -rate1)
        second = xlogy(count2, rate2) + xlog1py(n2 - count2, -rate2)
        return -float(first + second)

    rate1 = float(minimize_scalar(unlikely, bounds=(0, 1 - margin), method="bounded", options={"xatol": 1e-10}).x)
    rate2 = rate1 + margin
    n = n1 + n2
    variance = (rate1 * (1 - rate1) / n1 + rate2 * (1 - rate2) / n2) * n / (n - 1)
    return (count2 / n2 - count1 / n1 - margin) / sqrt(variance)


def score_paired(first_only: int, second_only: int, n: int, margin: float) -> float:
    """For pairs (Tango 1998, Statistics in Medicine 17:891-908), uncorrected as there.

    Args:
        first_only: Pairs that count in the first condition only.
        second_only: Pairs that count in the second only.
        n: All pairs, at least 1.
        margin: A fraction between 0 and 1.
    """
    # The share of `first_only` that is most likely under the hypothesis solves 2n x² + linear x - constant = 0.
    linear = (2 * n - second_only + first_only) * margin - second_only - first_only
    constant = first_only * margin * (1 - margin)
    share = (sqrt(linear**2 + 8 * n * constant) - linear) / (4 * n)
    variance = n * (2 * share + margin * (1 - margin))
    return (second_only - first_only - n * margin) / sqrt(variance)
