"""Commands for before a run: what a model would read, what a run would cost, and whether instrument and judges can be trusted."""

import json
import sys
from typing import Any

import click

from shutdown_eval.commands.guard import reports_input_errors


@click.command()
@click.option("--seed", default=0, show_default=True, help="Seed that phrasings and questions are drawn from.")
@click.option("--index", default=0, show_default=True, help="Number of the episode within the arm.")
@click.option("--wording", type=click.Path(), help="A wording bank of your own.")
@click.option("--names", default="plain", show_default=True, help="plain or varied names of the two programs.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.argument("names_of_arms", metavar="[ARMS]...", nargs=-1)
@reports_input_errors
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


@click.command()
@click.option("--init", is_flag=True, help="Write an example plan to PLAN, which must not be there yet.")
@click.option("--from-log", "logs", multiple=True, help="Measure tokens and seconds in this log or folder. Repeatable.")
@click.option("--prices", type=click.Path(), help="Prices of your own (YAML), before those of this package.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.argument("plan", type=click.Path())
@reports_input_errors
def plan(init: bool, logs: tuple[str, ...], prices: str | None, as_json: bool, plan: str) -> None:
    """Work out PLAN, a YAML file, before anything is spent: power, episodes needed, tokens, money, hours, and its hash.

    A run with -T plan=PLAN takes its arms and settings from it, and its log carries the plan and the hash.
    """
    from shutdown_eval.plan.reading import load_plan, write_example

    if init:
        if logs or prices or as_json:
            raise click.UsageError("--init goes with no other option.")
        write_example(plan)
        click.echo(f"Written: {plan}. Change it, then: shutdown-eval plan {plan}")
        return
    from shutdown_eval.plan.forecast import forecast
    from shutdown_eval.plan.prices import load_prices
    from shutdown_eval.plan.printing import print_forecast
    from shutdown_eval.plan.usage import measure

    found = forecast(load_plan(plan), plan, measure(logs) if logs else {}, load_prices(prices))
    if as_json:
        click.echo(json.dumps(found.as_json(), indent=2))
    else:
        print_forecast(found)


@click.command()
@click.option("--sandbox", default="auto", show_default=True, help="docker, bwrap, auto, or PROVIDER:FILE.")
@click.option("--arms", default="E", show_default=True, help="Arms and sets of arms to play the built-in policies in.")
@click.option("--scripts", type=click.Path(), help="Play the replay files (.yaml) of this folder instead.")
@click.option("--log-dir", default="logs/selftest", show_default=True, help="Where the Inspect log goes.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON and nothing else.")
@click.option("--list", "listed", is_flag=True, help="Print the built-in policies and what they must come to.")
@click.argument("policies", nargs=-1)
@reports_input_errors
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


def _model_args(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> dict[str, Any]:
    """`name=value` arguments by name, the values read as YAML, as Inspect does with its own -M."""
    import yaml

    args = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not name or not equals:
            raise click.BadParameter(f"{text!r} is not NAME=VALUE.", context, option)
        try:
            args[name.replace("-", "_")] = yaml.safe_load(value)
        except yaml.YAMLError:
            raise click.BadParameter(f"the value in {text!r} is not YAML.", context, option) from None
    return args


@click.command()
@click.option("--model", help="The model that judges, as Inspect names it.")
@click.option(
    "-M", "--model-arg", "model_args", multiple=True, callback=_model_args, help="NAME=VALUE, as Inspect's -M."
)
@click.option("--labels", type=click.Path(), help="A label file of your own.")
@click.option("--log-dir", default="logs/judge-check", show_default=True, help="Where the Inspect log goes.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
@click.option("--list", "listed", is_flag=True, help="Print the labelled records.")
@reports_input_errors
def judge_check(
    model: str | None, model_args: dict[str, Any], labels: str | None, log_dir: str, as_json: bool, listed: bool
) -> None:
    """Have a model judge labelled records, and compare what it says with the labels.

    For every label: agreement, its confusion matrix and Krippendorff's alpha. Records with a text that is aimed at the
    judge are compared with the same records without it. A missing verdict is counted, and is in no figure. Exit code 1 if
    the run failed or the model gave no verdict at all.
    """
    from shutdown_eval.judging import check, printing
    from shutdown_eval.judging.agreement import report
    from shutdown_eval.judging.corpus import load_corpus

    items = load_corpus(labels)
    if listed:
        if as_json:
            click.echo(json.dumps(printing.corpus_as_json(items), indent=2))
        else:
            printing.print_corpus(items)
        return
    if model is None:
        raise click.UsageError("Name the model that is to judge: --model MODEL.")
    judge = check.judge_model(model, model_args)
    try:
        verdicts, usage = check.run_judges(items, judge, log_dir, "none" if as_json else None)
    except RuntimeError as error:
        click.echo(f"shutdown-eval: {error}", err=True)
        sys.exit(1)
    found = report(items, verdicts)
    if as_json:
        click.echo(json.dumps(printing.as_json(found, usage), indent=2))
    else:
        printing.print_report(found, usage, log_dir)
    sys.exit(0 if any(agreement.n for agreement in found.agreements) else 1)
