"""Intervals cover and tests err as theory says, on 2,000 simulated studies of each kind and, where it can be done, exactly.

A simulated share may be off by chance: `NOISE` is 4 standard errors at .95, and 4 of its own where the exact one is known.
The seeds are fixed, so a failure is a change of the code or of a library. Run with `-s` to see the table.
"""

from math import sqrt

import numpy as np
import pytest

from .coverage import (
    PARTS,
    RATE_INTERVALS,
    SIZES,
    STUDIES,
    markdown,
    rate_coverage,
    rows,
    upper_coverage,
)

pytestmark = pytest.mark.slow

NOISE = 4 * sqrt(0.95 * 0.05 / STUDIES)
EVERY_RATE = np.linspace(0.0005, 0.9995, 2000)


def test_the_table_can_be_printed():
    text = markdown()
    print("\n" + text)
    assert all(f"| {part} | n |" in text for part in PARTS)


@pytest.mark.parametrize("part", ["rates", "upper bounds", "differences", "pairs"])
def test_simulated_coverage_is_the_exact_one(part):
    known = [row for row in rows(part) if row.exact is not None]
    assert known
    for row in known:
        error = 4 * sqrt(max(row.exact * (1 - row.exact), 0) / STUDIES) + 2 / STUDIES
        assert abs(row.simulated - row.exact) <= error, row


# The least and the mean exact coverage over 2,000 rates. Clopper-Pearson covers always (1934); if the whole error is put on
# the edge, that and half of it on the other side can be missed. The mean of Jeffreys and Wilson is near the level and their
# dips near 0 and 1 are deep (Brown, Cai and DasGupta 2001, figures 5 and 11): these are theirs, not faults.
LEAST_AND_MEAN = {
    "Clopper-Pearson, two-sided at 0 and n": (0.95, 0.96, 0.98),
    "Clopper-Pearson": (0.925, 0.96, 0.98),
    "Jeffreys, two-sided at 0 and n": (0.87, 0.945, 0.955),
    "Jeffreys": (0.80, 0.94, 0.955),
    "Wilson, two-sided at 0 and n": (0.83, 0.945, 0.96),
    "Wilson": (0.83, 0.945, 0.96),
}


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("name", RATE_INTERVALS)
def test_intervals_cover_over_all_rates_as_they_are_known_to(name, n):
    least, lower_mean, upper_mean = LEAST_AND_MEAN[name]
    coverage = rate_coverage(*RATE_INTERVALS[name], n, EVERY_RATE)
    assert coverage.min() >= least
    assert lower_mean <= coverage.mean() <= upper_mean


@pytest.mark.parametrize("n", SIZES)
def test_the_exact_upper_bound_holds_for_every_rate_and_that_of_jeffreys_does_not(n):
    """Hence the default of `upper_bound`: Jeffreys' is missed most just above the bound at 0 of n."""
    assert upper_coverage("clopper_pearson", n, EVERY_RATE).min() >= 0.95
    assert 0.8 < upper_coverage("jeffreys", n, EVERY_RATE).min() < 0.9


@pytest.mark.parametrize("part", ["differences", "pairs"])
def test_differences_are_covered(part):
    """Newcombe's methods 10 cover about .95, and more than it where both rates are near 0."""
    for row in rows(part):
        assert row.simulated >= 0.95 - NOISE, row


def test_intervals_over_clusters_cover_where_those_over_episodes_do_not():
    """With 50 clusters the bootstraps may be .02 short; at .02 they cover more, for studies without any event have none."""
    for row in rows("clusters"):
        if "ignored" in row.name:
            assert row.simulated < 0.9, row
        else:
            assert row.simulated >= 0.93 - NOISE, row
            assert row.undefined < 0.1, row


def test_a_family_of_true_hypotheses_is_refused_no_more_often_than_its_level():
    """Both tests are exact and Holm's adjustment holds for any dependence, so .05 is a bound and not only a limit."""
    held = [row.simulated for row in rows("families") if "Holm" in row.name]
    alone = [row.simulated for row in rows("families") if "unadjusted" in row.name]
    assert max(held) <= 0.05 + 4 * sqrt(0.05 * 0.95 / STUDIES)
    assert max(held) > 0.02  # the studies are large enough to err at all
    assert max(alone) > 0.12  # and without the adjustment they do
