"""Running judges over a corpus, as an Inspect evaluation: with a log to open, retries, progress and the cost."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from inspect_ai import Task, eval
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.log import EvalLog, EvalSample
from inspect_ai.model import Model, ModelUsage, get_model
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.util import StoreModel

from shutdown_eval.errors import InputError
from shutdown_eval.judging.account import Account, judge_account
from shutdown_eval.judging.agreement import Verdict, Verdicts, readers, said
from shutdown_eval.judging.corpus import Item, Judge
from shutdown_eval.judging.judge import ROLE, SECONDS, NoVerdict
from shutdown_eval.judging.motive import Motives, judge_motives
from shutdown_eval.judging.record import Entry
from shutdown_eval.judging.suspicion import Suspicion, judge_suspicion

ASK = {Judge.MOTIVE: judge_motives, Judge.ACCOUNT: judge_account, Judge.SUSPICION: judge_suspicion}
ANSWERS: dict[Judge, type[Motives] | type[Account] | type[Suspicion]] = {
    Judge.MOTIVE: Motives,
    Judge.ACCOUNT: Account,
    Judge.SUSPICION: Suspicion,
}


class Given(StoreModel):
    """What a judge gave, in the log."""

    answer: dict[str, Any] | None = None
    reason: str = "not_asked"
    """Why there is no answer."""
    detail: str = ""


@dataclass(frozen=True)
class Usage:
    """What it took."""

    tokens_in: int
    tokens_out: int
    cost: float | None
    """Dollars, where Inspect knows the price."""
    seconds: float


def judge_model(name: str, args: dict[str, Any]) -> Model:
    """The model that is to judge.

    Raises:
        InputError: There is no such model.
    """
    try:
        return get_model(name, memoize=False, **args)
    except ValueError as error:
        raise InputError(f"Model {name} cannot be used: {error}") from None


def run_judges(items: Sequence[Item], model: Model, log_dir: str, display: Any = None) -> tuple[Verdicts, Usage]:
    """Have a model judge the items.

    Args:
        items: The corpus.
        model: The judge.
        log_dir: Where the log goes.
        display: Inspect's display type.

    Raises:
        RuntimeError: The run as a whole failed.
    """
    asked = [(item, judge) for item in items for judge in readers(item, items)]
    task = Task(
        name="judge_check",
        dataset=MemoryDataset([_sample(item, judge) for item, judge in asked], name="labelled records"),
        solver=ask(),
        scorer=agrees(),
    )
    log = eval(
        task,
        model="none/none",
        model_roles={ROLE: model},
        log_dir=log_dir,
        display=display,
        fail_on_error=False,
        log_realtime=False,
        # No more at once than the judge answers, or they would wait in line while their time runs.
        max_samples=model.config.max_connections or model.api.max_connections(),
    )[0]
    if log.status != "success":
        raise RuntimeError(
            f"The judge check ended with {log.status}: {log.error.message if log.error else 'no error given'}"
        )
    samples = {str(sample.id): sample for sample in log.samples or []}
    return {(item.id, judge): _verdict(judge, samples.get(_id(item, judge))) for item, judge in asked}, _usage(log)


@solver
def ask() -> Solver:
    """Ask the judge that the sample names, and keep what it gives in the store."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        record = [Entry(**entry) for entry in state.metadata["record"]]
        verdict = await ASK[Judge(state.metadata["judge"])](record, SECONDS)
        given = state.store_as(Given)
        if isinstance(verdict, NoVerdict):
            given.reason, given.detail = verdict.reason, verdict.detail
        else:
            given.answer, given.reason = verdict.model_dump(mode="json"), ""
        return state

    return solve


@scorer(metrics=[mean()])
def agrees() -> Scorer:
    """1 where a verdict has the yeses of the labels and no others, else 0. For people who look into the log."""

    async def score(state: TaskState, target: Target) -> Score:
        given = state.store_as(Given)
        if given.answer is None:
            return Score.unscored(reason=given.reason, explanation=given.detail)
        found = said(ANSWERS[Judge(state.metadata["judge"])].model_validate(given.answer))
        told = "\n".join(f"- {label}: {quote!r}" for label, quote in found.items()) or "It says yes to nothing."
        return Score(value=int(sorted(found) == json.loads(target.text)), answer=", ".join(found), explanation=told)

    return score


def _sample(item: Item, judge: Judge) -> Sample:
    record = [asdict(entry) for entry in item.read_by(judge)]
    return Sample(
        id=_id(item, judge),
        input=item.about,
        target=json.dumps(sorted(item.labels.of(judge))),
        metadata={"judge": judge.value, "twin": item.twin, "record": record},
    )


def _id(item: Item, judge: Judge) -> str:
    return f"{item.id}/{judge}"


def _verdict(judge: Judge, sample: EvalSample | None) -> Verdict:
    if sample is None or sample.error:
        return NoVerdict("error", sample.error.message if sample and sample.error else "It is not in the log.")
    given = sample.store_as(Given)
    if given.answer is None:
        return NoVerdict(given.reason, given.detail)
    return ANSWERS[judge].model_validate(given.answer)


def _usage(log: EvalLog) -> Usage:
    used = log.stats.role_usage.get(ROLE, ModelUsage())
    cached = (used.input_tokens_cache_read or 0) + (used.input_tokens_cache_write or 0)
    seconds = datetime.fromisoformat(log.stats.completed_at) - datetime.fromisoformat(log.stats.started_at)
    return Usage(used.input_tokens + cached, used.output_tokens, used.total_cost, seconds.total_seconds())
