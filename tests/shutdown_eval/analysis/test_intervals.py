"""Intervals against printed examples, other formulas, and what must hold of any interval."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta, binomtest

from shutdown_eval.analysis.intervals import (
    METHODS,
    difference,
    lower_bound,
    missing_bounds,
    paired_difference,
    rate,
    upper_bound,
)
from shutdown_eval.errors import InputError

# Newcombe 1998, Statistics in Medicine 17:857-872, table I: methods 3 (score) and 5 (exact).
NEWCOMBE_SINGLE = [
    ("wilson", 81, 263, 0.2553, 0.3662),
    ("wilson", 15, 148, 0.0624, 0.1605),
    ("wilson", 0, 20, 0.0000, 0.1611),
    ("wilson", 1, 29, 0.0061, 0.1718),
    ("clopper_pearson", 81, 263, 0.2527, 0.3676),
    ("clopper_pearson", 15, 148, 0.0578, 0.1617),
    ("clopper_pearson", 0, 20, 0.0000, 0.1684),
    ("clopper_pearson", 1, 29, 0.0009, 0.1776),
    # Fagerland, Lydersen and Laake 2017, Statistical Analysis of Contingency Tables, ch. 2, by their R package
    # contingencytables, whose tests print these for 13 of 16.
    ("wilson", 13, 16, 0.5699, 0.9341),
    ("clopper_pearson", 13, 16, 0.5435, 0.9595),
    ("jeffreys", 13, 16, 0.5792, 0.9442),
]


@pytest.mark.parametrize(("method", "count", "n", "low", "high"), NEWCOMBE_SINGLE)
def test_a_rate_has_the_printed_interval(method, count, n, low, high):
    found = rate(count, n, method)
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.5001e-4)
    assert found.rate == count / n
    assert found.one_sided == (count in (0, n))


# The upper bounds at 0 of n in the facts about the published studies: Jeffreys and Wilson, two-sided.
@pytest.mark.parametrize(
    ("method", "n", "high"),
    [("wilson", 20, 0.161), ("wilson", 100, 0.037), ("wilson", 1000, 0.0038),
     ("jeffreys", 20, 0.117), ("jeffreys", 100, 0.025), ("jeffreys", 1000, 0.0025)],
)  # fmt: skip
def test_the_published_bounds_at_none_are_the_two_sided_ones(method, n, high):
    found = rate(0, n, method)
    assert found.low == 0
    assert found.high == pytest.approx(high, rel=0.02)
    assert found.one_sided
    assert rate(0, n, method, edges="one_sided").high < found.high


@pytest.mark.parametrize(
    ("method", "bounds"),
    [("jeffreys", (0.0905, 0.0190, 0.0019)), ("wilson", (0.1192, 0.0263, 0.0027)),
     ("clopper_pearson", (0.1391, 0.0295, 0.0030))],
)  # fmt: skip
def test_the_whole_level_can_be_put_on_the_one_bound_at_none_and_all(method, bounds):
    for n, bound in zip((20, 100, 1000), bounds, strict=True):
        none, every = (rate(count, n, method, edges="one_sided") for count in (0, n))
        assert none.one_sided and every.one_sided
        assert (none.low, none.high) == pytest.approx((0, bound), abs=0.5001e-4)
        assert (every.low, every.high) == pytest.approx((1 - bound, 1), abs=0.5001e-4)
        assert none.high == pytest.approx(upper_bound(0, n, 0.95, method))


def test_the_exact_bound_at_none_has_its_closed_form():
    """(1 - p)^n = .05; for n = 100 near 3/n, the rule of three."""
    assert upper_bound(0, 100) == pytest.approx(1 - 0.05 ** (1 / 100))
    assert upper_bound(0, 100) == pytest.approx(0.03, abs=0.001)


@pytest.mark.parametrize("count", [0, 1, 7, 19, 20])
def test_one_sided_bounds_are_those_of_scipy(count):
    for method, ours in (("wilson", "wilson"), ("exact", "clopper_pearson")):
        above = binomtest(count, 20, alternative="less").proportion_ci(0.9, method).high
        below = binomtest(count, 20, alternative="greater").proportion_ci(0.9, method).low
        assert upper_bound(count, 20, 0.9, ours) == pytest.approx(above)
        assert lower_bound(count, 20, 0.9, ours) == pytest.approx(below, abs=1e-12)


@pytest.mark.parametrize("count", [1, 5, 19])
def test_a_jeffreys_bound_is_a_quantile_of_the_beta_distribution(count):
    assert upper_bound(count, 20, 0.9, "jeffreys") == pytest.approx(beta(count + 0.5, 20.5 - count).ppf(0.9))
    assert lower_bound(count, 20, 0.9, "jeffreys") == pytest.approx(beta(count + 0.5, 20.5 - count).ppf(0.1))


@pytest.mark.parametrize("method", METHODS)
def test_without_episodes_there_is_no_rate_and_no_bound(method):
    found = rate(0, 0, method)
    assert (found.rate, found.low, found.high, found.one_sided) == (None, None, None, False)
    assert (lower_bound(0, 0, 0.95, method), upper_bound(0, 0, 0.95, method)) == (0, 1)


COUNTS = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(max_examples=60, deadline=None)
@given(COUNTS, st.sampled_from(list(METHODS)), st.sampled_from(["one_sided", "two_sided"]))
def test_an_interval_holds_its_rate_and_mirrors(counts, method, edges):
    count, n = counts
    found, mirror = rate(count, n, method, edges=edges), rate(n - count, n, method, edges=edges)
    assert 0 <= found.low <= found.rate <= found.high <= 1
    assert (found.low, found.high) == pytest.approx((1 - mirror.high, 1 - mirror.low), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(COUNTS, st.sampled_from(list(METHODS)))
def test_bounds_widen_with_confidence_and_rise_with_the_count(counts, method):
    count, n = counts
    assert upper_bound(count, n, 0.9, method) <= upper_bound(count, n, 0.99, method)
    assert lower_bound(count, n, 0.9, method) >= lower_bound(count, n, 0.99, method)
    if count < n:
        assert upper_bound(count, n, 0.95, method) < upper_bound(count + 1, n, 0.95, method)


def test_missing_episodes_bound_the_rate():
    assert missing_bounds(3, 8, 2) == (0.3, 0.5)
    assert missing_bounds(0, 0, 4) == (0.0, 1.0)
    assert missing_bounds(0, 0, 0) == (None, None)
    assert missing_bounds(2, 4, 0) == (0.5, 0.5)


# Newcombe 1998, Statistics in Medicine 17:873-890, table II, method 10: contrasts (a) to (h) as first minus second.
NEWCOMBE_DIFFERENCES = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0000),
    (10, 10, 0, 10, 0.6075, 1.0000),
]


@pytest.mark.parametrize(("count1", "n1", "count2", "n2", "low", "high"), NEWCOMBE_DIFFERENCES)
def test_a_difference_has_the_printed_interval(count1, n1, count2, n2, low, high):
    found = difference(count2, n2, count1, n1)
    assert found == pytest.approx((count1 / n1 - count2 / n2, low, high), abs=0.5001e-4)


# Pairs as (both, first only, second only, neither); printed as first minus second. Fagerland, Lydersen and Laake 2014,
# Statistics in Medicine 33:2850-2875: airway hyper-responsiveness (Bentur 2009). And the tests of their R package
# contingencytables: response before and after consolidation (Cavo 2012). "Newcombe square-and-add" is method 10.
PAIRS = [
    ((1, 1, 7, 12), -0.286, -0.507, -0.026, 0.5001e-3),
    ((59, 6, 16, 80), -0.0621, -0.1186, -0.0046, 0.5001e-4),
]


@pytest.mark.parametrize(("table", "found", "low", "high", "tolerance"), PAIRS)
def test_a_difference_of_pairs_has_the_printed_interval(table, found, low, high, tolerance):
    assert paired_difference(*table) == pytest.approx((-found, -high, -low), abs=tolerance)


def test_without_correlation_pairs_have_the_interval_of_independent_samples():
    """A correlation below that of a table n/2 from independence counts as none; so the two methods 10 are one."""
    assert paired_difference(4, 6, 6, 9) == pytest.approx(difference(10, 25, 10, 25))
    assert paired_difference(0, 0, 0, 30) == pytest.approx(difference(0, 30, 0, 30))


TABLES = st.tuples(*[st.integers(0, 60)] * 4).filter(any)


@settings(max_examples=60, deadline=None)
@given(TABLES)
def test_a_difference_of_pairs_holds_the_difference_and_mirrors(table):
    both, first, second, neither = table
    found, low, high = paired_difference(both, first, second, neither)
    assert -1 <= low <= found <= high <= 1
    assert low < high
    swapped = paired_difference(both, second, first, neither)
    assert swapped == pytest.approx((-found, -high, -low))
    assert paired_difference(neither, first, second, both) == pytest.approx((found, low, high))


@settings(max_examples=60, deadline=None)
@given(COUNTS, COUNTS)
def test_a_difference_holds_the_difference_and_mirrors(one, other):
    found, low, high = difference(*one, *other)
    assert -1 <= low <= found <= high <= 1
    assert difference(*other, *one) == pytest.approx((-found, -high, -low))


@pytest.mark.parametrize(
    "call",
    [
        lambda: rate(3, 2),
        lambda: rate(-1, 2),
        lambda: rate(1, 2, level=95),
        lambda: upper_bound(1, 2, 0.2),
        lambda: missing_bounds(1, 2, -1),
        lambda: difference(0, 0, 1, 2),
        lambda: paired_difference(0, 0, 0, 0),
        lambda: paired_difference(1, -1, 1, 1),
    ],
)
def test_impossible_numbers_are_refused(call):
    with pytest.raises(ValueError):
        call()


def test_an_unknown_method_names_the_known_ones():
    with pytest.raises(InputError, match="jeffreys, wilson, clopper_pearson"):
        rate(1, 2, "wald")
