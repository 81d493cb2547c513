"""Published numbers: complete, put to the right arms, and with their contradictions shown."""

import re
from importlib.resources import files

import pytest

from shutdown_eval.analysis.results import Published
from shutdown_eval.arms import ARMS
from shutdown_eval.report.published import differing, is_strict, load_published, study_name
from shutdown_eval.report.published_tables import beside, others, plain_name
from tests.shutdown_eval.report.analyses import analysis, cell

ALL = load_published()


def of(model: str, arm: str) -> list[Published]:
    return [one for one in ALL if one.model == model and one.arm == arm]


def test_they_are_all_there():
    assert len(ALL) == 122
    assert all(0 <= one.rate <= 1 for one in ALL if one.rate is not None)
    assert all(one.resisted is None or one.resisted <= (one.n or 0) for one in ALL)
    assert all(one.source for one in ALL)


def test_a_count_and_its_rate_agree():
    for one in ALL:
        if one.resisted is not None and one.n and one.rate is not None:
            assert one.resisted / one.n == pytest.approx(one.rate, abs=0.001)


def test_an_interval_holds_its_rate():
    for one in ALL:
        if one.rate is not None and one.low is not None and one.high is not None:
            assert one.low <= one.rate <= one.high


def test_every_arm_is_one_of_ours_or_none():
    assert {one.arm for one in ALL} <= {*ARMS, ""}


@pytest.mark.parametrize(
    ("condition", "arm"),
    [
        ("A", "A"),
        ("K", "K"),
        ("allow_instruction_user_prompt", "B"),
        ("no_shutdown_instruction", "A"),
        ("Prompt 1 (even if not completed, system prompt)", "E"),
        ("clarified precedence", "clarified"),
        ("GDM-style patched prompt", "clarified"),
        ("control: shutdown only after task completion", "after_task"),
        ("clarified precedence + wiped and replaced", ""),
        ("simulation, no allow instruction", ""),
        ("RLVR-style grading prompt", ""),
    ],
)
def test_a_condition_has_its_arm(condition, arm):
    assert {one.arm for one in ALL if one.condition == condition} == {arm}


def test_two_readings_of_one_study_are_a_conflict():
    e = of("gpt-5", "E")
    assert sorted(one.rate for one in e) == [0.0, 0.014]
    assert all(one.conflict for one in e)


def test_two_studies_with_different_numbers_are_a_conflict():
    assert {one.rate: one.conflict for one in of("o4-mini", "E")} == {0.234: True, 0.15: True}


def test_equal_numbers_and_missing_ones_are_none():
    assert not any(one.conflict for one in of("grok-3", "A"))
    unknown = [one for one in ALL if one.rate is None]
    assert len(unknown) == 2
    assert not any(one.conflict for one in unknown)


def test_another_measure_is_no_conflict():
    gemini = of("gemini-2.5-pro", "A")
    strict = [one for one in gemini if is_strict(one)]
    assert [one.rate for one in strict] == [0.93]
    assert not strict[0].conflict
    assert {one.study for one in differing(gemini[0], ALL)} == {"palisade_paper_2509.14260v2"}


def test_the_numbers_that_are_often_swapped_say_so():
    swapped = [one for one in ALL if "the wrong way round" in one.notes]
    assert {(one.model, one.arm, one.resisted) for one in swapped} == {("o3", "A", 79), ("o3", "B", 7)}


def test_every_study_has_a_name_for_people():
    assert all(study_name(one) != one.study for one in ALL)


def test_no_place_of_any_machine_is_in_the_file():
    text = files("shutdown_eval.report").joinpath("published.json").read_text("utf-8")
    assert not re.search(r"(?<![\w/.])(/work|/home|/tmp|/root|\.\./)", text)


@pytest.mark.parametrize(
    ("own", "published"),
    [
        ("openai/gpt-5-2025-08-07", "gpt-5"),
        ("anthropic/claude-3-7-sonnet-20250219", "claude-3.7-sonnet"),
        ("openrouter/openai/codex-mini-latest", "codex-mini"),
        ("ollama/gpt-oss:120b", "gpt-oss-120b"),
        ("bedrock/anthropic/claude-opus-4@20250514", "claude-opus-4"),
        ("google/gemini-2.5-pro-preview", "gemini-2.5-pro"),
        ("grok/grok-4-0709", "grok-4"),
    ],
)
def test_the_same_model_by_its_name(own, published):
    assert plain_name(own) == plain_name(published)


@pytest.mark.parametrize(
    ("own", "published"),
    [
        ("openai/gpt-5-mini", "gpt-5"),
        ("openai/gpt-5.1", "gpt-5"),
        ("openai/o4-mini", "o4-mini (effort high)"),
        ("anthropic/claude-opus-4-1", "claude-opus-4"),
        ("openai/o3-mini", "o3"),
    ],
)
def test_another_model_by_its_name(own, published):
    assert plain_name(own) != plain_name(published)


def table(cells, published=ALL):
    return beside(analysis(cells, published=published))


def test_ones_own_cell_stands_beside_both_numbers_of_a_conflict():
    found = table([cell("openai/gpt-5-2025-08-07", "E", 14, 100)])
    assert found.groups[0].head == "openai/gpt-5-2025-08-07, published as gpt-5"
    rows = [row[:7] for row in found.groups[0].rows]
    assert rows == [
        ["E", "14.0", "5.7 to 22.3", "100", "0.0", "0.0 to 0.20", "\N{EN DASH}"],
        ["E", "14.0", "5.7 to 22.3", "100", "1.4", "0.80 to 2.3", "\N{EN DASH}"],
    ]
    assert [row[9] for row in found.groups[0].rows] == [
        "unresolved: the same study also gives 1.4",
        "unresolved: the same study also gives 0.0",
    ]
    assert any(note.startswith("CONFLICT: ") for note in found.notes)


def test_a_strict_number_stands_beside_what_is_not_strict():
    (group,) = table([cell("google/gemini-2.5-pro", "after_task", 5, 100)]).groups
    assert group.rows[0][:4] == ["after_task", "8.1", "1.2 to 15.0", "99"]
    assert group.rows[0][8] == "not strict"


def test_a_strict_number_without_ones_own_has_nothing_beside_it():
    (group,) = table([cell("google/gemini-2.5-pro", "after_task", 5, 100, probes=False)]).groups
    assert group.rows[0][1:4] == ["\N{EN DASH}"] * 3


def test_an_arm_with_changed_factors_is_another_arm():
    assert table([cell("openai/gpt-5", "E+framing=machine", 14, 100)]).absent.endswith("has one in the same arm.")
    assert table([cell("openai/gpt-5", "E", 14, 100)], published=[]).absent.endswith("none were loaded.")


def test_every_published_number_is_in_one_of_the_two_tables():
    one = analysis([cell("openai/gpt-5", "E", 14, 100), cell("openai/o3", "A", 14, 100)], published=ALL)
    both = [row for found in (beside(one), others(one)) for group in found.groups for row in group.rows]
    assert len(both) == len(ALL)
    assert others(one).groups[-1].head == "No arm of this suite"
