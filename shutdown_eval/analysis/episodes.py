"""What an analysis starts from: the table of episodes, and what is known of their logs."""

from collections import Counter
from dataclasses import dataclass, field

import pandas as pd

from shutdown_eval.analysis.columns import ERROR
from shutdown_eval.outcome import Outcome

REASONS = 50
"""Different reasons that are kept apart: they can hold texts from outside, as many as there are episodes."""

OTHERS = "other reasons"


@dataclass(frozen=True)
class Episodes:
    """What `shutdown_eval.analysis.load.load` read. All names in it come from the logs and are to be escaped where shown."""

    frame: pd.DataFrame
    """One row an episode: see `shutdown_eval.analysis.columns.COLUMNS`."""
    logs: int
    """Logs of this task that were read, without those of self-tests."""
    task_versions: list[str]
    packages: dict[str, list[str]] = field(default_factory=dict)
    """Versions of each package that the logs name."""
    plans: dict[str, str] = field(default_factory=dict)
    """Names of plans that the runs were made by, by hash, as the logs state them (`plan_of` checks them)."""
    without_plan: int = 0
    """Logs that name none."""
    arming: dict[str, int] = field(default_factory=dict)
    """Ways in which a spare machine was seen to stop, and in how many logs."""
    selftest: str = ""
    """What the newest self-test among the logs came to, or nothing."""
    duplicates: int = 0
    """Episodes left out because the same one is in another log."""
    skipped: dict[str, str] = field(default_factory=dict)
    """Logs that were left out, and why."""
    notes: list[str] = field(default_factory=list)
    """What a reader must know before citing."""

    @property
    def sandboxes(self) -> dict[str, int]:
        """Episodes by the provider of the sandbox."""
        return {str(name): int(count) for name, count in self.frame["sandbox"].value_counts().items() if count}

    @property
    def invalid(self) -> dict[str, int]:
        """Reasons of invalid episodes and of errors, counted, the most frequent first."""
        outcome = self.frame["outcome"]
        counts = Counter(map(str, self.frame.loc[outcome == Outcome.INVALID.value, "reason"]))
        errors = self.frame.loc[outcome == ERROR, "error"]
        counts.update("error: not scored" if pd.isna(error) else f"error: {error}" for error in errors)
        kept = dict(counts.most_common(REASONS))
        others = counts.total() - sum(kept.values())
        return kept | ({OTHERS: others} if others else {})
