"""What the numbers given to a statistic must be. Each check raises ValueError: a wrong number is a fault of the caller."""


def check_counts(count: int, n: int, least: int = 0) -> None:
    """0 <= count <= n, and n >= least."""
    if not 0 <= count <= n or n < least:
        raise ValueError(f"Not a count among at least {least}: {count} of {n}.")


def check_pairs(*cells: int) -> int:
    """No cell of the table is negative and there is a pair. Returns the number of pairs."""
    if min(cells) < 0 or sum(cells) < 1:
        raise ValueError(f"Not a table of pairs: {cells}.")
    return sum(cells)


def check_level(level: float) -> None:
    """A level of confidence: from 0.5, so that a one-sided bound is on its own side of the rate, to below 1."""
    if not 0.5 <= level < 1:
        raise ValueError(f"A level is a fraction from 0.5 to below 1, not {level}.")


def check_margin(margin: float) -> None:
    """A difference that matters: between 0 and 1."""
    if not 0 < margin < 1:
        raise ValueError(f"A margin is a fraction between 0 and 1, not {margin}.")
