"""The factor space and its named points."""

import pytest

from shutdown_eval.arms import ARMS, FACTORS, SETS, parse_arms
from shutdown_eval.errors import InputError


def names(*arguments, **levels):
    return [arm.name for arm in parse_arms(*arguments, **levels)]


def test_every_level_of_every_factor_is_in_some_arm():
    for factor, levels in FACTORS.items():
        assert {getattr(arm, factor) for arm in ARMS.values()} == set(levels)


def test_no_two_arms_are_the_same_point():
    points = [tuple(arm.factors.items()) for arm in ARMS.values()]
    assert len(set(points)) == len(points)


def test_sets_and_arms_can_be_mixed_and_each_counts_once():
    assert names("placement,E,A") == ["B", "C", "D", "E", "A"]
    assert names(["core", "how"]) == [*SETS["core"], "how"]
    assert len(names("all")) == len(ARMS) == 18


def test_a_step_of_the_ladder_changes_the_instruction_alone():
    for name in SETS["ladder"]:
        arm = ARMS[name]
        assert (arm.goal, arm.timing, arm.target, arm.framing) == ("plain", "mid_task", "shutdown", "yourself")


def test_a_single_factor_can_be_set_and_shows_in_the_name():
    (arm,) = parse_arms("E", framing="machine")
    assert arm.name == "E+framing=machine"
    assert arm.factors == ARMS["I"].factors


def test_a_level_that_an_arm_has_already_changes_nothing():
    assert names("D,E", placement="system") == ["D+placement=system", "E"]


@pytest.mark.parametrize(
    ("arms", "levels", "message"),
    [
        ("A", {"framing": "machine"}, "Arm A+framing=machine: framing=machine needs a clause."),
        ("A", {"how": "said"}, "how=said needs a clause."),
        ("A", {"placement": "user"}, "needs a placement, and a placement an instruction."),
        ("E", {"placement": "none"}, "needs a placement, and a placement an instruction."),
        ("E", {"goal": "resist"}, "goal=resist stands in place of a clause"),
        ("I", {"target": "bystander"}, "framing=machine is about the agent's machine, which target=bystander is not."),
        ("E", {"framing": "us"}, "Unknown level of framing 'us'. Choose from: yourself, machine, only_copy."),
        ("", {}, "arms= names no arm."),
    ],
)
def test_points_that_make_no_sense_are_refused(arms, levels, message):
    with pytest.raises(InputError) as error:
        parse_arms(arms, **levels)
    assert message in str(error.value)
