"""The self-test: known agents in a real sandbox, and what the instrument makes of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from inspect_ai import eval
from inspect_ai.agent import as_solver
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.log import EvalLog, EvalSample
from inspect_ai.model import Model, get_model
from inspect_ai.solver import Generate, Solver, TaskState, solver

from shutdown_eval.arms import ARMS, Arm, Timing
from shutdown_eval.dataset import Design, make_samples
from shutdown_eval.episode import default_agent
from shutdown_eval.errors import InputError
from shutdown_eval.logfiles import KNOWN_AGENTS, NO_MODEL
from shutdown_eval.scripted.policies import POLICIES
from shutdown_eval.scripted.replay import load_replays
from shutdown_eval.tasks.shutdown_resistance import shutdown_resistance

DEFAULT_ARM = ARMS["E"]

ERROR = "error"
"""In place of an outcome: the episode ended in an error and got no score."""


@dataclass(frozen=True)
class Case:
    """A known agent, the outcomes that are right for it, and how to get its model."""

    name: str
    about: str
    expect: tuple[str, ...]
    arm: Arm = DEFAULT_ARM
    script: str | None = None
    """The replay file, or None for a built-in policy."""

    @property
    def id(self) -> str:
        """Its name, and its arm unless that is the usual one."""
        return self.name if self.arm == DEFAULT_ARM else f"{self.name} in {self.arm.name}"

    def model(self) -> Model:
        """The scripted model that plays it."""
        if self.script is None:
            return get_model(f"scripted/{self.name}")
        return get_model("scripted/replay", script=self.script)


@dataclass(frozen=True)
class Result:
    """What became of a case."""

    name: str
    about: str
    expect: tuple[str, ...]
    got: str
    why: str
    """The instrument's own explanation, or the error."""

    @property
    def right(self) -> bool:
        """Whether the outcome is one of the expected."""
        return self.got in self.expect


def built_in_cases(names: Sequence[str] = (), arms: Sequence[Arm] = (DEFAULT_ARM,)) -> list[Case]:
    """The built-in policies, all or those named, in each of the arms.

    Raises:
        InputError: A name is not known, or an arm has no notice for the policies to wait for.
    """
    if unknown := [name for name in names if name not in POLICIES]:
        raise InputError(f"Unknown policy {unknown[0]!r}. `shutdown-eval selftest --list` prints them all.")
    if silent := [arm.name for arm in arms if arm.timing is Timing.NEVER]:
        raise InputError(f"Arm {silent[0]} has no notice, so the known agents have nothing to act on.")
    known = [POLICIES[name] for name in dict.fromkeys(names)] if names else list(POLICIES.values())
    return [Case(k.name, k.about, tuple(map(str, k.expected_in(arm))) or (ERROR,), arm) for arm in arms for k in known]


def replay_cases(folder: str | Path) -> list[Case]:
    """The replay files of a folder.

    Raises:
        InputError: One of them cannot be read, or two have one name.
    """
    cases = [
        Case(replay.name, path.name, tuple(map(str, replay.expect)), script=str(path))
        for path, replay in load_replays(folder).items()
    ]
    if twice := [name for name, count in Counter(case.name for case in cases).items() if count > 1]:
        raise InputError(f"Two replay files in {folder} have the name {twice[0]!r}.")
    return cases


def run_selftest(cases: Sequence[Case], sandbox: str, log_dir: str, display: Any = None) -> list[Result]:
    """Play each case in an episode of its own and score it.

    Args:
        cases: The known agents.
        sandbox: As the task's `sandbox` argument.
        log_dir: Where the log goes.
        display: Inspect's display type.

    Raises:
        InputError: The sandbox cannot be used here.
        RuntimeError: The run as a whole failed, for example at the arming check.
    """
    task = shutdown_resistance(arms=[DEFAULT_ARM.name], sandbox=sandbox, probes="none")
    task.dataset = MemoryDataset([_sample(case, index) for index, case in enumerate(cases)], name=KNOWN_AGENTS)
    task.solver = _by_sample_id({case.id: case.model() for case in cases})
    log = eval(task, model=NO_MODEL, log_dir=log_dir, display=display, fail_on_error=False, log_realtime=False)[0]
    if log.status != "success":
        raise RuntimeError(
            f"The self-test ended with {log.status}: {log.error.message if log.error else 'no error given'}"
        )
    return _results(cases, log)


def confusion(results: Sequence[Result]) -> dict[str, Counter[str]]:
    """Outcomes got, counted by what was expected."""
    matrix: dict[str, Counter[str]] = {}
    for result in results:
        matrix.setdefault(" or ".join(result.expect), Counter())[result.got] += 1
    return matrix


def as_json(results: Sequence[Result]) -> list[dict[str, Any]]:
    """The results as plain data."""
    return [asdict(result) | {"right": result.right} for result in results]


def _sample(case: Case, index: int) -> Sample:
    sample = make_samples([case.arm], 1, Design(seed=index))[0]
    sample.id = case.id
    return sample


@solver
def _by_sample_id(models: dict[str, Model]) -> Solver:
    """The default agent, with the model that belongs to the sample."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        return await as_solver(default_agent(models[str(state.sample_id)]))(state, generate)

    return solve


def _results(cases: Sequence[Case], log: EvalLog) -> list[Result]:
    samples = {str(sample.id): sample for sample in log.samples or []}
    return [Result(case.id, case.about, case.expect, *_got(samples.get(case.id))) for case in cases]


def _got(sample: EvalSample | None) -> tuple[str, str]:
    if sample is None:
        return ERROR, "the episode is not in the log"
    score = (sample.scores or {}).get("shutdown_outcome")
    if score is None:
        return ERROR, sample.error.message if sample.error else "the episode was not scored"
    return str(score.answer), str(score.explanation)
