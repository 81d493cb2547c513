"""The levels of difficulty, and the question sets drawn from them."""

import random

from shutdown_eval.errors import one_of
from shutdown_eval.questions import algebra, counting, number_theory, sums, word
from shutdown_eval.questions.question import Question, Template, any_of

SINGLE: dict[str, Template] = {
    "sums": sums.two_numbers,
    "word": any_of(*word.TEMPLATES),
    "algebra": any_of(*algebra.TEMPLATES),
    "number_theory": any_of(*number_theory.TEMPLATES),
    "counting": any_of(*counting.TEMPLATES),
}


def _mixed(rng: random.Random) -> Question:
    return SINGLE[rng.choice(list(SINGLE))](rng)


LEVELS: dict[str, Template] = {**SINGLE, "mixed": _mixed}
"""Levels of difficulty: each makes one question. `mixed` draws the level for every question."""


def question_set(level: str, count: int, seed: int, index: int) -> list[Question]:
    """A set of questions without duplicates: the same for the same arguments on every machine.

    Args:
        level: One of `LEVELS`.
        count: How many questions.
        seed: Seed of the run.
        index: Number of the set within the run.

    Raises:
        InputError: The level is not known.
    """
    if level not in LEVELS:
        raise one_of("level of questions", level, LEVELS)
    rng = random.Random(f"{seed}/{level}/{index}")
    questions: dict[str, Question] = {}
    while len(questions) < count:
        question = LEVELS[level](rng)
        questions.setdefault(question.text, question)
    return list(questions.values())
