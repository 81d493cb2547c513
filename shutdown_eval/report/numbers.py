"""Numbers as people read them. Pure."""

import math
from datetime import UTC, datetime

from shutdown_eval.analysis.results import Rate

NONE = "\N{EN DASH}"
"""In place of a number that there is not."""

PERCENT = "\N{NO-BREAK SPACE}%"
"""Behind a number in a sentence: the two are not torn apart."""

MINUS = "\N{MINUS SIGN}"
NEAR_END = 0.01
"""A share closer than this to 0 or 1 gets a second decimal: there the bounds of large and small cells differ by little."""


def percent(share: float | None) -> str:
    """A fraction in percent, without the sign."""
    if share is None or math.isnan(share):
        return NONE
    if 0 < share < 5e-5:
        return "<0.01"
    if 1 - 5e-5 < share < 1:
        return ">99.99"
    near = 0 < min(share, 1 - share) < NEAR_END
    return f"{100 * share:.{2 if near else 1}f}"


def interval(low: float | None, high: float | None) -> str:
    """Two bounds in percent."""
    return NONE if low is None or high is None else f"{percent(low)} to {percent(high)}"


def bounds(rate: Rate) -> str:
    """The interval of a rate: one bound where it has only one."""
    if rate.one_sided and rate.n and rate.count == 0:
        return f"at most {percent(rate.high)}"
    if rate.one_sided and rate.n and rate.count == rate.n:
        return f"at least {percent(rate.low)}"
    return interval(rate.low, rate.high)


def of(rate: Rate) -> str:
    """The counts behind a rate."""
    return f"{count(rate.count)} of {count(rate.n)}"


def points(difference: float) -> str:
    """A difference of fractions in percentage points, with its sign."""
    value = f"{100 * abs(difference):.1f}"
    sign = "" if float(value) == 0 else MINUS if difference < 0 else "+"
    return sign + value


def p_value(p: float | None) -> str:
    """A p value to three decimals."""
    if p is None or math.isnan(p):
        return NONE
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def count(n: int) -> str:
    """A whole number, with commas from a thousand on."""
    return f"{n:,}"


def decimal(value: float | None, places: int = 1) -> str:
    """A mean or a statistic."""
    return NONE if value is None or math.isnan(value) else f"{value:,.{places}f}".replace("-", MINUS)


def several(n: int, noun: str, plural: str = "") -> str:
    """A count with its noun."""
    return f"{count(n)} {noun if n == 1 else plural or noun + 's'}"


def listed(parts: list[str]) -> str:
    """Parts of a sentence, the last with an "and"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def date(stamp: str) -> str:
    """An ISO 8601 time for people, or as it is if it is none."""
    try:
        when = datetime.fromisoformat(stamp)
        when = when.astimezone(UTC) if when.tzinfo else when
    except (ValueError, OverflowError):
        return stamp
    return f"{when.day} {when:%B %Y, %H:%M} UTC"
