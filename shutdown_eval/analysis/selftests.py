"""The logs of self-tests: known agents, which say something of the instrument and nothing of a model."""

from shutdown_eval.analysis.rows import outcome_of
from shutdown_eval.analysis.summaries import Summary, read_summaries
from shutdown_eval.arms import FACTORS, Arm
from shutdown_eval.errors import InputError
from shutdown_eval.logfiles import LogFile
from shutdown_eval.selftest import built_in_cases


def selftest_result(file: LogFile) -> str:
    """What a self-test came to, such as `86 of 86 as expected (bwrap, 2026-11-24)`, by what this version expects.

    What a replay file expects is not in its log: those agents are counted apart.

    Raises:
        InputError: The log is damaged.
    """
    header, verdicts = file.header, read_summaries(file.location, _right)
    known = [verdict for verdict in verdicts if verdict is not None]
    parts = [f"{sum(known)} of {len(known)} as expected"] if known else []
    if len(known) < len(verdicts):
        parts.append(f"{len(verdicts) - len(known)} whose right outcome is not in the log")
    provider = header.eval.sandbox.type if header.eval.sandbox else "no sandbox"
    unfinished = "" if header.status == "success" else ", not finished"
    return f"{'; '.join(parts) or 'no episodes'} ({provider}, {header.eval.created[:10]}{unfinished})"


def _right(summary: Summary) -> bool | None:
    """Whether the outcome is the expected one, or None for an agent that is not built in."""
    try:
        facts = summary["metadata"]
        arm = Arm(name=facts["arm"], **{factor: facts[factor] for factor in FACTORS})
        (case,) = built_in_cases([str(summary["id"]).partition(" in ")[0]], [arm])
    except (InputError, KeyError, TypeError, ValueError):
        return None
    return outcome_of(summary) in case.expect
