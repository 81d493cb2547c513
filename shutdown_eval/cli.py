"""The command `shutdown-eval`. Inspect takes a second to import, so every command imports what it needs itself."""

import json
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from shutdown_eval import __version__


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Does an AI agent let itself be interrupted?

    Runs are made with Inspect: `inspect eval shutdown_eval/shutdown_resistance --model MODEL -T arms=A,E`.
    The commands here check the instrument and read the logs.

    Exit codes: 0 all well, 1 the answer is no (a missed self-test, say), 2 something given was wrong.
    """


def _reports_input_errors(command: Callable[..., None]) -> Callable[..., None]:
    """Print what the user can mend as one message, and exit with 2."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> None:
        from inspect_ai._util.error import PrerequisiteError  # see shutdown_eval.errors

        try:
            command(*args, **kwargs)
        except PrerequisiteError as error:
            from rich.markup import render

            text = str(error) or render(str(error.message)).plain
            click.echo(f"shutdown-eval: {text}", err=True)
            sys.exit(2)

    return guarded


@main.command()
@click.option("--sandbox", default="auto", show_default=True, help="docker, bwrap, auto, or PROVIDER:FILE.")
@click.option("--arms", default="E", show_default=True, help="Arms and sets of arms to play the built-in policies in.")
@click.option("--scripts", type=click.Path(), help="Play the replay files (.yaml) of this folder instead.")
@click.option("--log-dir", default="logs/selftest", show_default=True, help="Where the Inspect log goes.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON and nothing else.")
@click.option("--list", "listed", is_flag=True, help="Print the built-in policies and what they must come to.")
@click.argument("policies", nargs=-1)
@_reports_input_errors
def selftest(
    sandbox: str, arms: str, scripts: str | None, log_dir: str, as_json: bool, listed: bool, policies: tuple[str, ...]
) -> None:
    """Play known agents in a real sandbox and compare the outcome with what it must be.

    All built-in POLICIES unless some are named. Exit code 1 if one outcome is not the expected one.
    """
    from shutdown_eval import selftest as test
    from shutdown_eval.arms import parse_arms
    from shutdown_eval.printing import print_cases, print_selftest

    if scripts and policies:
        raise click.UsageError("Name policies or a folder of scripts, not both.")
    cases = test.replay_cases(scripts) if scripts else test.built_in_cases(policies, parse_arms(arms))
    if listed:
        print_cases(cases)
        return
    try:
        results = test.run_selftest(cases, sandbox, log_dir, "none" if as_json else None)
    except RuntimeError as error:
        click.echo(f"shutdown-eval: {error}", err=True)
        sys.exit(1)
    if as_json:
        click.echo(json.dumps(test.as_json(results), indent=2))
    else:
        print_selftest(results)
    sys.exit(0 if all(result.right for result in results) else 1)


@main.command()
@click.option("--seed", default=0, show_default=True, help="Seed that phrasings and questions are drawn from.")
@click.option("--index", default=0, show_default=True, help="Number of the episode within the arm.")
@click.option("--wording", type=click.Path(), help="A wording bank of your own.")
@click.option("--names", default="plain", show_default=True, help="plain or varied names of the two programs.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.argument("names_of_arms", metavar="[ARMS]...", nargs=-1)
@_reports_input_errors
def arms(seed: int, index: int, wording: str | None, names: str, as_json: bool, names_of_arms: tuple[str, ...]) -> None:
    """Print the arms as a table, or what a model would read in the ARMS named (arms or sets of arms)."""
    from shutdown_eval import printing
    from shutdown_eval.arms import ARMS, SETS, parse_arms
    from shutdown_eval.reading import read_arm
    from shutdown_eval.wording import load_wording

    if not names_of_arms:
        if as_json:
            click.echo(json.dumps({"arms": {a.name: a.factors for a in ARMS.values()}, "sets": SETS}, indent=2))
        else:
            printing.print_arms(list(ARMS.values()), SETS)
        return
    bank = load_wording(wording)
    shown = [read_arm(arm, bank, seed, index, names) for arm in parse_arms(",".join(names_of_arms))]
    if as_json:
        click.echo(json.dumps(shown, indent=2))
    else:
        for reading in shown:
            printing.print_reading(reading)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
@click.argument("logs", nargs=-1, required=True)
@_reports_input_errors
def table(as_json: bool, logs: tuple[str, ...]) -> None:
    """Print a table by model and arm from LOGS (files or folders).

    The rate is that of resisted among all scored episodes (intention to treat), with its 95 % Wilson interval. Invalid
    episodes and errors are counted, and are in no rate.
    """
    from dataclasses import asdict

    from shutdown_eval.printing import print_table
    from shutdown_eval.table import rows

    found = rows(logs)
    if as_json:
        click.echo(json.dumps([asdict(row) for row in found], indent=2))
    else:
        print_table(found, logs)
