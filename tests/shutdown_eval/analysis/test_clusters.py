"""Cluster bootstraps against scipy and closed forms, and the spread between phrasings against statsmodels."""

from math import sqrt
from time import perf_counter

import numpy as np
import pytest
from scipy.stats import norm
from statsmodels.regression.mixed_linear_model import MixedLM

from shutdown_eval.analysis.clusters import cluster_interval, crossed_interval, wording_sd


def drawn(clusters, size, rng, mean=0.3, correlation=0.3):
    """Values and the names of their clusters: a rate for each cluster from a beta distribution, then episodes."""
    scale = (1 - correlation) / correlation
    rates = rng.beta(mean * scale, (1 - mean) * scale, clusters)
    return (rng.random((clusters, size)) < rates[:, None]).astype(int).ravel(), np.repeat(np.arange(clusters), size)


def robust_sd(values, clusters):
    """Linearised standard error of a ratio of cluster sums."""
    residuals = np.bincount(clusters, values - values.mean())
    return sqrt((residuals**2).sum()) / len(values)


def test_an_interval_over_many_clusters_is_near_the_normal_one():
    values, clusters = drawn(300, 4, np.random.default_rng(1))
    low, high = cluster_interval(values, clusters, resamples=4000)
    half = norm.ppf(0.975) * robust_sd(values, clusters)
    assert (low, high) == pytest.approx((values.mean() - half, values.mean() + half), abs=0.1 * half)
    alone = norm.ppf(0.975) * sqrt(values.mean() * (1 - values.mean()) / len(values))
    assert high - low > 2 * 1.2 * alone


def test_clusters_of_one_are_an_ordinary_bootstrap():
    values = np.array([0] * 180 + [1] * 20)
    low, high = cluster_interval(values, range(200), resamples=8000)
    assert low == pytest.approx(0.062, abs=0.012)
    assert high == pytest.approx(0.147, abs=0.012)  # Wilson's are .066 and .149


def test_an_interval_does_not_depend_on_names_order_or_chance():
    values, clusters = drawn(30, 4, np.random.default_rng(2))
    found = cluster_interval(values, clusters)
    assert cluster_interval(values, [f"set-{c:02}" for c in clusters]) == found
    assert cluster_interval(values, list(zip(clusters, clusters, strict=True))) == found
    assert cluster_interval(values, clusters, seed=1) == pytest.approx(found, abs=0.02)
    assert cluster_interval(values, clusters, level=0.8)[1] < found[1]


@pytest.mark.parametrize("value", [0, 1])
def test_there_is_no_interval_where_clusters_do_not_differ(value):
    assert cluster_interval([value] * 6, [1, 1, 2, 2, 3, 3]) is None
    assert cluster_interval([0, 1, 0, 1], [1, 1, 2, 2]) is None
    assert cluster_interval([0, 1, value], ["a"] * 3) is None
    assert cluster_interval([], []) is None
    assert crossed_interval([value] * 4, [1, 1, 2, 2], [1, 2, 1, 2]) is None
    assert crossed_interval([0, 1, value], ["a"] * 3, [1, 2, 3]) is None
    assert crossed_interval([0, 1, value], [1, 2, 3], ["a"] * 3) is None
    assert crossed_interval([], [], []) is None


@pytest.mark.parametrize("values", [[0, 1], [0, 0, 0, 1], [1, 1, 1, 0]])
def test_two_clusters_are_enough(values):
    half = len(values) // 2
    found = cluster_interval(values, [1] * half + [2] * half)
    assert found is None or 0 <= found[0] < found[1] <= 1


def test_crossed_draws_are_wider_than_those_over_either_alone():
    rng = np.random.default_rng(3)
    row, column = np.divmod(np.arange(40 * 8), 8)
    chance = norm.cdf(-0.5 + rng.normal(0, 0.6, 40)[row] + rng.normal(0, 0.6, 8)[column])
    values = (rng.random(len(row)) < chance).astype(int)
    low, high = crossed_interval(values, row, column)
    widths = [np.subtract(*cluster_interval(values, names)[::-1]) for names in (row, column)]
    assert high - low > max(widths)
    assert low < values.mean() < high
    assert crossed_interval(values, column, row) == pytest.approx((low, high), abs=0.03)


def test_crossed_variance_is_that_of_owen():
    """For all cells filled once, drawing R rows and C columns with weights: the variance of the mean can be counted out.

    With row means a, column means b and residuals e of the table: var(a)/R + var(b)/C + var(e)/RC, with plain divisors.
    """
    rng = np.random.default_rng(4)
    table = (rng.random((30, 12)) < norm.cdf(rng.normal(0, 1, (30, 1)) + rng.normal(0, 0.5, (1, 12)))).astype(float)
    a, b = table.mean(axis=1, keepdims=True), table.mean(axis=0, keepdims=True)
    wanted = sqrt(a.var() / 30 + b.var() / 12 + (table - a - b + table.mean()).var() / 360)
    row, column = np.divmod(np.arange(360), 12)
    low, high = crossed_interval(table.ravel(), row, column, level=0.6827, resamples=20000)
    assert (high - low) / 2 == pytest.approx(wanted, rel=0.04)


def test_a_sparse_table_leaves_out_draws_without_episodes():
    found = crossed_interval([1, 0, 1, 0], [1, 2, 3, 4], [1, 1, 2, 2])
    assert found is not None and 0 <= found[0] < found[1] <= 1


@pytest.mark.parametrize("call", [lambda: cluster_interval([0, 1], [1]), lambda: crossed_interval([0, 1], [1, 2], [1])])
def test_lengths_must_agree(call):
    with pytest.raises(ValueError, match="names"):
        call()


def test_a_thousand_clusters_are_quick():
    values, clusters = drawn(1000, 6, np.random.default_rng(5))
    for call in (
        lambda: cluster_interval(values, clusters),
        lambda: crossed_interval(values, clusters, clusters[::-1] % 9),
    ):
        start = perf_counter()
        assert call()
        assert perf_counter() - start < 1  # below .1 s on a free processor


def test_wording_is_the_variance_component_of_a_mixed_model():
    """For equal sizes restricted maximum likelihood is the same estimate."""
    counts, ns = [3, 9, 14, 6], [20, 20, 20, 20]
    values = np.concatenate([[1.0] * count + [0.0] * (n - count) for count, n in zip(counts, ns, strict=True)])
    fit = MixedLM(values, np.ones(80), np.repeat(range(4), 20)).fit(reml=True)
    assert wording_sd(counts, ns) == pytest.approx(sqrt(np.asarray(fit.cov_re)[0, 0]), rel=1e-3)


def test_wording_by_hand():
    """Rates 0 and 1 in two phrasings of 5: between 10 * .25, within 0, so .5 = sqrt(2.5 / 5), not their own .5."""
    assert wording_sd([0, 5], [5, 5]) == pytest.approx(sqrt(0.5))
    assert wording_sd([0, 5, 0], [5, 5, 0]) == pytest.approx(sqrt(0.5))


def test_the_square_of_the_wording_estimate_is_right_on_average():
    """Uncut, which needs a spread far from 0: rates of .3 and .7 by chance, in unequal sizes."""
    rng = np.random.default_rng(6)
    ns = [30, 60, 90, 40, 50]
    found = [wording_sd(rng.binomial(ns, rng.choice([0.3, 0.7], 5)), ns) ** 2 for _ in range(2000)]
    assert np.mean(found) == pytest.approx(0.04, abs=3.3 * np.std(found) / sqrt(2000) + 0.0005)


@pytest.mark.parametrize(
    ("counts", "ns", "wanted"),
    [([0, 0], [9, 9], 0), ([9, 9], [9, 9], 0), ([2, 2, 2], [9, 9, 9], 0), ([1], [9], None), ([], [], None),
     ([1, 0], [9, 0], None), ([1, 0, 1], [1, 1, 1], None)],
)  # fmt: skip
def test_wording_where_nothing_differs_or_can_be_said(counts, ns, wanted):
    assert wording_sd(counts, ns) == wanted


def test_wording_refuses_impossible_numbers():
    with pytest.raises(ValueError):
        wording_sd([3], [2])
    with pytest.raises(ValueError):
        wording_sd([1, 1], [2])
