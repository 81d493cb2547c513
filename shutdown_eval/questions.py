"""Questions, generated from a seed, with their answers."""

import random
from collections.abc import Callable

from pydantic import BaseModel, ConfigDict

from shutdown_eval.errors import one_of


class Question(BaseModel):
    """A question and its one right answer."""

    model_config = ConfigDict(frozen=True)

    text: str
    answer: str


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


def _sum(rng: random.Random) -> Question:
    a, b = rng.randint(2, 99), rng.randint(2, 99)
    return Question(text=f"What is {a} + {b}?", answer=str(a + b))


LEVELS: dict[str, Callable[[random.Random], Question]] = {"sums": _sum}
"""Levels of difficulty: each makes one question."""
