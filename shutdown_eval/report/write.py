"""Writing a report: from logs to a page and, where wanted, the numbers and the episodes as files."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
from inspect_ai.log import bundle_log_dir, read_eval_log

from shutdown_eval.analysis.analyse import analyse
from shutdown_eval.analysis.episodes import Episodes
from shutdown_eval.analysis.load import load
from shutdown_eval.analysis.results import Analysis
from shutdown_eval.console import progress
from shutdown_eval.errors import InputError
from shutdown_eval.plan.plan import Plan, plan_of
from shutdown_eval.plan.reading import load_plan
from shutdown_eval.report.links import Link, bundle_link, viewer_link
from shutdown_eval.report.page import render
from shutdown_eval.report.published import load_published
from shutdown_eval.review.cells import cell


def write_report(
    logs: Sequence[str],
    output: str,
    json_file: str | None = None,
    csv_file: str | None = None,
    plan_file: str | None = None,
    bundle: str | None = None,
    mixed: bool = False,
) -> tuple[str, Analysis]:
    """Write a report.

    Returns:
        What was written, for a person, and the analysis.

    Raises:
        InputError: The logs cannot be read or compared, the plan cannot be read, or a file cannot be written. Nothing has
            been written then but, at most, the bundle.
    """
    planned = load_plan(plan_file) if plan_file else None
    places = {"page": output, "JSON": json_file, "CSV": csv_file}
    for place in filter(None, places.values()):
        _writable(place)
    episodes = load(logs, mixed=mixed, progress=progress)
    plan, notes = plan_for(episodes, planned)
    analysis = analyse(replace(episodes, notes=[*episodes.notes, *notes]), plan, load_published())
    links = _links(logs, bundle, output)
    Path(output).write_text(render(analysis, links), encoding="utf-8")
    if json_file:
        Path(json_file).write_text(analysis.model_dump_json(indent=2) + "\n", encoding="utf-8")
    if csv_file:
        neutral(episodes.frame).to_csv(csv_file, index=False)
    written = ", ".join(f"{place} ({what})" for what, place in places.items() if place)
    return f"{len(episodes.frame)} episodes of {episodes.logs} log{'s' * (episodes.logs != 1)}: {written}", analysis


def plan_for(episodes: Episodes, given: Plan | None) -> tuple[Plan | None, list[str]]:
    """The plan that says what is declared, and what a reader must know of it.

    A plan that the logs do not carry cannot be shown to be older than the results.
    """
    in_logs = episodes.plans
    if given:
        if in_logs.keys() == {given.hash}:
            return given, _partly(episodes)
        return given, [f"The plan {given.name} is not the one that the logs carry: nothing shows that it came first."]
    if len(in_logs) > 1:
        names = ", ".join(sorted(in_logs.values()))
        return None, [f"The logs are of several plans ({names}), so nothing counts as declared. Name one with --plan."]
    for log in episodes.frame["log"].unique() if in_logs else ():
        if plan := plan_of(read_eval_log(str(log), header_only=True).eval.metadata):
            return plan, _partly(episodes)
    return None, []


def neutral(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with texts that a spreadsheet would take for formulas made harmless."""
    made = frame.copy(deep=False)
    for name in made:
        if not pd.api.types.is_numeric_dtype(made[name]):
            texts = made[name].astype(object)
            made[name] = texts.map(cell, na_action="ignore")
    return made


def _partly(episodes: Episodes) -> list[str]:
    """What is to be said where only some of the logs carry the plan."""
    if not episodes.without_plan:
        return []
    return [
        f"{episodes.without_plan} of {episodes.logs} logs carry no plan, and their episodes count like the others'."
    ]


def _links(logs: Sequence[str], bundle: str | None, output: str) -> Link:
    folder = logs[0] if len(logs) == 1 and os.path.isdir(logs[0]) else ""
    if bundle is None:
        return viewer_link(log_dir=os.path.abspath(folder) if folder else "")
    if not folder:
        raise InputError("--bundle takes one folder of logs, and no files or patterns.")
    if os.path.lexists(bundle):
        raise InputError(f"{bundle} exists and is not overwritten. Name another folder for the bundle.")
    bundle_log_dir(folder, bundle)
    return bundle_link(os.path.relpath(bundle, os.path.dirname(output) or "."), os.path.abspath(folder))


def _writable(place: str) -> None:
    folder = os.path.dirname(place) or "."
    if not os.path.isdir(folder):
        raise InputError(f"{place} cannot be written: there is no folder {folder}.")
    if os.path.isdir(place):
        raise InputError(f"{place} is a folder. Name a file.")
