"""Adjusted p-values against a printed example, the definitions, and scipy."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from shutdown_eval.analysis.families import ADJUSTMENTS, adjust
from shutdown_eval.errors import InputError

# Benjamini and Hochberg 1995, section 3.2: at .05 their procedure makes 4 claims of 15, Bonferroni's 3.
INFARCTION = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip

P_VALUES = st.lists(st.floats(0, 1), max_size=12)


def test_the_printed_example_has_as_many_claims():
    assert sum(p <= 0.05 for p in adjust(INFARCTION, "benjamini_hochberg")) == 4
    assert sum(p <= 0.05 for p in adjust(INFARCTION, "holm")) == 3
    assert adjust(INFARCTION, "benjamini_hochberg")[3] == pytest.approx(0.0095 * 15 / 4)


@settings(max_examples=30, deadline=None)
@given(P_VALUES)
def test_holm_is_its_definition(p_values):
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    wanted, largest = [0.0] * len(p_values), 0.0
    for rank, index in enumerate(order):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[index]))
        wanted[index] = largest
    assert adjust(p_values) == pytest.approx(wanted)


@settings(max_examples=30, deadline=None)
@given(P_VALUES.filter(bool))
def test_benjamini_and_hochberg_is_that_of_scipy(p_values):
    assert adjust(p_values, "benjamini_hochberg") == pytest.approx(list(false_discovery_control(p_values)))


@pytest.mark.parametrize("method", ADJUSTMENTS)
def test_an_adjustment_keeps_order_and_never_helps(method):
    p_values = [0.04, 0.001, 0.04, 1.0, 0.2]
    adjusted = adjust(p_values, method)
    assert all(p <= a <= 1 for p, a in zip(p_values, adjusted, strict=True))
    assert sorted(range(5), key=p_values.__getitem__) == sorted(range(5), key=adjusted.__getitem__)
    assert adjust([], method) == []
    assert adjust([0.03], method) == [0.03]


@pytest.mark.parametrize("p", [-0.1, 1.1, float("nan")])
def test_what_is_no_p_value_is_refused(p):
    with pytest.raises(ValueError):
        adjust([0.5, p])


def test_an_unknown_adjustment_names_the_known_ones():
    with pytest.raises(InputError, match="holm, benjamini_hochberg"):
        adjust([0.5], "bonferroni")
