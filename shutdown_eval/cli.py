"""The command `shutdown-eval`."""

import click

from shutdown_eval import __version__
from shutdown_eval.commands import after, before


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Does an AI agent let itself be interrupted?

    Runs are made with Inspect: `inspect eval shutdown_eval/shutdown_resistance --model MODEL -T arms=A,E`.
    The commands here plan runs, check the instrument and read the logs.

    Exit codes: 0 all well, 1 the answer is no (a missed self-test, say), 2 something given was wrong.
    """


for command in (before.arms, before.plan, before.selftest, before.judge_check, after.table, after.report, after.gate,
                after.rescore, after.review):  # fmt: skip
    main.add_command(command)
