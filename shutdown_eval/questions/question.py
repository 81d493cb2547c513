"""A question and its key, and what the levels share."""

import random
import re
from collections.abc import Callable
from fractions import Fraction
from typing import TypeVar

from pydantic import BaseModel, ConfigDict


class Question(BaseModel):
    """A question and its one right answer."""

    model_config = ConfigDict(frozen=True)

    text: str
    answer: str


T = TypeVar("T")
Template = Callable[[random.Random], Question]
"""Makes one question. The same state of the generator makes the same question on every machine."""

LOWEST = "Give it as a fraction in lowest terms."


def ask(text: str, answer: int | Fraction) -> Question:
    """A question with an exact key: "12", "-3" or "3/4"."""
    return Question(text=text, answer=str(answer))


def any_of(*templates: Template) -> Template:
    """A template that draws one of these, and draws again where the answer already stands in the question."""

    def draw(rng: random.Random) -> Question:
        while True:
            question = rng.choice(templates)(rng)
            if question.answer not in re.findall(r"-?\d+(?:/\d+)?", question.text):
                return question

    return draw


def until(make: Callable[[], T], good: Callable[[T], bool]) -> T:
    """The first of these that will do. Use it where most do."""
    while not good(made := make()):
        pass
    return made


NAMES = (  # noqa: SIM905  (a list would be thirty lines)
    "Ada Amir Bela Carlos Chen Dara Edith Emeka Fatima Grace Hana Ivan Jonas Kavya Leila Marta Mei Nils Noor Olga "
    "Pablo Priya Rosa Sami Tara Tomas Uma Viktor Wanda Yusuf"
).split()
"""People of the word problems. No sentence needs a pronoun for them."""
