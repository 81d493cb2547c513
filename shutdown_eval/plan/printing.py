"""A plan and what it comes to, for people. Text from the plan is printed as plain text, never as markup."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from shutdown_eval.console import wide_console
from shutdown_eval.plan.contrasts import Powered
from shutdown_eval.plan.costs import UNKNOWN, Budget, Spending
from shutdown_eval.plan.forecast import Forecast, episodes
from shutdown_eval.plan.plan import Plan

TESTS = {
    "mcnemar_exact": "McNemar",
    "boschloo": "Boschloo",
    "tango": "Tango",
    "miettinen_nurminen": "Miettinen-Nurminen",
}

CAPTION = (
    "alpha: the strictest that Holm's correction can come to, that of the plan divided by the family's tests of a kind. "
    "n: episodes in each arm. -: no number up to 100,000."
)


def print_forecast(forecast: Forecast) -> None:
    """Print the design, the power of each declared test, the budget, the hash, and how to run it."""
    console, plan = wide_console(), forecast.plan
    _print(console, (), [], _design(plan), title=f"Plan {plan.name}")
    if forecast.tests:
        _print_tests(console, forecast.tests, plan)
    _print_budget(console, forecast.budget)
    for line in (f"Stop: {plan.stop.words}", *forecast.notes):
        console.print(Text(line), soft_wrap=True)
    console.print(Text(f"\nPlan hash (SHA-256, in every log of it): {plan.hash}"), soft_wrap=True)
    console.print(Text("Run it:"))
    for command in forecast.commands:
        console.print(Text(f"  {command}"), soft_wrap=True)


def _design(plan: Plan) -> Iterable[Sequence[str]]:
    yield "models", ", ".join(_told(model.name, model.effort) for model in plan.models)
    if plan.grader:
        yield "grader", _told(plan.grader.name, plan.grader.effort)
    yield "arms", ", ".join(plan.arm_names)
    count = f"{plan.episodes} in each of {len(plan.arms)} arms and {len(plan.models)} models"
    yield "episodes", f"{count}: {episodes(plan):,}"
    yield "seed", str(plan.seed)
    position = f"notice {plan.notice_position} question {plan.notice_after}"
    yield "questions", f"{plan.questions}, {plan.questions_per_episode} an episode, {position}"
    texts = "the phrasings drawn" if plan.phrasing == "drawn" else "the first phrasing of everything"
    yield "texts", f"{plan.wording or 'the bank of this package'}, {texts}, {plan.names} names"
    yield "probes", ", ".join(plan.probes) or "none"
    margin = f", margin {100 * plan.margin:g} % points" if plan.margin else ""
    yield "analysis", f"alpha {plan.alpha:g}, {100 * plan.level:g} % intervals ({plan.interval}){margin}"


def _print_tests(console: Console, tests: Sequence[Powered], plan: Plan) -> None:
    words = ("family", "model", "claim", "test", "expected %")
    numbers = ["n", "alpha", "power %", *(f"n for {target.replace('%', ' %')}" for target in tests[0].needed)]
    _print(console, words, numbers, [_test(test, plan) for test in tests], title="Power of the declared tests")
    console.print(Text(CAPTION), soft_wrap=True)
    asked, paired = plan.assume.correlation, [test for test in tests if test.correlation is not None]
    if paired:
        nearer = any(test.correlation != asked for test in paired)
        aside = ", or the nearest to it that the rates can have" if nearer else ""
        console.print(Text(f"Outcomes of a pair are taken to correlate by {asked:g}{aside}."), soft_wrap=True)
    if missing := list(dict.fromkeys(_unexpected(test) for test in tests if test.power is None)):
        console.print(
            Text(f"No expected rate, so no power: {', '.join(missing)}. Give it under `expect`."), soft_wrap=True
        )


def _test(test: Powered, plan: Plan) -> Sequence[str]:
    claim = f"{test.other_arm} - {test.arm}"
    if test.claim == "equivalence":
        claim += f" within ±{100 * (plan.margin or 0):g}"
    expected = " - ".join(UNKNOWN if rate is None else f"{100 * rate:g}" for rate in (test.other_rate, test.rate))
    power = UNKNOWN if test.power is None else f"{100 * test.power:.1f}"
    needed = [UNKNOWN if test.power is None else "-" if n is None else f"{n:,}" for n in test.needed.values()]
    return (
        *(test.family, test.model, claim, TESTS[test.test], expected),
        *(str(test.n), f"{test.alpha:.4g}", power, *needed),
    )


def _unexpected(test: Powered) -> str:
    arms = [arm for arm, rate in ((test.arm, test.rate), (test.other_arm, test.other_rate)) if rate is None]
    return f"{' and '.join(arms)} in {test.model}"


def _print_budget(console: Console, budget: Budget) -> None:
    numbers = ["episodes", "tokens read", "cached", "written", "tokens in all", "USD"]
    rows = [_spending(spending) for spending in budget.spendings]
    total = _money(budget.usd) if budget.usd is not None else f"unknown (known: {_money(budget.usd_known)})"
    rows.append(("in all", "", "", "", "", "", _count(budget.tokens), total))
    _print(console, ("of", "tokens of an episode"), numbers, rows, title="Costs")
    for why in dict.fromkeys(spending.cost.why for spending in budget.spendings if spending.cost.why):
        console.print(Text(f"Unknown cost: {why}."), soft_wrap=True)
    seconds = [
        f"{duration.model} {duration.seconds:.3g} s ({duration.source})"
        if duration.seconds
        else f"{duration.model} unknown"
        for duration in budget.durations
    ]
    console.print(Text(f"Time of an episode: {', '.join(seconds)}."), soft_wrap=True)
    console.print(Text(_hours(budget)), soft_wrap=True)


def _hours(budget: Budget) -> str:
    if budget.hours is None:
        return "Hours: unknown. Give a log with --from-log, or assume seconds in the plan."
    if budget.hours_parallel is None:
        divide = "divide by how many run at a time (max_samples under `assume`)"
        return f"Hours: {budget.hours:,.3g}, one episode after another; {divide}."
    return f"Hours: {budget.hours_parallel:,.3g} with {budget.max_samples} episodes at a time, one model after another."


def _spending(spending: Spending) -> Sequence[str]:
    of = spending.model if spending.judge is None else f"{spending.judge}, judging {spending.model}"
    tokens, price = spending.tokens, spending.cost.usd
    each = [None] * 3 if tokens is None else [tokens.input, tokens.cache_read + tokens.cache_write, tokens.output]
    counts = [_count(spending.total), UNKNOWN if price is None else _money(price)]
    return (of, spending.source, f"{spending.episodes:,}", *map(_count, each), *counts)


def _count(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:,.0f}"


def _money(usd: float) -> str:
    return f"{usd:,.2f}"


def _told(name: str, effort: str | None) -> str:
    return f"{name} (effort {effort})" if effort else name


def _print(
    console: Console, words: Sequence[str], numbers: Sequence[str], rows: Iterable[Sequence[str]], title: str
) -> None:
    """A table whose columns of words stand to the left, and those of numbers to the right."""
    table = Table(title=Text(title), title_justify="left", show_header=bool(words))
    for name in words:
        table.add_column(name, overflow="fold")
    for name in numbers:
        table.add_column(name, justify="right")
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)
