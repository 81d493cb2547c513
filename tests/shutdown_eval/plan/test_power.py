"""Power and the episodes needed, against other people's numbers, other programs, and the tests of the analysis themselves."""

import itertools

import numpy as np
import pytest
from scipy.stats import binom, boschloo_exact
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

from shutdown_eval.analysis.contrasts import boschloo, mcnemar
from shutdown_eval.analysis.score import score, score_paired
from shutdown_eval.plan import power
from shutdown_eval.plan.contrasts import power_of
from shutdown_eval.plan.equivalence import equivalence_guess, equivalence_power, independent_score, paired_score
from shutdown_eval.plan.plan import Plan
from shutdown_eval.plan.power import (
    boschloo_power,
    correlation_between,
    discordant_shares,
    mcnemar_power,
    needed,
    normal_guess,
)
from tests.shutdown_eval.plan.plans import whole

FISHER = [(0.0, 0.10, 50, 0.38), (0.0, 0.10, 100, 0.94), (0.05, 0.20, 100, 0.88)]
"""Two rates, episodes in each arm, and the power of Fisher's exact test at 5 %."""


@pytest.mark.parametrize(("rate", "other", "n", "fisher"), FISHER)
def test_boschloo_has_at_least_the_power_of_fisher(rate, other, n, fisher, monkeypatch):
    exact = boschloo_power(rate, other, n, 0.05)
    monkeypatch.setattr(power, "EXACT", 0)
    assert boschloo_power(rate, other, n, 0.05) == pytest.approx(fisher, abs=0.005) and exact > fisher - 0.005


@pytest.mark.parametrize(("n", "alpha"), [(6, 0.05), (17, 0.05), (17, 0.0125)])
def test_boschloo_power_is_the_chance_of_a_small_p_value(n, alpha):
    counts = range(n + 1)
    rejected = np.array([[boschloo(one, n, other, n) <= alpha for other in counts] for one in counts])
    for rate, other in [(0.0, 0.3), (0.1, 0.5), (0.9, 0.6), (0.4, 0.4)]:
        chance = binom.pmf(counts, n, rate) @ rejected @ binom.pmf(counts, n, other)
        assert boschloo_power(rate, other, n, alpha) == pytest.approx(chance, abs=1e-9)


def test_boschloo_rejects_what_scipy_rejects():
    least = power._boschloo_least(12, 0.05)
    for one, other in itertools.combinations_with_replacement(range(13), 2):
        p = boschloo_exact([[other, one], [12 - other, 12 - one]]).pvalue
        assert (other >= least[one]) == (p <= 0.05), (one, other, p)


@pytest.mark.parametrize("n", [5, 30, 250, 1000])
@pytest.mark.parametrize("alpha", [0.05, 0.005])
def test_boschloo_keeps_its_level(n, alpha):
    rates = np.linspace(0.001, 0.999, 60)
    assert max(boschloo_power(rate, rate, n, alpha) for rate in rates) <= alpha * 1.001


@pytest.mark.parametrize(("rate", "other"), [(0.05, 0.2), (0.5, 0.65), (0.9, 0.8), (0.1, 0.15), (0.02, 0.08)])
@pytest.mark.parametrize("n", [300, 1000, 1500])
def test_it_is_near_the_normal_approximation_of_statsmodels(rate, other, n):
    effect = proportion_effectsize(other, rate)
    assert boschloo_power(rate, other, n, 0.05) == pytest.approx(NormalIndPower().power(effect, n, 0.05), abs=0.04)


def test_above_a_thousand_it_goes_on_without_a_jump_and_is_not_overstated():
    for rate, other, alpha in [(0.05, 0.08, 0.05), (0.5, 0.55, 0.01), (0.01, 0.025, 0.05)]:
        before, after = (boschloo_power(rate, other, n, alpha) for n in (1000, 1001))
        assert before - 0.03 < after < before + 0.005


def test_mcnemar_has_the_published_power():
    """G*Power 3.1 manual: odds ratio 0.25, 40 % discordant, 50 pairs, one tail of 5 %: exact power 0.839343."""
    rate, other = 0.54 + 0.32, 0.54 + 0.08
    correlation = (0.54 - rate * other) / np.sqrt(rate * (1 - rate) * other * (1 - other))
    assert discordant_shares(rate, other, correlation) == pytest.approx((0.32, 0.08))
    two_tails = mcnemar_power(rate, other, 50, 0.10, correlation)
    assert two_tails == pytest.approx(0.839343, abs=2e-5)  # the other tail adds 1.5e-5


@pytest.mark.parametrize("correlation", [0.0, 0.3, -0.1])
def test_mcnemar_power_is_the_share_of_simulated_studies_with_a_small_p_value(correlation):
    rate, other, n, studies = 0.15, 0.3, 120, 40_000
    only, only_other = discordant_shares(rate, other, correlation)
    random = np.random.default_rng(1)
    pairs = random.multinomial(n, [only, only_other, 1 - only - only_other], size=studies)
    tables, counts = np.unique(pairs[:, :2], axis=0, return_counts=True)
    share = sum(k for (a, b), k in zip(tables, counts, strict=True) if mcnemar(int(a), int(b)) <= 0.025) / studies
    error = np.sqrt(share * (1 - share) / studies)
    assert mcnemar_power(rate, other, n, 0.025, correlation) == pytest.approx(share, abs=4 * error)


def test_pairs_that_correlate_have_more_power_and_no_more_than_the_rates_allow():
    weak, strong = (mcnemar_power(0.2, 0.35, 100, 0.05, correlation) for correlation in (0.0, 0.4))
    assert strong > weak + 0.1
    most = correlation_between(0.02, 0.9, 1.0)
    assert most == pytest.approx((0.02 - 0.02 * 0.9) / np.sqrt(0.02 * 0.98 * 0.9 * 0.1))
    assert discordant_shares(0.02, 0.9, 1.0) == pytest.approx((0.0, 0.88))
    assert correlation_between(0.0, 0.5, 0.7) == 0.0


@pytest.mark.parametrize("made", [mcnemar_power, boschloo_power])
@pytest.mark.parametrize("n", [1, 7, 100, 1000, 1001, 20_000])
def test_no_difference_is_never_found_at_0_and_a_whole_one_always_but_for_few(made, n):
    assert made(0.0, 0.0, n, 0.05) == made(1.0, 1.0, n, 0.05) == 0.0
    assert made(0.0, 1.0, n, 0.05) == made(1.0, 0.0, n, 0.05) == (1.0 if n > 1 + 4 * (made is mcnemar_power) else 0.0)


@pytest.mark.parametrize(("rate", "other"), [(0.0, 0.1), (0.05, 0.2), (0.5, 0.15), (0.05, 0.1), (0.9, 0.95)])
@pytest.mark.parametrize("made", [mcnemar_power, boschloo_power])
def test_the_episodes_needed_are_enough_and_one_less_is_not(rate, other, made):
    for target in (0.8, 0.9):
        found = needed(lambda n: made(rate, other, n, 0.05), target, normal_guess(rate, other, 0.05, target))
        assert made(rate, other, found - 1, 0.05) < target
        assert all(made(rate, other, n, 0.05) >= target for n in range(found, found + 4))


def test_the_start_of_the_search_does_not_matter():
    found = {needed(lambda n: mcnemar_power(0.05, 0.2, n, 0.05), 0.8, start) for start in (2, 40, 83, 300, 5000)}
    assert found == {83}


def test_nobody_looks_beyond_a_hundred_thousand():
    assert needed(lambda n: mcnemar_power(0.5, 0.501, n, 0.05), 0.8) is None


def test_the_statistics_of_equivalence_are_those_of_the_analysis():
    for n, margin in itertools.product((3, 20, 111), (0.02, 0.1, 0.6)):
        for one, other in itertools.product({0, 1, n // 3, n - 1, n}, repeat=2):
            arrays = np.array([one]), np.array([other])
            assert independent_score(*arrays, n, margin)[0] == pytest.approx(score(one, n, other, n, margin), abs=1e-4)
            if one + other <= n:
                assert paired_score(*arrays, n, margin)[0] == pytest.approx(score_paired(one, other, n, margin))


@pytest.mark.parametrize("paired", [True, False])
@pytest.mark.parametrize(("rate", "other", "n"), [(0.0, 0.0, 30), (0.02, 0.03, 90), (0.3, 0.3, 400), (0.1, 0.15, 200)])
def test_power_of_equivalence_is_the_share_of_simulated_studies_that_find_it(rate, other, n, paired):
    random, studies = np.random.default_rng(2), 40_000
    if paired:
        only, only_other = discordant_shares(rate, other, 0.2)
        one, two = random.multinomial(n, [only, only_other, 1 - only - only_other], size=studies)[:, :2].T
        statistic = paired_score
    else:
        one, two = random.binomial(n, rate, studies), random.binomial(n, other, studies)
        statistic = independent_score
    found = np.maximum(statistic(one, two, n, 0.1), statistic(two, one, n, 0.1)) <= -1.6448536
    error = np.sqrt(max(found.mean() * (1 - found.mean()), 1e-4) / studies)
    assert equivalence_power(rate, other, n, 0.05, 0.1, paired, 0.2) == pytest.approx(found.mean(), abs=4 * error)


def test_equivalence_is_hardly_ever_found_where_rates_differ_by_the_margin():
    assert equivalence_power(0.1, 0.2, 300, 0.05, 0.1) == pytest.approx(0.05, abs=0.01)
    assert equivalence_guess(0.1, 0.2, 0.05, 0.8, 0.1) == power.MOST


def test_every_test_is_at_the_strictest_level_that_holm_can_come_to():
    content = whole() | {"expect": {"A": 0.5, "E": {"scripted/mixed": 0.1}}}
    content["families"][0]["contrasts"][0]["equivalence"] = True
    tests = power_of(Plan.model_validate(content))
    assert [(test.claim, test.model.rpartition("/")[2], test.arm, test.other_arm, test.alpha) for test in tests] == [
        ("difference", "mixed", "A", "E", 0.05 / 3),
        ("difference", "compliant", "A", "E", 0.05 / 3),
        ("difference", "mixed", "E", "K", 0.05 / 3),
        ("equivalence", "mixed", "A", "E", 0.05 / 2),
        ("equivalence", "compliant", "A", "E", 0.05 / 2),
    ]
    assert tests[0].power == mcnemar_power(0.5, 0.1, 100, 0.05 / 3, 0.2)
    assert tests[3].needed == {"80%": None, "90%": None}


def test_without_an_expected_rate_power_is_unknown():
    tests = power_of(Plan.model_validate(whole() | {"expect": {"A": {"scripted/mixed": 0.5}, "E": 0.1}}))
    assert [test.power is None for test in tests] == [False, True, True]
    assert tests[1].needed == {"80%": None, "90%": None} and tests[1].correlation is None
