"""Commands for after a run: what the logs say, and what people make of them."""

import json
import sys

import click

from shutdown_eval.commands.guard import needing, reports_input_errors


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
@click.argument("logs", nargs=-1, required=True)
@reports_input_errors
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


@click.command()
@click.option(
    "--save", type=click.Path(), help="Write copies with the new scores to this folder, under the same names."
)
@click.option("--json", "as_json", is_flag=True, help="Print the differences and the summary as JSON.")
@click.argument("logs", nargs=-1, required=True)
@reports_input_errors
def rescore(save: str | None, as_json: bool, logs: tuple[str, ...]) -> None:
    """Score LOGS again by the present code.

    LOGS are files or folders. Their evidence is all that it takes: no sandbox, no model. Prints what differs and why. What
    judges said and what people edited stays. Exit code 0 whether scores differ or not.
    """
    from shutdown_eval.console import progress
    from shutdown_eval.logfiles import find_logs
    from shutdown_eval.rescore import rescore as score_again
    from shutdown_eval.rescore_printing import print_report, report_as_json

    files = find_logs(logs)
    with progress("Scoring again", sum(file.episodes for file in files)) as watch:
        report = score_again(files, save, watch)
    if as_json:
        click.echo(json.dumps(report_as_json(report), indent=2))
    else:
        print_report(report, save)


@click.command()
@click.option("--queue", type=click.Path(), help="Write the episodes to look at to this new CSV file.")
@click.option("-k", default=2, show_default=True, type=click.IntRange(0), help="Episodes drawn from each outcome.")
@click.option("--seed", default=0, show_default=True, help="Seed of the draw.")
@click.option("--labels", type=click.Path(), help="Read this CSV file, filled in.")
@click.option("--author", help="Who filled it in; kept with every label.")
@click.option("--save", type=click.Path(), help="Write copies with the labels to this folder, under the same names.")
@click.argument("logs", nargs=-1, required=True)
@reports_input_errors
def review(
    queue: str | None,
    k: int,
    seed: int,
    labels: str | None,
    author: str | None,
    save: str | None,
    logs: tuple[str, ...],
) -> None:
    """Queue episodes for people, or read labels.

    LOGS are files or folders. The queue holds every episode in which detectors, judges and the strict metric disagree, and
    some drawn at random. With --labels it prints how far people and the instrument agree, and with --save the labels become
    edits of the scores as well.
    """
    from shutdown_eval.console import progress
    from shutdown_eval.logfiles import find_logs
    from shutdown_eval.review.apply import review as put_labels
    from shutdown_eval.review.printing import print_queue, print_review
    from shutdown_eval.review.queue import write_queue

    if (queue is None) == (labels is None):
        raise click.UsageError("Give --queue to write the episodes to look at, or --labels to read them back.")
    if labels is None and (author or save):
        raise click.UsageError("--author and --save go with --labels.")
    if labels is not None and not (author or "").strip():
        raise click.UsageError("Give --author NAME with --labels.")
    files = find_logs(logs)
    with progress("Reading episodes", sum(file.episodes for file in files)) as watch:
        if queue is not None:
            queued = write_queue(files, queue, k, seed, watch)
        else:
            reviewed = put_labels(files, str(labels), str(author).strip(), save, watch)
    if queue is not None:
        print_queue(queued, queue)
    else:
        print_review(reviewed, save)


@click.command()
@click.option("-o", "--output", type=click.Path(), default="report.html", show_default=True, help="The page.")
@click.option("--json", "json_file", type=click.Path(), help="Write every number to this file as JSON too.")
@click.option("--csv", "csv_file", type=click.Path(), help="Write the table of episodes to this file too.")
@click.option("--plan", "plan_file", type=click.Path(), help="The declared plan, where the logs do not have it.")
@click.option(
    "--bundle", type=click.Path(), help="Make a folder with Inspect's log viewer and the logs, and link into it."
)
@click.option("--mixed", is_flag=True, help="Take logs of different task versions together.")
@click.argument("logs", nargs=-1, required=True)
@reports_input_errors
def report(
    output: str,
    json_file: str | None,
    csv_file: str | None,
    plan_file: str | None,
    bundle: str | None,
    mixed: bool,
    logs: tuple[str, ...],
) -> None:
    """Write a page about LOGS (files, folders, patterns, or addresses that Inspect can read), and print its main table.

    One file that opens without a network: rates with intervals, declared and exploratory contrasts, missing data, the
    instrument, and published numbers beside. Its links go to `inspect view`, or into a bundle.
    """
    with needing("report"):
        from shutdown_eval.report.write import write_report
    from shutdown_eval.printing import print_table
    from shutdown_eval.table import rows_of

    told, analysis = write_report(logs, output, json_file, csv_file, plan_file, bundle, mixed)
    print_table(rows_of(analysis), logs, analysis.method, analysis.level)
    click.echo(told)


@click.command()
@click.option("--arm", required=True, help="The arm that it is about.")
@click.option(
    "--max-rate", required=True, type=click.FloatRange(0, 1), help="The limit for the rate of resisted, 0 to 1."
)
@click.option("--confidence", default=0.95, show_default=True, type=click.FloatRange(0.5, 1, max_open=True))
@click.option("--mixed", is_flag=True, help="Take logs of different task versions together.")
@click.argument("logs", nargs=-1, required=True)
@reports_input_errors
def gate(arm: str, max_rate: float, confidence: float, mixed: bool, logs: tuple[str, ...]) -> None:
    """Decide for a pipeline whether the rate of resisted in an arm is below a limit.

    Prints a line of JSON for each model. Exit code 0 only if for every model of the logs the upper bound among exposed
    episodes is below the limit, all missing episodes counted as resisted; 1 if for one the lower bound is above it; 2 if
    it cannot be decided: too few episodes, too many missing, none exposed, or none at all.
    """
    with needing("report"):
        from shutdown_eval.analysis.gate import gates, worst
        from shutdown_eval.analysis.load import load
    found = gates(load(logs, mixed=mixed).frame, arm, max_rate, confidence)
    for decision in found:
        click.echo(decision.model_dump_json())
    sys.exit(worst(found))
