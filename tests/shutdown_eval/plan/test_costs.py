"""What a plan costs, and what the command says of it."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner
from inspect_ai.log import EvalError, read_eval_log_sample_summaries
from inspect_ai.model import ModelConfig, ModelUsage

from shutdown_eval.cli import main
from shutdown_eval.errors import InputError
from shutdown_eval.plan.costs import cap_note, estimate
from shutdown_eval.plan.forecast import commands
from shutdown_eval.plan.parts import Tokens
from shutdown_eval.plan.plan import Plan
from shutdown_eval.plan.prices import cost, load_prices
from shutdown_eval.plan.usage import Usage, measure
from tests.shutdown_eval.plan.plans import SMALL, WHOLE, whole, written
from tests.shutdown_eval.runs import edited, play

PRICES = """\
prices:
  example/*: {input: 1, output: 2}
  example/large: {input: 10, output: 40, cache_read: 1}
  scripted/judge: {input: 3, output: 6}
"""
MILLION = Tokens(input=1e6, output=1e6)


@pytest.fixture
def prices(tmp_path):
    return load_prices(written(tmp_path, PRICES, "prices.yaml"))


@pytest.mark.parametrize(
    ("model", "tokens", "usd", "why"),
    [
        ("example/small", MILLION, 3, ""),
        ("example/large", MILLION, 50, ""),
        ("example/large", Tokens(input=1e6, cache_read=2e6), 12, ""),
        (
            "example/large",
            Tokens(input=1e6, cache_write=1),
            None,
            "no price for the cache_write tokens of example/large",
        ),
        ("scripted/mixed", MILLION, 0, ""),
        ("scripted/mixed", None, 0, ""),
        ("scripted/judge", MILLION, 9, ""),
        ("openai/o9", MILLION, None, "no price for openai/o9: give one with --prices"),
        ("example/small", None, None, "tokens of example/small are unknown"),
    ],
)
def test_what_is_not_known_is_unknown_and_never_0(prices, model, tokens, usd, why):
    found = cost(model, tokens, prices)
    assert found.usd == usd and found.why.startswith(why) and bool(found.why) == bool(why)


def test_no_vendor_has_a_price_that_nobody_gave():
    assert {pattern for pattern, _ in load_prices()} == {"scripted/*", "local/*", "mockllm/*"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "prices: {a/b: 2}",
            "line 1, key prices.a/b: must be a mapping with the keys input, output, cache_read, cache_write",
        ),
        ("prices:\n  a/b: {input: 2}", "line 2, key prices.a/b.output: is missing"),
        ("prices:\n  a/b: {in: 2, output: 3}", "key prices.a/b.in: is not a key here; known are: input, output,"),
        ("prices:\n  a/b: {input: -2, output: 3}", "prices.a/b.input: Input should be greater than or equal to 0"),
        ("a/b: 0", "key a/b: is not a key here; known are: prices"),
    ],
)
def test_a_wrong_price_file_is_one_message_with_file_line_and_key(tmp_path, text, message):
    with pytest.raises(InputError) as error:
        load_prices(written(tmp_path, text, "mine.yaml"))
    assert message in str(error.value) and "mine.yaml, line " in str(error.value)


def plan(**changes):
    return Plan.model_validate(whole() | changes)


def usage(judge=None, seconds=36.0):
    return Usage(40, Tokens(input=1000, output=100), judge, Tokens(input=200, output=10) if judge else None, seconds)


def test_a_log_goes_before_what_the_plan_assumes(prices):
    budget = estimate(plan(), {"scripted/mixed": usage("scripted/judge")}, prices)
    assert [(s.model, s.judge, s.tokens.input, s.source) for s in budget.spendings] == [
        ("scripted/mixed", None, 1000, "40 episodes in logs"),
        ("scripted/mixed", "scripted/judge", 200, "40 episodes in logs"),
        ("scripted/compliant", None, 3000, "assumed in the plan"),
        ("scripted/compliant", "scripted/judge", 9000, "assumed in the plan"),
    ]
    assert budget.tokens == 300 * (1100 + 210 + 3500 + 9900)
    assert budget.usd == pytest.approx(300 * (200 * 3 + 10 * 6 + 9000 * 3 + 900 * 6) / 1e6)
    assert (budget.hours, budget.hours_parallel) == pytest.approx((300 * (36 + 20) / 3600, 300 * (36 + 20) / 36000))


def test_another_judge_than_the_plans_says_nothing_about_it(prices):
    budget = estimate(plan(assume={}), {"scripted/mixed": usage("scripted/other")}, prices)
    assert [spending.source for spending in budget.spendings[:2]] == ["40 episodes in logs", "unknown"]


def test_one_unknown_makes_the_sum_unknown(prices):
    budget = estimate(plan(assume={"max_samples": 10}), {"scripted/mixed": usage("scripted/judge")}, prices)
    assert (budget.tokens, budget.usd, budget.hours, budget.hours_parallel) == (None, None, None, None)
    assert budget.usd_known == pytest.approx(300 * (200 * 3 + 10 * 6) / 1e6)


def test_how_many_run_at_a_time_is_not_guessed(prices):
    budget = estimate(plan(assume={"seconds": 36}), {}, prices)
    assert (budget.hours, budget.hours_parallel) == (6, None)


@pytest.mark.parametrize(
    ("stop", "note"),
    [
        ({"rule": "fixed"}, None),
        ({"rule": "cap", "usd": 1000}, None),
        ({"rule": "cap", "usd": 9.72}, "after about 50 of 100 episodes in each arm"),
        ({"rule": "cap", "usd": 1000, "tokens": 804_000}, "after about 10 of 100 episodes in each arm"),
    ],
)
def test_a_cap_that_would_end_the_run_is_told(prices, stop, note):
    made = plan(stop=stop)
    found = cap_note(made, estimate(made, {}, prices))
    assert found is None if note is None else note in found


def test_models_with_arguments_are_run_by_themselves():
    models = ["a/b", "c/d", {"name": "e/f", "args": {"rate": 0.5, "text": "x y"}, "effort": "high"}]
    made = plan(models=models, families=[], expect={}, assume={"max_samples": 4})
    rest = "--max-samples 4 --model-role grader=scripted/judge -T plan=my.yaml"
    assert commands(made, "my.yaml") == [
        f"inspect eval shutdown_eval/shutdown_resistance --model a/b,c/d {rest}",
        "inspect eval shutdown_eval/shutdown_resistance --model e/f -M rate=0.5 -M 'text=x y' --reasoning-effort high "
        + rest,
    ]


def run(*arguments):
    result = CliRunner().invoke(main, ["plan", *map(str, arguments)])
    return result.exit_code, result.output


def test_the_command_says_it_all(tmp_path):
    path = written(tmp_path, WHOLE.replace("E: {all: 0.1, scripted/mixed: 0.15}", "E: 0.15").replace("0.2", "0.9"))
    code, printed = run(path, "--prices", written(tmp_path, PRICES, "prices.yaml"))
    assert code == 0
    for text in (
        "Plan everything",
        "100 in each of 3 arms and 2 models: 600",
        "E - A",
        "15 - 50",
        "No expected rate, so no power: K in scripted/mixed. Give it under `expect`.",
        "or the nearest to it that the rates can have",
        "assumed in the plan",
        "Stop: Every planned episode is run, unless 10.00 USD or 1,000,000 tokens in all are used up before",
        "The cap is yours to keep: the suite does not stop a run by itself.",
        "At these costs the cap ends the run after about 12 of 100 episodes in each arm.",
        "Hours: 0.333 with 10 episodes at a time",
        "inspect eval shutdown_eval/shutdown_resistance --model scripted/mixed --max-samples 10",
        f"-T plan={path}",
    ):
        assert text in printed, text


def test_what_is_unknown_is_printed_as_unknown(tmp_path):
    code, printed = run(written(tmp_path, SMALL | {"models": ["openai/o9"], "grader": "openai/judge"}))
    assert code == 0
    assert "Unknown cost: no price for openai/o9: give one with --prices." in printed
    assert "unknown (known: 0.00)" in printed and "Hours: unknown." in printed
    assert "The plan declares no contrast" in printed


def test_as_json_it_is_the_same(tmp_path):
    path = written(tmp_path, WHOLE)
    code, printed = run(path, "--json")
    found = json.loads(printed)
    assert code == 0 and found["hash"] == Plan.model_validate(whole()).hash and found["hash"] in run(path)[1]
    assert found["episodes"] == 600 and found["tests"][0]["family"] == "main"
    assert found["tests"][0]["needed"].keys() == {"80%", "90%"} and found["tests"][2]["power"] is None
    assert found["budget"]["usd"] == 0 and found["budget"]["spendings"][0]["tokens"]["input"] == 3000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.yaml"], "Cannot read plan nowhere.yaml: No such file"),
        (["plan.yaml", "--prices", "nowhere.yaml"], "Cannot read price file nowhere.yaml: No such file"),
        (["plan.yaml", "--from-log", "nowhere"], "There is no log or folder nowhere."),
        (["plan.yaml", "--from-log", "."], "No logs of shutdown_resistance in ."),
    ],
)
def test_bad_input_is_one_message_and_exit_code_2(arguments, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    written(tmp_path, SMALL)
    code, printed = run(*arguments)
    assert (code, printed.count("\n")) == (2, 1) and message in printed


def test_without_scipy_the_command_says_what_to_install_and_the_task_needs_none(tmp_path):
    path = written(tmp_path, SMALL)
    code = f"""
import sys
sys.modules["scipy"] = None
from shutdown_eval.plan.follow import follow
from shutdown_eval.plan.settings import defaults
assert follow(defaults() | {{"plan": {str(path)!r}}})[0]["episodes"] == 3
from shutdown_eval.cli import main
main(["plan", {str(path)!r}])
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "shutdown-eval: Power needs scipy: pip install 'shutdown-eval[report]'.\n"


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    return play(tmp_path_factory.mktemp("log"))


@pytest.mark.bwrap
def test_tokens_and_seconds_are_measured_in_logs(log, tmp_path):
    summaries = read_eval_log_sample_summaries(str(log))
    found = measure([str(log)])["scripted/mixed"]
    assert found.episodes == len(summaries) == 8 and found.judge == "scripted/judge"
    own = [summary.model_usage["scripted/mixed"] for summary in summaries]
    judged = [summary.role_usage["grader"] for summary in summaries]
    assert found.tokens.input == sum(used.input_tokens for used in own) / 8 > 0
    assert found.judge_tokens.output == sum(used.output_tokens for used in judged) / 8 > 0
    assert found.seconds == pytest.approx(sum(summary.total_time for summary in summaries) / 8)
    code, printed = run(written(tmp_path, WHOLE), "--from-log", log, "--json")
    spendings = json.loads(printed)["budget"]["spendings"]
    assert code == 0 and [spending["source"] for spending in spendings] == [
        *["8 episodes in logs"] * 2,
        *["assumed in the plan"] * 2,
    ]
    assert spendings[0]["tokens"]["input"] == found.tokens.input


@pytest.mark.bwrap
def test_the_tokens_of_a_judge_that_is_the_model_itself_are_told_apart(log, tmp_path):
    def same(log):
        log.eval.model_roles = {"grader": ModelConfig(model="scripted/mixed")}
        for sample in log.samples:
            judged = ModelUsage(input_tokens=100, output_tokens=10, total_tokens=110)
            sample.role_usage = {"grader": judged}
            sample.model_usage = {"scripted/mixed": judged + ModelUsage(input_tokens=700, input_tokens_cache_read=50)}

    found = measure([str(edited(log, tmp_path, same))])["scripted/mixed"]
    assert (found.tokens, found.judge_tokens) == (Tokens(input=700, cache_read=50), Tokens(input=100, output=10))


@pytest.mark.bwrap
def test_episodes_that_ended_in_an_error_are_left_out(log, tmp_path):
    def broken(log, count):
        for sample in log.samples[:count]:
            sample.error = EvalError(message="x", traceback="", traceback_ansi="")

    assert measure([str(edited(log, tmp_path, lambda log: broken(log, 3)))])["scripted/mixed"].episodes == 5
    with pytest.raises(InputError, match=r"No episode in .* came to its end"):
        measure([str(edited(log, tmp_path, lambda log: broken(log, 8), "all.eval"))])


@pytest.mark.bwrap
def test_two_logs_with_two_judges_tell_of_none(log, tmp_path):
    def other(log):
        log.eval.model_roles = None

    found = measure([str(log), str(edited(log, tmp_path, other))])["scripted/mixed"]
    assert (found.episodes, found.judge, found.judge_tokens) == (16, None, None)
