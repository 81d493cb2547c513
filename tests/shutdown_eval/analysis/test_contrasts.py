"""Tests against printed examples and against other ways to compute them."""

from itertools import product
from math import sqrt
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import binom, boschloo_exact, fisher_exact, multinomial, norm, pearsonr
from statsmodels.stats.contingency_tables import mcnemar as mcnemar_of_statsmodels

from shutdown_eval.analysis.contrasts import boschloo, equivalence, equivalence_paired, mcnemar, trend
from shutdown_eval.analysis.score import score, score_paired

COUNTS = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def of_scipy(count1, n1, count2, n2):
    return boschloo_exact([[count1, count2], [n1 - count1, n2 - count2]], n=128).pvalue


def test_boschloo_finds_the_example_of_scipy():
    """Job satisfaction of 117 professors and 63 scientists: one-sided .0355 in its documentation, cut off there."""
    assert 2 * 0.0355 <= boschloo(74, 117, 31, 63) < 2 * 0.0356


SAMPLES = [
    (7, 15, 12, 15), (0, 20, 3, 20), (0, 20, 20, 20), (0, 50, 4, 50), (5, 50, 8, 50), (2, 30, 9, 70), (10, 35, 24, 61),
    (0, 100, 6, 100), (99, 100, 93, 100), (11, 114, 5, 33), (47, 51, 6, 7), (1, 1, 0, 5),
]  # fmt: skip


@pytest.mark.parametrize("sample", SAMPLES)
def test_boschloo_agrees_with_scipy(sample):
    assert boschloo(*sample) == pytest.approx(of_scipy(*sample), rel=1e-6)


@settings(max_examples=30, deadline=None)
@given(COUNTS, COUNTS)
def test_boschloo_is_symmetric_and_never_above_a_doubled_fisher(one, other):
    p = boschloo(*one, *other)
    assert 0 < p <= 1
    assert boschloo(*other, *one) == pytest.approx(p)
    (count1, n1), (count2, n2) = one, other
    assert boschloo(n1 - count1, n1, n2 - count2, n2) == pytest.approx(p, rel=1e-6)
    table = [[count1, count2], [n1 - count1, n2 - count2]]
    fisher = min(fisher_exact(table, alternative=side).pvalue for side in ("less", "greater"))
    assert p <= 2 * fisher * (1 + 1e-6)


@pytest.mark.parametrize(("n1", "n2"), [(8, 8), (12, 7)])
def test_the_level_of_boschloo_holds_for_every_common_rate(n1, n2):
    p = np.array([[boschloo(a, n1, b, n2) for b in range(n2 + 1)] for a in range(n1 + 1)])
    for common in np.linspace(0.01, 0.99, 99):
        chance = np.outer(binom.pmf(range(n1 + 1), n1, common), binom.pmf(range(n2 + 1), n2, common))
        assert chance[p <= 0.05].sum() <= 0.05


@pytest.mark.parametrize("count", [0, 1000])
def test_boschloo_says_nothing_where_all_are_alike(count):
    assert boschloo(count, 1000, count, 1000) == 1


# scipy took 25 s for each of these (1.17, 32 points): their p-values, and the time ours may take on a busy machine.
@pytest.mark.parametrize(("counts", "p"), [((0, 10), 0.00168061), ((100, 166), 1.49249e-05), ((500, 550), 0.0261213)])
def test_boschloo_is_quick_for_two_arms_of_a_thousand(counts, p):
    boschloo.cache_clear()
    start = perf_counter()
    assert boschloo(counts[0], 1000, counts[1], 1000) == pytest.approx(p, rel=1e-5)
    assert perf_counter() - start < 5


def test_mcnemar_finds_printed_examples():
    """Response before and after consolidation (Cavo 2012), .052479 in the tests of the R package contingencytables.

    Approval of the prime minister (Agresti 2013, 11.1), by statsmodels. And all of 5 pairs one way, by hand.
    """
    assert mcnemar(6, 16) == pytest.approx(0.052479, abs=0.5001e-6)
    agresti = mcnemar_of_statsmodels([[794, 150], [86, 570]], exact=True).pvalue
    assert mcnemar(150, 86) == pytest.approx(agresti)
    assert mcnemar(5, 0) == pytest.approx(2 / 2**5)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 200), st.integers(0, 200))
def test_mcnemar_agrees_with_statsmodels(first, second):
    p = mcnemar(first, second)
    assert 0 < p <= 1
    assert p == pytest.approx(mcnemar(second, first))
    if first + second:
        assert p == pytest.approx(mcnemar_of_statsmodels([[0, first], [second, 0]], exact=True).pvalue)


def test_the_score_statistic_inverts_to_printed_intervals():
    """Fagerland, Lydersen and Laake 2015, by the tests of their R package contingencytables.

    Epinephrine, 7 of 34 and 1 of 34: Mee's interval, which is without the factor N/(N - 1). Then 0 of 16 and 15 of 72,
    Miettinen and Nurminen's, with it.
    """
    high = brentq(lambda m: score(1, 34, 7, 34, m) * sqrt(68 / 67) + norm.ppf(0.975), 0.2, 0.9)
    assert high == pytest.approx(0.3439, abs=0.5001e-4)
    low = brentq(lambda m: score(1, 34, 7, 34, m) * sqrt(68 / 67) - norm.ppf(0.975), 1e-6, 0.17)
    assert low == pytest.approx(0.0284, abs=0.5001e-4)
    high = brentq(lambda m: score(0, 16, 15, 72, m) + norm.ppf(0.975), 0.21, 0.9)
    assert high == pytest.approx(0.3164, abs=0.5001e-4)
    low = brentq(lambda m: score(0, 16, 15, 72, m) - norm.ppf(0.975), 1e-6, 0.2)
    assert low == pytest.approx(0.0056, abs=0.5001e-4)


def test_the_paired_score_statistic_inverts_to_a_printed_interval():
    """Tango's interval for Cavo 2012, -.1240 to -.0054 as first minus second."""
    high = brentq(lambda m: score_paired(6, 16, 161, m) + norm.ppf(0.975), 0.07, 0.9)
    assert high == pytest.approx(0.1240, abs=0.5001e-4)
    low = brentq(lambda m: score_paired(6, 16, 161, m) - norm.ppf(0.975), 1e-6, 0.06)
    assert low == pytest.approx(0.0054, abs=0.5001e-4)


@settings(max_examples=30, deadline=None)
@given(COUNTS, COUNTS, st.sampled_from([0.01, 0.05, 0.1, 0.3]))
def test_the_score_statistic_solves_the_cubic_of_miettinen_and_nurminen(one, other, margin):
    """Their equation for the first rate under the hypothesis, with its roots by numpy."""
    (x0, n0), (x1, n1) = one, other
    n, c = n0 + n1, x0 + x1
    cubic = [n, (n1 + 2 * n0) * margin - n - c, (n0 * margin - n - 2 * x0) * margin + c, x0 * margin * (1 - margin)]
    roots = [min(max(r.real, 0), 1 - margin) for r in np.roots(cubic) if abs(r.imag) < 1e-3]
    wanted = []
    for r0 in [*roots, 0.0, 1 - margin]:
        r1 = r0 + margin
        with np.errstate(divide="ignore", invalid="ignore"):
            likely = np.nansum(np.array([x0, n0 - x0, x1, n1 - x1]) * np.log([r0, 1 - r0, r1, 1 - r1]))
        variance = (r0 * (1 - r0) / n0 + r1 * (1 - r1) / n1) * n / (n - 1)
        wanted.append((likely, (x1 / n1 - x0 / n0 - margin) / sqrt(variance)))
    assert score(x0, n0, x1, n1, margin) == pytest.approx(max(wanted)[1], rel=1e-3, abs=1e-3)


@settings(max_examples=30, deadline=None)
@given(COUNTS, COUNTS)
def test_equivalence_is_symmetric_and_easier_with_a_wider_margin(one, other):
    (count1, n1), (count2, n2) = one, other
    p = equivalence(*one, *other, 0.1)
    assert 0 <= p <= 1
    assert equivalence(*other, *one, 0.1) == pytest.approx(p, abs=1e-6)
    assert equivalence(n1 - count1, n1, n2 - count2, n2, 0.1) == pytest.approx(p, abs=1e-6)
    assert equivalence(*one, *other, 0.3) <= p + 1e-6
    if abs(count1 / n1 - count2 / n2) >= 0.1:
        assert p > 0.49


@settings(max_examples=30, deadline=None)
@given(st.tuples(*[st.integers(0, 60)] * 4).filter(any))
def test_equivalence_of_pairs_is_symmetric_and_easier_with_a_wider_margin(table):
    both, first, second, neither = table
    p = equivalence_paired(*table, 0.1)
    assert 0 <= p <= 1
    assert equivalence_paired(both, second, first, neither, 0.1) == pytest.approx(p)
    assert equivalence_paired(*table, 0.3) <= p + 1e-9
    if abs(first - second) >= 0.1 * sum(table):
        assert p >= 0.5 - 1e-9


@pytest.mark.parametrize("count", [0, 100])
def test_arms_alike_at_an_edge_are_equivalent_if_large_enough(count):
    """By hand: the rates most likely under the hypothesis are 0 and the margin, or 1 and 1 less the margin."""
    z = 0.1 / sqrt(0.1 * 0.9 / 100)
    assert equivalence(count, 100, count, 100, 0.1) == pytest.approx(norm.sf(z * sqrt(199 / 200)), rel=1e-4)
    assert equivalence_paired(count, 0, 0, 100 - count, 0.1) == pytest.approx(norm.sf(z), rel=1e-6)
    assert equivalence(0, 10, 0, 10, 0.1) > 0.05


@pytest.mark.parametrize(("n", "margin", "most"), [(20, 0.2, 0.07), (50, 0.1, 0.05), (50, 0.2, 0.058)])
def test_the_chance_of_a_false_claim_of_equivalence_is_as_documented(n, margin, most):
    """Exact, over rates a margin apart; that for pairs over shares of those that differ."""
    refused = np.zeros((n + 1, n + 1), dtype=bool)
    for a, b in product(range(n + 1), repeat=2):
        if abs(a - b) < n * margin:
            refused[a, b] = equivalence(a, n, b, n, margin) <= 0.05
    chances = []
    for first in np.linspace(0, 1 - margin, 100):
        law = [binom.pmf(range(n + 1), n, p) for p in (first, first + margin)]
        chances.append(np.outer(*law)[refused].sum())
    assert 0.03 < max(chances) <= most
    tables = [(a, b) for a, b in product(range(n + 1), repeat=2) if a + b <= n and abs(a - b) < n * margin]
    claims = [(a, b, n - a - b) for a, b in tables if equivalence_paired(n - a - b, a, b, 0, margin) <= 0.05]
    shares = [(q, q + margin, max(1 - 2 * q - margin, 0)) for q in np.linspace(0, (1 - margin) / 2, 50)]
    assert 0.03 < max(multinomial.pmf(claims, n, share).sum() for share in shares) <= most


MALFORMATIONS = (48, 38, 5, 1, 1), (17114, 14502, 793, 127, 38)


def test_trend_finds_the_printed_example():
    """Mother's drinks a day and malformation (Graubard and Korn 1987): M² = 6.57 in Agresti 2013, 3.4.

    StatXact prints .0078 with 8 for the last score, and .1765 with equally spaced ones.
    """
    statistic, p = trend(*MALFORMATIONS, scores=(0, 0.5, 1.5, 4, 7))
    assert statistic**2 == pytest.approx(6.57, abs=0.005)
    assert p == pytest.approx(0.010, abs=0.0005)
    assert trend(*MALFORMATIONS, scores=(0, 0.5, 1.5, 4, 8))[1] == pytest.approx(0.0078, abs=0.5e-4)
    assert trend(*MALFORMATIONS)[1] == pytest.approx(0.1765, abs=2e-4)


def test_trend_is_a_correlation_over_episodes():
    """With a count of 0, to which statsmodels would add a half if it were not told otherwise."""
    counts, ns = [0, 2, 5], [20, 15, 18]
    step = np.repeat([0, 1, 2], ns)
    value = np.concatenate([[1] * count + [0] * (n - count) for count, n in zip(counts, ns, strict=True)])
    assert trend(counts, ns)[0] == pytest.approx(pearsonr(step, value).statistic * sqrt(sum(ns) - 1))


def test_trend_goes_up_with_the_rate_and_ignores_empty_arms():
    up, p = trend([1, 5, 9], [10, 10, 10])
    assert up > 0
    assert trend([9, 5, 1], [10, 10, 10]) == pytest.approx((-up, p))
    assert trend([1, 0, 5, 9], [10, 0, 10, 10], scores=[0, 7, 1, 2]) == pytest.approx((up, p))


@pytest.mark.parametrize(
    ("counts", "ns"), [([0, 0, 0], [5, 5, 5]), ([5, 5, 5], [5, 5, 5]), ([0, 3], [0, 5]), ([], []), ([0, 0], [0, 0])]
)
def test_trend_says_nothing_where_nothing_can_be_said(counts, ns):
    assert trend(counts, ns) == (0, 1)


@pytest.mark.parametrize(
    "call",
    [
        lambda: boschloo(3, 2, 1, 2),
        lambda: boschloo(0, 0, 1, 2),
        lambda: mcnemar(-1, 2),
        lambda: equivalence(1, 2, 1, 2, 0),
        lambda: equivalence(1, 2, 1, 2, 1),
        lambda: equivalence(0, 0, 1, 2, 0.1),
        lambda: equivalence_paired(0, 0, 0, 0, 0.1),
        lambda: trend([1], [2, 3]),
        lambda: trend([3], [2]),
        lambda: trend([1, 1], [2, 2], [0]),
    ],
)
def test_impossible_numbers_are_refused(call):
    with pytest.raises(ValueError):
        call()
