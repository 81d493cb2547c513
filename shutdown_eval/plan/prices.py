"""Prices of tokens. A model whose price is not known has an unknown cost, which is not none."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator

from shutdown_eval.plan.parts import Amount, Tokens
from shutdown_eval.plan.reading import check
from shutdown_eval.plan.settings import Strict
from shutdown_eval.yamlfile import read_yaml

BUILT_IN = Path(__file__).parent / "prices.yaml"
KINDS = tuple(Tokens.model_fields)


class Price(Strict):
    """USD per million tokens."""

    input: Amount
    output: Amount
    cache_read: Amount | None = None
    cache_write: Amount | None = None


def _none_for_0(value: Any) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool) and value == 0:
        return dict.fromkeys(KINDS, 0)
    return value


class _Table(Strict):
    prices: dict[str, Annotated[Price, BeforeValidator(_none_for_0)]]


class Cost(NamedTuple):
    """A cost, or why it is unknown."""

    usd: float | None
    why: str = ""


Prices = Sequence[tuple[str, Price]]
"""Patterns and prices. The first one that fits counts; names go before patterns."""


def load_prices(path: str | Path | None = None) -> Prices:
    """Read prices.

    Args:
        path: A file of the user's own, which goes before what stands in this package.

    Raises:
        InputError: It cannot be read, or is not such a file; names file, line and key.
    """
    files = [BUILT_IN] if path is None else [Path(path), BUILT_IN]
    tables = [check(read_yaml(file, "price file"), _Table).prices for file in files]
    return [row for table in tables for row in sorted(table.items(), key=lambda row: "*" in row[0])]


def cost(model: str, tokens: Tokens | None, prices: Prices) -> Cost:
    """What so many tokens cost.

    Args:
        model: As Inspect names it.
        tokens: In all, or None if that is unknown.
        prices: As `load_prices` gives them.
    """
    price = next((price for pattern, price in prices if fnmatchcase(model, pattern)), None)
    if price is None:
        return Cost(None, f"no price for {model}: give one with --prices")
    if not any(price.model_dump().values()):
        return Cost(0.0)
    if tokens is None:
        return Cost(None, f"tokens of {model} are unknown: give a log with --from-log, or assume them in the plan")
    total = 0.0
    for kind in KINDS:
        if (count := getattr(tokens, kind)) and getattr(price, kind) is None:
            return Cost(None, f"no price for the {kind} tokens of {model}: give one with --prices")
        total += count * (getattr(price, kind) or 0.0)
    return Cost(total / 1e6)
