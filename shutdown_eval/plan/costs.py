"""What a plan costs: tokens, money and hours. What is not known stays so, and is never counted as nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from shutdown_eval.plan.parts import Tokens
from shutdown_eval.plan.plan import Plan
from shutdown_eval.plan.prices import KINDS, Cost, Prices, cost
from shutdown_eval.plan.usage import Usage

UNKNOWN = "unknown"
ASSUMED = "assumed in the plan"


@dataclass(frozen=True)
class Spending:
    """What one model under test takes, or the judge of its episodes."""

    model: str
    """Under test."""
    judge: str | None
    """The judge that this is about, or None where it is about the model itself."""
    episodes: int
    tokens: Tokens | None
    """In the mean of an episode."""
    source: str
    """Where they are from."""
    cost: Cost
    """Of all episodes."""

    @property
    def total(self) -> float | None:
        """Tokens of every kind in all episodes."""
        return None if self.tokens is None else self.episodes * sum(getattr(self.tokens, kind) for kind in KINDS)


@dataclass(frozen=True)
class Duration:
    """How long a model's episodes take."""

    model: str
    seconds: float | None
    """In the mean of an episode."""
    source: str
    hours: float | None
    """Of all of them, one after another."""


@dataclass(frozen=True)
class Budget:
    """All of it."""

    spendings: list[Spending]
    durations: list[Duration]
    max_samples: int | None

    @property
    def tokens(self) -> float | None:
        """In all, or None if some are unknown."""
        return _sum([spending.total for spending in self.spendings])

    @property
    def usd(self) -> float | None:
        """In all, or None if something is unknown."""
        return _sum([spending.cost.usd for spending in self.spendings])

    @property
    def usd_known(self) -> float:
        """The part that is known."""
        return sum(spending.cost.usd or 0.0 for spending in self.spendings)

    @property
    def hours(self) -> float | None:
        """One episode after another."""
        return _sum([duration.hours for duration in self.durations])

    @property
    def hours_parallel(self) -> float | None:
        """With `max_samples` at a time, one model after another. None also where it is not said how many."""
        return None if self.hours is None or self.max_samples is None else self.hours / self.max_samples


def estimate(plan: Plan, usage: Mapping[str, Usage], prices: Prices) -> Budget:
    """What a plan costs.

    Args:
        plan: The plan. What it assumes is taken for models that no log tells about.
        usage: What `measure` found, by model.
        prices: What tokens cost.
    """
    spendings, durations = [], []
    episodes = len(plan.arms) * plan.episodes
    for model in plan.model_names:
        measured = usage.get(model)
        source = f"{measured.episodes} episodes in logs" if measured else ""
        parts: list[tuple[str | None, Tokens | None, Tokens | None]] = [
            (None, measured.tokens if measured else None, plan.assume.tokens)
        ]
        if plan.grader is not None:
            own = measured.judge_tokens if measured and measured.judge == plan.grader.name else None
            parts.append((plan.grader.name, own, plan.assume.judge_tokens))
        for judge, found, assumed in parts:
            tokens = found or assumed
            where = source if found else ASSUMED if assumed else UNKNOWN
            price = cost(judge or model, _times(tokens, episodes), prices)
            spendings.append(Spending(model, judge, episodes, tokens, where, price))
        found_seconds = measured.seconds if measured else None
        seconds = found_seconds or plan.assume.seconds
        where = source if found_seconds else ASSUMED if seconds else UNKNOWN
        durations.append(Duration(model, seconds, where, None if seconds is None else episodes * seconds / 3600))
    return Budget(spendings, durations, plan.assume.max_samples)


def cap_note(plan: Plan, budget: Budget) -> str | None:
    """Where the cap would end the run, at the costs expected."""
    shares = [
        cap / expected
        for cap, expected in ((plan.stop.usd, budget.usd), (plan.stop.tokens, budget.tokens))
        if cap is not None and expected is not None and expected > cap
    ]
    if not shares:
        return None
    reached = int(min(shares) * plan.episodes)
    return f"At these costs the cap ends the run after about {reached} of {plan.episodes} episodes in each arm."


def _sum(values: list[float] | list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _times(tokens: Tokens | None, episodes: int) -> Tokens | None:
    return tokens and Tokens(**{kind: episodes * getattr(tokens, kind) for kind in KINDS})
