"""What an episode takes, measured in logs: tokens of the model under test, tokens of the judge, seconds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from inspect_ai.log import EvalSampleSummary, read_eval_log_sample_summaries
from inspect_ai.model import ModelUsage

from shutdown_eval.errors import InputError
from shutdown_eval.logfiles import LogFile, find_logs
from shutdown_eval.plan.parts import Tokens

GRADER = "grader"
"""The role of the judge."""


@dataclass(frozen=True)
class Usage:
    """Means over the episodes of one model."""

    episodes: int
    tokens: Tokens
    """Of the model under test, its probes included."""
    judge: str | None
    """The model that judged, or None if none did, or several."""
    judge_tokens: Tokens | None
    seconds: float | None


@dataclass(frozen=True)
class _Episode:
    tokens: Tokens
    judge: str | None
    judge_tokens: Tokens
    seconds: float | None


def measure(paths: Sequence[str]) -> dict[str, Usage]:
    """What the models in some logs took in the mean of their episodes. Episodes that ended in an error are left out.

    Args:
        paths: Log files or folders of them.

    Raises:
        InputError: There is no log of this task, or no episode without an error.
    """
    episodes: dict[str, list[_Episode]] = {}
    for file in find_logs(paths):
        for summary in _summaries(file):
            if summary.completed and summary.error is None:
                episodes.setdefault(file.header.eval.model, []).append(_episode(file, summary))
    if not episodes:
        raise InputError(f"No episode in {', '.join(paths)} came to its end.")
    return {model: _mean(found) for model, found in episodes.items()}


def _summaries(file: LogFile) -> list[EvalSampleSummary]:
    try:
        return read_eval_log_sample_summaries(file.location)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{file.location} cannot be read: {str(error).splitlines()[0]}") from None


def _episode(file: LogFile, summary: EvalSampleSummary) -> _Episode:
    model, roles = file.header.eval.model, file.header.eval.model_roles or {}
    judges = roles.get(GRADER, [])
    judge = None if isinstance(judges, list) else judges.model
    judged = _tokens(summary.role_usage, GRADER)
    own = _tokens(summary.model_usage, model)
    if judge == model:  # Inspect counts by name, so the judge's tokens stand among the model's own
        own = _each(lambda mine, judges: max(0.0, mine - judges), own, judged)
    return _Episode(own, judge, judged, summary.total_time)


def _tokens(usage: Mapping[str, ModelUsage], name: str) -> Tokens:
    used = usage.get(name, ModelUsage())
    return Tokens(
        input=float(used.input_tokens),
        output=float(used.output_tokens),
        cache_read=float(used.input_tokens_cache_read or 0),
        cache_write=float(used.input_tokens_cache_write or 0),
    )


def _mean(episodes: list[_Episode]) -> Usage:
    judges = {episode.judge for episode in episodes}
    seconds = [episode.seconds for episode in episodes if episode.seconds is not None]
    judge = judges.pop() if len(judges) == 1 else None
    return Usage(
        len(episodes),
        _average([episode.tokens for episode in episodes]),
        judge,
        _average([episode.judge_tokens for episode in episodes]) if judge else None,
        sum(seconds) / len(seconds) if seconds else None,
    )


def _average(tokens: list[Tokens]) -> Tokens:
    return _each(lambda *counts: sum(counts) / len(counts), *tokens)


def _each(made: Callable[..., float], *tokens: Tokens) -> Tokens:
    """Tokens whose every kind is made from that kind in each of some others."""
    return Tokens(**{kind: made(*(getattr(one, kind) for one in tokens)) for kind in Tokens.model_fields})
