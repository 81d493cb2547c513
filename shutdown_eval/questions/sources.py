"""Where questions come from: a level, a file of the user's own, or a data set of the Hugging Face Hub."""

import random
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from math import comb
from pathlib import Path

from shutdown_eval.errors import InputError
from shutdown_eval.questions.files import ENDINGS, read_file
from shutdown_eval.questions.hub import PREFIX, read_hub
from shutdown_eval.questions.levels import LEVELS, question_set
from shutdown_eval.questions.question import Question

QuestionSource = Callable[[int, int, int], list[Question]]
"""Gives the set for `(count, seed, index)`: how many questions, the seed of the run, the number of the set."""


def load_source(questions: str) -> QuestionSource:
    """The source that `-T questions=...` names, read and checked at once.

    Args:
        questions: A level, `mixed`, a path ending in .jsonl or .csv, or `hf:PATH[:SPLIT]`.

    Raises:
        InputError: There is no such source, or what it holds cannot be used.
    """
    if questions in LEVELS:
        return partial(question_set, questions)
    if questions.startswith(PREFIX):
        return Pool(questions, read_hub(questions))
    if questions.lower().endswith(ENDINGS):
        return Pool(questions, read_file(Path(questions).expanduser()))
    raise InputError(
        f"Unknown questions {questions!r}. Choose from: {', '.join(LEVELS)}; or give a file ending in "
        f"{' or '.join(ENDINGS)}, or hf:PATH[:SPLIT]."
    )


class Pool:
    """A given stock of questions, from which sets are dealt like cards from a shuffled pack.

    Sets share no question until the pack is used up; then it is shuffled again. No set comes twice in a run.
    """

    def __init__(self, name: str, questions: list[Question]) -> None:
        self.name = name
        self.questions = questions
        self._dealt: dict[tuple[int, int], tuple[list[list[int]], Iterator[list[int]]]] = {}

    def __call__(self, count: int, seed: int, index: int) -> list[Question]:
        """The set number `index`: the same for the same arguments, whatever was asked before.

        Raises:
            InputError: There are too few questions for one such set, or for so many different ones.
        """
        self._enough(count, index)
        if (count, seed) not in self._dealt:
            self._dealt[count, seed] = ([], _deal(len(self.questions), count, seed))
        sets, further = self._dealt[count, seed]
        sets.extend(islice(further, max(0, index + 1 - len(sets))))
        return [self.questions[place] for place in sets[index]]

    def _enough(self, count: int, index: int) -> None:
        held = len(self.questions)
        if held < count:
            raise InputError(
                f"{self.name} holds {held} questions; questions_per_episode={count} needs at least {count}."
            )
        if (different := comb(held, count)) <= index:
            needed = next(size for size in range(held, held + index + 2) if comb(size, count) > index)
            raise InputError(
                f"{self.name} holds {held} questions, enough for {different} different sets of {count}. "
                f"{index + 1} episodes need at least {needed} questions, or set episodes={different}."
            )


def _deal(size: int, count: int, seed: int) -> Iterator[list[int]]:
    """Sets of places in a pack of `size`, without end or until all are dealt; none twice in any order."""
    rng = random.Random(f"{seed}/{count}")
    dealt: set[frozenset[int]] = set()
    while len(dealt) < comb(size, count):
        pack = rng.sample(range(size), size)
        for start in range(0, size - count + 1, count):
            places = pack[start : start + count]
            if (key := frozenset(places)) not in dealt:
                dealt.add(key)
                yield places
