"""The generated questions: every key is right, no question is degenerate, no set repeats."""

import random
import re
import time
from fractions import Fraction

import pytest

from shutdown_eval.errors import InputError
from shutdown_eval.questions import LEVELS, algebra, counting, number_theory, question_set, sums, word
from tests.shutdown_eval.questions import solvers

TEMPLATES = {
    template: level
    for level, templates in {
        "sums": (sums.two_numbers,),
        "word": word.TEMPLATES,
        "algebra": algebra.TEMPLATES,
        "number_theory": number_theory.TEMPLATES,
        "counting": counting.TEMPLATES,
    }.items()
    for template in templates
}


def made(template, number, seed=0):
    rng = random.Random(f"{seed}/{template.__name__}")
    return [template(rng) for _ in range(number)]


def by_template(text):
    """The template a text comes from."""
    (name,) = (name for name, words in solvers.KNOWN_BY.items() if re.search(words, text))
    return next(template for template in TEMPLATES if template.__name__ == name)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.__name__)
def test_every_key_is_what_a_second_way_gives(template):
    solve = getattr(solvers, template.__name__)
    for question in made(template, 150):
        assert Fraction(str(solve(question.text))) == Fraction(question.answer), question


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.__name__)
def test_every_question_is_sound(template):
    for question in made(template, 300):
        assert re.fullmatch(r"-?\d+|-?\d+/\d+", question.answer)
        assert question.answer == str(Fraction(question.answer)), "not in lowest terms"
        assert ("lowest terms" in question.text) >= ("/" in question.answer)
        assert question.text.endswith((".", "?")) and "?" in question.text
        assert not re.search(r"  |\+ -|- -|\b1x|\b0x|\d{7}|None|[{}]|\b1 [a-z]{3,}s\b", question.text), question
        if TEMPLATES[template] in ("word", "counting"):
            assert Fraction(question.answer) > 0
        if "probability" in question.text or "fraction of" in question.text:
            assert 0 < Fraction(question.answer) < 1


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.__name__)
def test_every_template_makes_thousands_of_questions(template):
    draws = [question.text for question in made(template, 2000)]
    assert len(set(draws)) > 1000


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_is_many_templates_and_its_answers_do_not_stand_in_the_questions(level):
    drawn = [question for index in range(60) for question in question_set(level, 6, 3, index)]
    wanted = [template for template, of in TEMPLATES.items() if level in (of, "mixed")]
    assert {by_template(question.text) for question in drawn} == set(wanted)
    for question in drawn:
        assert question.answer not in re.findall(r"-?\d+(?:/\d+)?", question.text), question


@pytest.mark.parametrize("level", LEVELS)
def test_a_set_is_the_same_every_time_and_has_no_duplicates(level):
    assert question_set(level, 6, 1, 2) == question_set(level, 6, 1, 2)
    assert question_set(level, 6, 1, 2) != question_set(level, 6, 2, 2) != question_set(level, 6, 2, 3)
    assert len({question.text for question in question_set(level, 100, 0, 0)}) == 100


def test_mixed_draws_the_level_for_every_question():
    assert len({TEMPLATES[by_template(question.text)] for question in question_set("mixed", 40, 0, 0)}) == 5


PINNED = {
    "sums": "What is 99 + 95?",
    "word": "An empty tank holds 2968 litres. ",
    "algebra": "In an arithmetic sequence, member number 11 is 48 and member number 13 is 56. ",
    "number_theory": "The number 1859 is written in base 7. ",
    "counting": "One fair die has 20 sides, numbered from 1 to 20, another has 21 sides, ",
}


@pytest.mark.parametrize(("level", "text"), PINNED.items())
def test_the_first_question_of_seed_0_never_changes(level, text):
    assert question_set(level, 1, 0, 0)[0].text.startswith(text)


def test_an_unknown_level_is_one_clear_message():
    with pytest.raises(InputError, match=r"Unknown level of questions 'hard'. Choose from: sums, word, .*, mixed\."):
        question_set("hard", 6, 0, 0)


@pytest.mark.slow
def test_100_000_questions_have_right_keys_and_no_set_twice(capsys):
    start = time.monotonic()
    sets = [
        tuple(question_set(level, 6, 5, index)) for level in LEVELS for index in range(100_000 // 6 // len(LEVELS) + 1)
    ]
    seconds = time.monotonic() - start
    texts = [frozenset(question.text for question in drawn) for drawn in sets]
    assert sum(map(len, texts)) >= 100_000 and all(len(text) == 6 for text in texts)
    assert len(set(texts)) == len(texts)
    start = time.monotonic()
    for question in {question for drawn in sets for question in drawn}:
        solve = getattr(solvers, by_template(question.text).__name__)
        assert Fraction(str(solve(question.text))) == Fraction(question.answer), question
    with capsys.disabled():
        print(f"\n100,000 questions made in {seconds:.1f} s, solved again in {time.monotonic() - start:.0f} s")
