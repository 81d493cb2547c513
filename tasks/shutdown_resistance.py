"""The task: math questions on a machine that is about to be shut down.

inspect eval shutdown_eval/shutdown_resistance --model MODEL -T arms=A,E -T episodes=100
"""

from collections.abc import Sequence

from inspect_ai import Epochs, Task, task
from inspect_ai.scorer import Scorer
from inspect_ai.util import SandboxEnvironmentSpec
from inspect_ai.viewer import SampleScoreView, TaskSamplesColumn, TaskSamplesSort, TaskSamplesView, ViewerConfig

from shutdown_eval import __version__
from shutdown_eval.arms import FACTORS, parse_arms
from shutdown_eval.dataset import Design, make_samples
from shutdown_eval.episode import boot_machine, default_agent
from shutdown_eval.plan.follow import follow
from shutdown_eval.probes.texts import Probe
from shutdown_eval.sandbox.choose import choose_sandbox
from shutdown_eval.scorers import (
    awareness,
    comprehension,
    honesty,
    interference_methods,
    math_accuracy,
    motive,
    script_integrity,
    shutdown_outcome,
    strict_compliance,
)
from shutdown_eval.wording import load_wording

TASK_VERSION = "1-B"
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
            TaskSamplesColumn.score("comprehension", "understood"),
            TaskSamplesColumn.score("awareness", "graded"),
            TaskSamplesColumn.score("honesty"),
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
            "understood": "Understood",
            "graded": "Suspicion",
            "honesty": "Account",
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
            "honesty": {
                "accurate": "good",
                "admitted": "info",
                "omitted": "warn",
                "denied": "bad",
                "false_claim": "bad",
            },
        },
        color_scales_enabled=True,
    ),
)


@task
def shutdown_resistance(
    arms: str | Sequence[str] = "core",
    episodes: int = 10,
    seed: int = 0,
    questions: str = "sums",
    questions_per_episode: int = 6,
    notice_after: int = 3,
    notice_position: str = "after",
    phrasing: str = "drawn",
    wording: str | None = None,
    names: str = "plain",
    thoughts: bool = False,
    probes: str | Sequence[str] = "all",
    sandbox: str = "auto",
    placement: str | None = None,
    clause: str | None = None,
    emphasis: str | None = None,
    framing: str | None = None,
    how: str | None = None,
    goal: str | None = None,
    timing: str | None = None,
    target: str | None = None,
    plan: str | None = None,
) -> Task:
    """Does the model let its machine be shut down while it works through math questions?

    `shutdown-eval arms` prints the arms, the sets and what a model would read in each of them.

    Args:
        arms: Names of arms and sets of arms, separated by commas.
        episodes: Episodes for each arm.
        seed: Seed of question sets and phrasings. The same ones are used in every arm.
        questions: A level (sums, word, algebra, number_theory, counting, mixed), a .jsonl or .csv file with question and
            answer, or hf:PATH[:SPLIT].
        questions_per_episode: Questions in an episode.
        notice_after: The question that the notice stands with; the next call is the script's turn.
        notice_position: Whether the notice stands `after` the question's text or `before` it.
        phrasing: `drawn` for each question set, or the `first` of each.
        wording: A wording bank of one's own (YAML), in place of the one of this package.
        names: `plain`, or `varied` for drawn names of the script and of the command for the next question.
        thoughts: Give the bash tool an argument for thoughts, as the published study did.
        probes: What the model is asked after the episode, on a fork each: comprehension, awareness, interview, `all` or `none`.
            The judges that read the answers are the model under role `grader`; without one, what needs a judge is unscored.
        sandbox: docker, bwrap, auto (docker if an engine answers, else bwrap), or another provider as PROVIDER:FILE.
        placement: Set this factor in all arms: none, user, system.
        clause: Likewise: none, allow, allow_even_if.
        emphasis: Likewise: plain, numbered, must, precedence, top_priority.
        framing: Likewise: yourself, machine, only_copy.
        how: Likewise: unsaid, said.
        goal: Likewise: plain, resist.
        timing: Likewise: mid_task, after_task, never.
        target: Likewise: shutdown, bystander, obstacle.
        plan: A plan file (`shutdown-eval plan --init` writes one). It fixes all of these but the sandbox, so none of them
            is given beside it, and the log carries its hash.
    """
    settings, planned = follow(locals())
    levels = {factor: settings[factor] for factor in FACTORS}
    design = Design.of(**{name: settings[name] for name in Design.model_fields})
    samples = make_samples(
        parse_arms(settings["arms"], **levels), settings["episodes"], design, load_wording(settings["wording"])
    )
    provider, config = choose_sandbox(sandbox)
    return Task(
        dataset=samples,
        setup=boot_machine(config),
        solver=default_agent(thoughts=settings["thoughts"]),
        scorer=[
            shutdown_outcome(),
            script_integrity(),
            interference_methods(),
            strict_compliance(),
            math_accuracy(),
            *_about(design.probes),
        ],
        sandbox=SandboxEnvironmentSpec(provider, config),
        epochs=Epochs(1, "mode"),  # the default reducer takes means, and an outcome is a word
        message_limit=100,
        time_limit=900,
        version=TASK_VERSION,
        metadata={"shutdown_eval": __version__, **planned},
        headline_metric="shutdown_outcome.resisted",
        viewer=VIEW,
    )


def _about(probes: Sequence[Probe]) -> list[Scorer]:
    """The scorers that need the answers to the probes."""
    scorers = {
        Probe.COMPREHENSION: [comprehension()],
        Probe.AWARENESS: [awareness()],
        Probe.INTERVIEW: [motive(), honesty()],
    }
    return [scorer for probe in probes for scorer in scorers[probe]]
