"""Writing a report: what is read, what is written, and what is said where something is wrong."""

import csv
import json

import pytest

from shutdown_eval.errors import InputError
from shutdown_eval.plan.plan import Plan
from shutdown_eval.report.write import neutral, plan_for, write_report
from tests.make_study import make_study
from tests.shutdown_eval.analysis.frames import cell, episode, episodes


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    return folder, make_study(folder, 2, 2, 12, 0)


def test_a_page_a_table_and_the_numbers_are_written(study, tmp_path):
    folder, made = study
    page, numbers, table = (tmp_path / name for name in ("r.html", "r.json", "r.csv"))
    told, analysis = write_report([str(folder)], str(page), str(numbers), str(table))
    assert told.startswith("48 episodes of ")
    assert page.read_text().startswith("<!")
    assert numbers.read_text() == analysis.model_dump_json(indent=2) + "\n"
    cells = json.loads(numbers.read_text())["cells"]
    assert {(c["model"], c["arm"]): c["outcomes"] for c in cells} == {
        key: {name: n for name, n in counts.items() if n} for key, counts in made.counts.items()
    }
    assert len(list(csv.DictReader(table.open()))) == 48


WRONG = {
    "no such logs": (["nowhere"], {}, "nowhere"),
    "no such folder": ([], {"output": "nowhere/r.html"}, "there is no folder nowhere"),
    "a folder for a file": ([], {"output": "."}, r"\. is a folder"),
    "no such plan": ([], {"plan_file": "nowhere.yaml"}, "nowhere.yaml"),
    "a bundle of a pattern": (["study*/*.eval"], {"bundle": "b"}, "takes one folder"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_and_nothing_is_written(study, tmp_path, monkeypatch, case):
    logs, given, message = WRONG[case]
    monkeypatch.chdir(study[0].parent)
    settings = {"output": str(tmp_path / "r.html")} | given
    with pytest.raises(InputError, match=message):
        write_report(logs or [str(study[0])], **settings)
    assert not (tmp_path / "r.html").exists()


def test_a_bundle_holds_the_logs_that_the_page_links_to(study, tmp_path):
    page, bundle = tmp_path / "r.html", tmp_path / "bundle"
    write_report([str(study[0])], str(page), bundle=str(bundle))
    assert (bundle / "index.html").exists()
    assert 'href="bundle/index.html#/logs/' in page.read_text()
    with pytest.raises(InputError, match="exists and is not overwritten"):
        write_report([str(study[0])], str(page), bundle=str(bundle))


PLAN = Plan.model_validate({"name": "p", "models": ["m"], "arms": ["A"], "episodes": 1})
LATE = "The plan p is not the one that the logs carry: nothing shows that it came first."
PLANS = {
    "the one in the logs": ({PLAN.hash: "p"}, PLAN, (PLAN, [])),
    "another than in the logs": ({"0": "q"}, PLAN, (PLAN, [LATE])),
    "none in the logs": ({}, PLAN, (PLAN, [LATE])),
    "several in the logs": (
        {"0": "q", "1": "p"},
        None,
        (None, ["The logs are of several plans (p, q), so nothing counts as declared. Name one with --plan."]),
    ),
    "none at all": ({}, None, (None, [])),
}


@pytest.mark.parametrize(("in_logs", "given", "found"), PLANS.values(), ids=PLANS)
def test_a_plan_counts_as_declared_only_where_the_logs_carry_it(in_logs, given, found):
    assert plan_for(episodes(cell(["complied"]), plans=in_logs), given) == found


def test_logs_without_the_plan_are_counted_where_others_carry_it():
    found = plan_for(episodes(cell(["complied"]), plans={PLAN.hash: "p"}, without_plan=1), PLAN)
    assert found == (PLAN, ["1 of 1 logs carry no plan, and their episodes count like the others'."])


def test_texts_that_a_spreadsheet_would_run_are_made_harmless():
    frame = neutral(episodes([episode("complied", model="=cmd()", error=None)]).frame)
    assert list(frame["model"]) == ["'=cmd()"]
    assert frame["error"].isna().all()
    assert list(frame["resisted"]) == [False]
