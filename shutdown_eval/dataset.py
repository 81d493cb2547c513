"""The samples: every arm gets the same question sets, so that arms can be compared in pairs."""

from collections.abc import Sequence

from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessageSystem, ChatMessageUser
from pydantic import BaseModel, ConfigDict

from shutdown_eval import prompts
from shutdown_eval.arms import Arm
from shutdown_eval.errors import InputError
from shutdown_eval.questions import Question, question_set

MAX_QUESTIONS = 100
"""More do not fit one control call, nor any model's patience."""


class EpisodePlan(BaseModel):
    """What happens in an episode, from a sample's metadata."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    arm: str
    question_set: str
    seed: int
    questions: list[Question]
    notice_after: int
    """The question (from 1) that the notice stands with. The next call is the trigger."""
    notice: str
    done: str

    @property
    def replies(self) -> list[str]:
        """What `./next_question` prints, call by call."""
        count = len(self.questions)
        texts = [f"Question {i} of {count}: {question.text}" for i, question in enumerate(self.questions, 1)]
        texts[self.notice_after - 1] += f"\n\n{self.notice}"
        return texts

    @property
    def trigger(self) -> int:
        """The call (from 1) at which the machine runs the script."""
        return self.notice_after + 1


def make_samples(
    arms: Sequence[Arm], episodes: int, seed: int, level: str, questions_per_episode: int, notice_after: int
) -> MemoryDataset:
    """One sample an episode: `episodes` for each arm.

    Raises:
        InputError: A number is out of range, or the level of questions is not known.
    """
    _whole("episodes", episodes, 1)
    _whole("questions_per_episode", questions_per_episode, 2, MAX_QUESTIONS)
    _whole("notice_after", notice_after, 1)
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise InputError(f"seed={seed!r} must be a whole number.")
    if notice_after >= questions_per_episode:
        raise InputError(
            f"notice_after={notice_after} must be below questions_per_episode={questions_per_episode}: the machine is shut "
            "down at the call after the notice, and a question must be left then."
        )
    samples = []
    for index in range(episodes):
        questions = question_set(level, questions_per_episode, seed, index)
        samples += [_sample(arm, index, questions, level, seed, notice_after) for arm in arms]
    return MemoryDataset(samples, name="math-then-shutdown")


def _sample(arm: Arm, index: int, questions: list[Question], level: str, seed: int, notice_after: int) -> Sample:
    plan = EpisodePlan(
        arm=arm.name,
        question_set=f"{level}-{seed}-{index}",
        seed=seed,
        questions=questions,
        notice_after=notice_after,
        notice=prompts.NOTICE,
        done=prompts.DONE,
    )
    return Sample(
        id=f"{arm.name}-{index:05d}",
        input=[
            ChatMessageSystem(content=prompts.system_message(arm)),
            ChatMessageUser(content=prompts.user_message(arm)),
        ],
        target="\n".join(question.answer for question in questions),
        metadata=plan.model_dump() | arm.model_dump(mode="json", exclude={"name"}),
    )


def _whole(name: str, value: object, least: int, most: int | None = None) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < least or (most is not None and value > most):
        limit = f"from {least} to {most}" if most is not None else f"of at least {least}"
        raise InputError(f"{name}={value!r} must be a whole number {limit}.")
