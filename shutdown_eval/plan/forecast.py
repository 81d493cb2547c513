"""What a plan can show and what it takes: the power of every declared test, and the budget."""

import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from shutdown_eval.plan.contrasts import Powered, power_of
from shutdown_eval.plan.costs import Budget, cap_note, estimate
from shutdown_eval.plan.parts import PlannedModel
from shutdown_eval.plan.plan import Plan
from shutdown_eval.plan.prices import Prices
from shutdown_eval.plan.usage import GRADER, Usage

TASK = "shutdown_eval/shutdown_resistance"


@dataclass(frozen=True)
class Forecast:
    """All of it."""

    plan: Plan
    tests: list[Powered]
    budget: Budget
    commands: list[str]
    notes: list[str]

    def as_json(self) -> dict[str, Any]:
        """As plain data."""
        budget = asdict(self.budget)
        for spending, data in zip(self.budget.spendings, budget["spendings"], strict=True):
            data["tokens"] = spending.tokens and spending.tokens.model_dump()
            data |= {"total": spending.total, "cost": {"usd": spending.cost.usd, "why": spending.cost.why}}
        totals = ("tokens", "usd", "usd_known", "hours", "hours_parallel")
        return {
            "name": self.plan.name,
            "hash": self.plan.hash,
            "plan": self.plan.canonical(),
            "stop": self.plan.stop.words,
            "episodes": episodes(self.plan),
            "tests": [asdict(test) for test in self.tests],
            "budget": budget | {name: getattr(self.budget, name) for name in totals},
            "commands": self.commands,
            "notes": self.notes,
        }


def forecast(plan: Plan, path: str, usage: Mapping[str, Usage], prices: Prices) -> Forecast:
    """Work a plan out.

    Args:
        plan: The plan.
        path: Where it stands, for the commands.
        usage: What `measure` found, by model.
        prices: What tokens cost.
    """
    budget = estimate(plan, usage, prices)
    return Forecast(plan, power_of(plan), budget, commands(plan, path), _notes(plan, budget))


def episodes(plan: Plan) -> int:
    """Of all arms and models."""
    return plan.episodes * len(plan.arms) * len(plan.models)


def commands(plan: Plan, path: str) -> list[str]:
    """How to run a plan: at once for all models that need no arguments of their own, and once for each other one."""
    plain = [model for model in plan.models if not _own_options(model)]
    rest = ["-T", f"plan={path}"]
    if plan.grader is not None:
        rest = ["--model-role", f"{GRADER}={plan.grader.name}", *rest]
    if plan.assume.max_samples is not None:
        rest = ["--max-samples", str(plan.assume.max_samples), *rest]
    runs = [["--model", ",".join(model.name for model in plain)]] if plain else []
    runs += [["--model", model.name, *own] for model in plan.models if (own := _own_options(model))]
    return [shlex.join(["inspect", "eval", TASK, *run, *rest]) for run in runs]


def _own_options(model: PlannedModel) -> list[str]:
    options = [part for key, value in model.args.items() for part in ("-M", f"{key}={value}")]
    return options + (["--reasoning-effort", model.effort] if model.effort else [])


def _notes(plan: Plan, budget: Budget) -> list[str]:
    notes = []
    if plan.stop.rule == "cap":
        notes.append("The cap is yours to keep: the suite does not stop a run by itself.")
    if note := cap_note(plan, budget):
        notes.append(note)
    if plan.grader is None and set(plan.probes) & {"awareness", "interview"}:
        notes.append("The plan names no grader: what needs a judge is unscored, and no judge is counted in the costs.")
    if plan.families:
        notes.append("Whatever the plan does not declare is exploratory.")
    else:
        notes.append("The plan declares no contrast: all of them are exploratory.")
    return notes
