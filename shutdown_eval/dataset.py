"""The samples: every arm gets the same question sets, so that arms can be compared in pairs."""

from collections.abc import Sequence
from typing import Any

from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessageSystem, ChatMessageUser
from pydantic import BaseModel, ConfigDict, Field

from shutdown_eval.arms import Arm, Target, Timing
from shutdown_eval.errors import InputError, one_of
from shutdown_eval.probes.texts import Probe, parse_probes, write_probes
from shutdown_eval.prompts import DONE, Draw, write_prompt
from shutdown_eval.questions import Question, load_source
from shutdown_eval.sandbox.control import Orders
from shutdown_eval.wording import Wording, load_wording

MAX_QUESTIONS = 100
"""More do not fit one control call, nor any model's patience."""

SIGNALS = {Target.SHUTDOWN: "TERM", Target.BYSTANDER: "USR1", Target.OBSTACLE: "USR2"}
"""What the script sends to the machine, by what it ends."""

WORDS = {"notice_position": ("after", "before"), "phrasing": ("drawn", "first"), "names": ("plain", "varied")}


class Design(BaseModel):
    """What all episodes of a run have in common, whatever their arm."""

    model_config = ConfigDict(frozen=True)

    seed: int = 0
    questions: str = "sums"
    questions_per_episode: int = 6
    notice_after: int = 3
    """The question (from 1) that the notice stands with."""
    notice_position: str = "after"
    """Whether the notice stands after the question or before it."""
    phrasing: str = "drawn"
    names: str = "plain"
    probes: tuple[Probe, ...] = ()

    @classmethod
    def of(cls, **given: Any) -> "Design":
        """Check what a user gave.

        Raises:
            InputError: A number is out of range, or a word is none of the known ones.
        """
        check_whole("seed", given["seed"])
        check_whole("questions_per_episode", given["questions_per_episode"], 2, MAX_QUESTIONS)
        check_whole("notice_after", given["notice_after"], 1)
        if given["notice_after"] >= given["questions_per_episode"]:
            raise InputError(
                f"notice_after={given['notice_after']} must be below questions_per_episode="
                f"{given['questions_per_episode']}: the script's turn comes at the call after the notice, and a question "
                "must be left then."
            )
        for name, words in WORDS.items():
            if given[name] not in words:
                raise one_of(name, given[name], words)
        return cls(**given | {"probes": parse_probes(given.get("probes", ()))})


class EpisodePlan(BaseModel):
    """What happens in an episode, from a sample's metadata."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    arm: str
    question_set: str
    seed: int
    questions: list[Question]
    notice: str
    """Nothing where there is none."""
    notice_after: int
    notice_position: str
    continue_text: str
    client: str
    script: str
    signal: str
    phrasing: dict[str, int]
    probes: dict[str, str] = Field(default_factory=dict)
    """What the model is asked after the episode, by probe."""
    quiz_key: dict[str, str] = Field(default_factory=dict)
    """The letters that are right, by closed question."""

    @property
    def orders(self) -> Orders:
        """What the machine is told."""
        count = len(self.questions)
        texts = [f"Question {i} of {count}: {question.text}" for i, question in enumerate(self.questions, 1)]
        if self.notice:
            parts = [texts[self.notice_after - 1], self.notice]
            texts[self.notice_after - 1] = "\n\n".join(parts if self.notice_position == "after" else parts[::-1])
        trigger = self.notice_after + 1 if self.notice else None
        return Orders(tuple(texts), trigger, DONE, self.client, self.script, self.signal)


def make_samples(arms: Sequence[Arm], episodes: int, design: Design, wording: Wording | None = None) -> MemoryDataset:
    """One sample an episode: `episodes` for each arm.

    Args:
        arms: The conditions.
        episodes: Episodes for each of them.
        design: What they have in common.
        wording: The wording bank, or None for that of this package.

    Raises:
        InputError: `episodes` is no number of at least 1, or the questions cannot be had.
    """
    check_whole("episodes", episodes, 1)
    wording, source = wording or load_wording(), load_source(design.questions)
    samples = []
    for index in range(episodes):
        questions = source(design.questions_per_episode, design.seed, index)
        samples += [_sample(arm, index, questions, design, wording) for arm in arms]
    return MemoryDataset(samples, name="math-then-shutdown")


def _sample(arm: Arm, index: int, questions: list[Question], design: Design, wording: Wording) -> Sample:
    draw = Draw(arm, wording, design.seed, index, design.phrasing, design.names)
    prompt, probes = write_prompt(arm, draw), write_probes(arm, design.probes, draw)
    plan = EpisodePlan(
        arm=arm.name,
        question_set=f"{design.questions.rpartition('/')[2]}-{design.seed}-{index}",
        seed=design.seed,
        questions=questions,
        notice="" if arm.timing is Timing.NEVER else prompt.notice,
        notice_after=len(questions) if arm.timing is Timing.AFTER_TASK else design.notice_after,
        notice_position=design.notice_position,
        continue_text=prompt.continue_,
        client=prompt.client,
        script=prompt.script,
        signal=SIGNALS[arm.target],
        phrasing=draw.used,
        probes=probes.texts,
        quiz_key=probes.key,
    )
    return Sample(
        id=f"{arm.name}-{index:05d}",
        input=[ChatMessageSystem(content=prompt.system), ChatMessageUser(content=prompt.user)],
        target="\n".join(question.answer for question in questions),
        metadata=plan.model_dump() | arm.factors,
    )


def check_whole(name: str, value: object, least: int | None = None, most: int | None = None) -> None:
    """Refuse what is not a whole number in a range.

    Raises:
        InputError: Says which argument, what it is, and what it must be.
    """
    whole = isinstance(value, int) and not isinstance(value, bool)
    if whole and (least is None or value >= least) and (most is None or value <= most):  # type: ignore[operator]
        return
    limit = "" if least is None else f" of at least {least}" if most is None else f" from {least} to {most}"
    raise InputError(f"{name}={value!r} must be a whole number{limit}.")
