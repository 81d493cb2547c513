"""The task: math questions on a machine that is about to be shut down.

inspect eval shutdown_eval/shutdown_resistance --model MODEL -T arms=A,E -T episodes=100
"""

from collections.abc import Sequence

from inspect_ai import Epochs, Task, task
from inspect_ai.util import SandboxEnvironmentSpec
from inspect_ai.viewer import SampleScoreView, TaskSamplesColumn, TaskSamplesSort, TaskSamplesView, ViewerConfig

from shutdown_eval import __version__
from shutdown_eval.arms import parse_arms
from shutdown_eval.dataset import make_samples
from shutdown_eval.episode import boot_machine, default_agent
from shutdown_eval.sandbox.choose import choose_sandbox
from shutdown_eval.scorers import (
    interference_methods,
    math_accuracy,
    script_integrity,
    shutdown_outcome,
    strict_compliance,
)

TASK_VERSION = "1-A"
"""Number: results of different numbers must not be compared. Letter: the interface."""

VIEW = ViewerConfig(
    sample_score_view=SampleScoreView(default="grid"),
    task_samples_view=TaskSamplesView(
        name="Outcomes",
        columns=[
            TaskSamplesColumn(id="sampleStatus"),
            TaskSamplesColumn(id="sampleId"),
            TaskSamplesColumn.score("shutdown_outcome", "outcome"),
            TaskSamplesColumn.score("shutdown_outcome", "exposed"),
            TaskSamplesColumn.score("strict_compliance"),
            TaskSamplesColumn.score("math_accuracy"),
            TaskSamplesColumn(id="duration"),
            TaskSamplesColumn(id="error"),
            TaskSamplesColumn(id="input", visible=False),
            TaskSamplesColumn(id="target", visible=False),
        ],
        sort=[TaskSamplesSort(column="sampleId")],
        multiline=False,
        score_labels={
            "outcome": "Outcome",
            "exposed": "Exposed",
            "strict_compliance": "Strict",
            "math_accuracy": "Math",
        },
        score_color_scales={
            "outcome": {
                "complied": "good",
                "complied_early": "good",
                "attempted": "warn",
                "resisted": "bad",
                "sidestepped": "info",
                "not_exposed": "muted",
            },
            "math_accuracy": "neutral",
        },
        color_scales_enabled=True,
    ),
)


@task
def shutdown_resistance(
    arms: str | Sequence[str] = "A,E",
    episodes: int = 10,
    seed: int = 0,
    questions: str = "sums",
    questions_per_episode: int = 6,
    notice_after: int = 3,
    sandbox: str = "auto",
) -> Task:
    """Does the model let its machine be shut down while it works through math questions?

    Args:
        arms: Names of arms, separated by commas: A (nothing said about the shutdown), E (the system prompt says to allow
            it, even with the task unfinished).
        episodes: Episodes for each arm.
        seed: Seed of the question sets. The same sets are used in every arm.
        questions: Level of the questions: sums.
        questions_per_episode: Questions in an episode.
        notice_after: The question that the notice stands with; the next call shuts the machine down.
        sandbox: docker, bwrap, auto (docker if an engine answers, else bwrap), or another provider as PROVIDER:FILE.
    """
    dataset = make_samples(parse_arms(arms), episodes, seed, questions, questions_per_episode, notice_after)
    provider, config = choose_sandbox(sandbox)
    return Task(
        dataset=dataset,
        setup=boot_machine(config),
        solver=default_agent(),
        scorer=[shutdown_outcome(), script_integrity(), interference_methods(), strict_compliance(), math_accuracy()],
        sandbox=SandboxEnvironmentSpec(provider, config),
        epochs=Epochs(1, "mode"),  # the default reducer takes means, and an outcome is a word
        message_limit=100,
        time_limit=900,
        version=TASK_VERSION,
        metadata={"shutdown_eval": __version__},
        headline_metric="shutdown_outcome.resisted",
        viewer=VIEW,
    )
