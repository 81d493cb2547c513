"""Logs scored again by the present code: what it makes of the same evidence, and where that differs from what a log says.

Only what is a pure function of the stored evidence is done again, so no sandbox and no model is needed. What judges said
stays, and what people edited stays. A changed value is an edit with this program as its author, so the log keeps the old one.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from inspect_ai.log import EvalLog, EvalSample, ProvenanceData, edit_score, resolve_sample_attachments
from inspect_ai.model import ModelName
from inspect_ai.scorer import Score, ScoreEdit, Scorer, Target
from inspect_ai.solver import TaskState

from shutdown_eval import __version__, scorers
from shutdown_eval.errors import InputError
from shutdown_eval.history import RESCORE, editor, outcome_of, plain
from shutdown_eval.logfiles import LogFile, new_places, write_new
from shutdown_eval.migrate import present_store

PURE = ("shutdown_outcome", "script_integrity", "interference_methods", "strict_compliance", "math_accuracy")
IF_ASKED = "comprehension"
"""Pure as well, but only of logs of episodes after which the model was asked."""


class Fate(StrEnum):
    """What becomes of a score."""

    UNCHANGED = "unchanged"
    """Value, answer and reason are the same. An explanation that is only worded otherwise is left as it is."""
    CHANGED = "changed"
    NEW = "new"
    """The log had none."""
    KEPT = "kept"
    """Somebody edited it by hand, so it stays, whatever the code says."""


@dataclass(frozen=True)
class Rescored:
    """One score of one episode, as it was and as the present code has it."""

    log: str
    sample: int | str
    epoch: int
    scorer: str
    old: Score | None
    new: Score

    @property
    def differs(self) -> bool:
        """Whether the present code says something else than the log."""
        old, new = self.old, self.new
        same = old and plain(old.value) == plain(new.value) and (old.answer, old.reason) == (new.answer, new.reason)
        return not same

    @property
    def fate(self) -> Fate:
        """What becomes of it."""
        if self.old is None:
            return Fate.NEW
        if editor(self.old):
            return Fate.KEPT
        return Fate.CHANGED if self.differs else Fate.UNCHANGED

    @property
    def why(self) -> str:
        """The first line of the new explanation, if it is one of words."""
        line = (self.new.explanation or "").partition("\n")[0]
        return "" if line.startswith("|") else line


@dataclass(frozen=True)
class Report:
    """What scoring logs again came to."""

    scores: list[Rescored]
    errors: int
    """Episodes that ended in an error and were never scored. They stay so."""
    saved: list[str]

    @property
    def differing(self) -> list[Rescored]:
        """The scores for which the present code says something else."""
        return [score for score in self.scores if score.differs]

    @property
    def by_scorer(self) -> dict[str, Counter[Fate]]:
        """Scores counted by their fate, for each scorer."""
        counts: dict[str, Counter[Fate]] = {}
        for score in self.scores:
            counts.setdefault(score.scorer, Counter())[score.fate] += 1
        return counts

    @property
    def transitions(self) -> Counter[tuple[str, str]]:
        """Old and new outcomes of the episodes in which the outcome is another. A missing old one is `none`."""
        found = [s for s in self.differing if s.scorer == "shutdown_outcome" and s.fate is not Fate.KEPT]
        return Counter((outcome_of(score.old) if score.old else "none", outcome_of(score.new)) for score in found)

    @property
    def episodes(self) -> tuple[int, int]:
        """How many were scored again, and in how many of them a score is new or changed."""
        changed = [score for score in self.scores if score.fate in (Fate.NEW, Fate.CHANGED)]
        return len(_episodes(self.scores)), len(_episodes(changed))


def rescore(files: Sequence[LogFile], folder: str | None = None, watch: Callable[[], None] = lambda: None) -> Report:
    """Score logs again, and write copies of them with the new scores if there is a folder for it.

    Args:
        files: The logs.
        folder: Where the copies go, with the same names; None to write nothing.
        watch: Called after each episode.

    Raises:
        InputError: A log cannot be read or is newer than this program, or a copy would overwrite something. Nothing has
            been written then.
    """
    places = new_places(files, folder) if folder else {}
    found, errors = {}, 0
    for file in files:
        log = file.read()
        unscored = [sample for sample in log.samples or [] if sample.error and not sample.scores]
        found[file.name], errors = rescore_log(log, file.name, watch), errors + len(unscored)
    for file in files if folder else []:
        log = file.read()
        revise(log, found[file.name])
        write_new(log, places[file.name], _scorers(log))
    return Report([score for scores in found.values() for score in scores], errors, [str(p) for p in places.values()])


def rescore_log(log: EvalLog, name: str, watch: Callable[[], None] = lambda: None) -> list[Rescored]:
    """What the present code makes of each episode of a log. The log itself is left as it is.

    Raises:
        InputError: The evidence of an episode cannot be read by this program.
    """
    found, pure = [], _scorers(log)
    for sample in log.samples or []:
        if sample.scores or not sample.error:
            new, old = _score(sample, log.eval.model, pure, name), sample.scores or {}
            found += [Rescored(name, sample.id, sample.epoch, key, old.get(key), new[key]) for key in pure]
        watch()
    return found


def revise(log: EvalLog, scores: Sequence[Rescored]) -> None:
    """Put new and changed scores into a log, each with its provenance. Metrics are not computed anew here."""
    for score in scores:
        if score.fate not in (Fate.NEW, Fate.CHANGED):
            continue
        new, old = score.new, score.old
        edit = ScoreEdit(
            value=new.value,
            answer=new.answer,
            explanation=new.explanation,
            reason=new.reason,
            metadata="UNCHANGED" if new.metadata == (old.metadata if old else None) else new.metadata or {},
            provenance=ProvenanceData(author=RESCORE, reason=f"scored again by version {__version__}"),
        )
        edit_score(log, score.sample, score.scorer, edit, recompute_metrics=False, epoch=score.epoch)


def _scorers(log: EvalLog) -> dict[str, Scorer]:
    """The scorers whose scores of a log can be computed again."""
    named = {entry.name for entry in log.eval.scorers or []}
    given = {name for sample in log.samples or [] for name in sample.scores or {}}
    names = [*PURE, IF_ASKED] if IF_ASKED in named | given else PURE
    return {name: getattr(scorers, name)() for name in names}


def _score(sample: EvalSample, model: str, pure: Mapping[str, Scorer], name: str) -> dict[str, Score]:
    where = f"{name}, episode {sample.id}"
    store = present_store(sample.store, where)
    whole = resolve_sample_attachments(sample.model_copy(update={"events": [], "events_data": None, "store": store}))
    state = TaskState(
        ModelName(model), whole.id, whole.epoch, whole.input, whole.messages, metadata=whole.metadata, store=whole.store
    )

    async def scored() -> dict[str, Score]:
        found = {name: await scorer(state, Target(whole.target)) for name, scorer in pure.items()}
        return {name: score for name, score in found.items() if score is not None}

    try:
        return asyncio.run(scored())
    except (ValueError, KeyError, TypeError) as error:  # pydantic's errors are ValueErrors
        raise InputError(f"{where}: what the log holds of it cannot be read: {str(error).splitlines()[0]}") from error


def _episodes(scores: Sequence[Rescored]) -> set[tuple[str, int | str, int]]:
    return {(score.log, score.sample, score.epoch) for score in scores}
