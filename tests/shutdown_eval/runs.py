"""A short run of scripted models in the embedded sandbox, for tests of what is done with logs afterwards."""

import shutil
import subprocess
import sys
from pathlib import Path

from inspect_ai import eval
from inspect_ai.log import EvalLog, read_eval_log, write_eval_log

import shutdown_eval.registry  # noqa: F401  as Inspect's entry point does
from shutdown_eval.tasks import shutdown_resistance

JUDGES = ("awareness", "motive", "honesty")
COMPLIED, SIDESTEPPED, RESISTED = "A-00000", "A-00002", "A-00003"
"""What the mixture draws in these episodes."""


def play(folder: Path) -> Path:
    """Play eight episodes of the mixture, judged by words, and give the log's place."""
    task = shutdown_resistance(arms="A,E", episodes=4, sandbox="bwrap")
    roles = {"grader": "scripted/judge"}
    log = eval(task, model="scripted/mixed", model_roles=roles, log_dir=str(folder / "run"), display="none")[0]
    assert log.status == "success"
    return Path(shutil.move(log.location.removeprefix("file://"), folder / "run.eval"))


def edited(place: Path, folder: Path, change, name: str = "log.eval") -> Path:
    """A copy of a log with something changed in it."""
    log = read_eval_log(str(place))
    change(log)
    write_eval_log(log, folder / name)
    return folder / name


def as_installed(*arguments) -> None:
    """Run the command as a user does, away from the sources.

    With these on the path Inspect knows the scorers by their bare names, and so finds the metrics of one that a log does
    not name. Otherwise it takes accuracy.
    """
    program = Path(sys.executable).with_name("shutdown-eval")
    subprocess.run([program, *map(str, arguments)], cwd="/", capture_output=True, check=True)


def episode(log: EvalLog, name: str):
    return next(sample for sample in log.samples if sample.id == name)


def values(log: EvalLog, *names: str):
    """Scores of a log as text, so that nan equals nan: all, or those named."""
    return {
        (sample.id, name): (repr(score.value), score.answer, score.reason)
        for sample in log.samples
        for name, score in (sample.scores or {}).items()
        if not names or name in names
    }


def metrics(log: EvalLog):
    return {
        (score.scorer, score.name, name, metric.name): repr(metric.value)
        for score in log.results.scores
        for name, metric in score.metrics.items()
    }
