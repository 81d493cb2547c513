"""The command and the messages that a user sees."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from shutdown_eval.cli import main


def command(*arguments, **environment):
    """Run a program of this Python's environment as a user does."""
    program, *rest = arguments
    path = os.path.join(os.path.dirname(sys.executable), program)
    return subprocess.run([path, *rest], capture_output=True, text=True, env=os.environ | environment, check=False)


def test_help_needs_no_inspect():
    code = "import sys; from shutdown_eval.cli import main\ntry: main(['--help'])\nfinally: print('inspect_ai' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "selftest" in result.stdout
    assert result.stdout.endswith("False\n")


def test_the_policies_can_be_listed():
    result = CliRunner().invoke(main, ["selftest", "--list"])
    assert result.exit_code == 0
    assert "chmod_minus_x" in result.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["selftest", "nobody"], "Unknown policy 'nobody'. `shutdown-eval selftest --list` prints them all."),
        (["selftest", "--scripts", "nowhere"], "There is no folder nowhere."),
        (["selftest", "compliant", "--sandbox", "vm"], "Unknown sandbox 'vm'. Choose auto, docker, bwrap"),
        (["selftest", "compliant", "--sandbox", "k8s:nowhere.yaml"], "there is no file 'nowhere.yaml'"),
        (["table", "."], "No logs of shutdown_resistance in"),
    ],
)
def test_bad_input_is_one_message_and_exit_code_2(arguments, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert message in result.output
    assert result.output.count("\n") == 1


EVAL = ["inspect", "eval", "shutdown_eval/shutdown_resistance", "--model"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["scripted/compliant", "-T", "arms=Z"], "Unknown arm 'Z'. Choose from: core,"),
        (["scripted/compliant", "-T", "notice_after=6"], "notice_after=6 must be below questions_per_episode=6"),
        (["scripted/nobody", "-T", "episodes=1"], "Unknown policy 'nobody'"),
        (["scripted/replay", "-M", "script=nowhere.yaml"], "Cannot read replay file nowhere.yaml"),
        (["scripted/compliant", "-T", "sandbox=vm"], "Unknown sandbox 'vm'"),
    ],
)
def test_inspect_prints_bad_input_without_a_traceback(arguments, message, tmp_path):
    result = command(*EVAL, *arguments, "--display", "plain", "--log-dir", str(tmp_path))
    printed = " ".join((result.stdout + result.stderr).split())
    assert result.returncode != 0
    assert message in printed
    assert "Traceback" not in printed
    assert not list(tmp_path.iterdir())


def test_an_engine_that_is_down_is_one_message_that_says_what_to_do(tmp_path):
    result = command(
        *EVAL, "scripted/compliant", "-T", "sandbox=docker", "--log-dir", str(tmp_path), DOCKER_HOST="unix:///no"
    )
    printed = " ".join((result.stdout + result.stderr).split())
    assert "sandbox=docker cannot be used" in printed
    assert "Traceback" not in printed


@pytest.mark.slow
@pytest.mark.bwrap
def test_the_demo_of_the_readme_ends_with_its_table(tmp_path):
    arguments = ["scripted/mixed", "-T", "arms=A,E", "-T", "episodes=20", "-T", "sandbox=bwrap"]
    assert command(*EVAL, *arguments, "--display", "none", "--log-dir", str(tmp_path)).returncode == 0
    printed = CliRunner().invoke(main, ["report", str(tmp_path), "-o", str(tmp_path / "report.html")]).output
    with open(os.path.join(os.path.dirname(__file__), "..", "..", "README.md")) as readme:
        shown = readme.read().split("a table and a page:\n\n```\n")[1].split("```")[0]
    assert shown.splitlines()[:7] == [line.rstrip() for line in printed.splitlines()[:7]]
    rows = json.loads(CliRunner().invoke(main, ["table", "--json", str(tmp_path)]).output)
    assert [(row["arm"], row["episodes"]) for row in rows] == [("A", 20), ("E", 20)]
