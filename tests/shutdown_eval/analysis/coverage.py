"""How often the intervals cover and the tests raise a false alarm, on simulated studies. As a program it prints the table.

    python -m tests.shutdown_eval.analysis.coverage

Where all outcomes can be counted out, the exact chance stands beside the simulated share.
"""

import gc
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from math import sqrt
from typing import NamedTuple

import numpy as np
from scipy.stats import binom, multinomial, norm

from shutdown_eval.analysis.clusters import cluster_interval, crossed_interval
from shutdown_eval.analysis.contrasts import boschloo, mcnemar
from shutdown_eval.analysis.families import adjust
from shutdown_eval.analysis.intervals import difference, paired_difference, rate, upper_bound

STUDIES = 2000
SIZES = 20, 50, 100
RATES = 0.02, 0.15, 0.5
PAIRS = (0.02, 0.02), (0.02, 0.15), (0.15, 0.5)
RATE_INTERVALS = {
    "Jeffreys": ("jeffreys", "one_sided"),
    "Jeffreys, two-sided at 0 and n": ("jeffreys", "two_sided"),
    "Wilson": ("wilson", "one_sided"),
    "Wilson, two-sided at 0 and n": ("wilson", "two_sided"),
    "Clopper-Pearson": ("clopper_pearson", "one_sided"),
    "Clopper-Pearson, two-sided at 0 and n": ("clopper_pearson", "two_sided"),
}
CORRELATION = 0.3
"""Of the outcomes of a pair, and of two episodes of a cluster."""
CLUSTER = 4
"""Episodes of a cluster."""
PHRASINGS = 8
FAMILY = 5
ALPHA = 0.05


class Row(NamedTuple):
    """A line of the table."""

    name: str
    n: str
    rates: str
    simulated: float
    exact: float | None = None
    undefined: float = 0.0
    """Share of the studies without an interval, which are left out."""


@cache
def rate_bounds(method: str, edges: str, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper bounds for 0 to n."""
    found = [rate(count, n, method, edges=edges) for count in range(n + 1)]
    return np.array([each.low for each in found]), np.array([each.high for each in found])


def rate_coverage(method: str, edges: str, n: int, rates: np.ndarray) -> np.ndarray:
    """Exact coverage at each of the rates."""
    low, high = rate_bounds(method, edges, n)
    true = np.asarray(rates)[:, None]
    return (binom.pmf(np.arange(n + 1), n, true) * ((low <= true) & (true <= high))).sum(axis=1)


def rate_rows(rng: np.random.Generator) -> Iterator[Row]:
    for (name, (method, edges)), n in product(RATE_INTERVALS.items(), SIZES):
        low, high = rate_bounds(method, edges, n)
        for true in RATES:
            count = rng.binomial(n, true, STUDIES)
            share = np.mean((low[count] <= true) & (true <= high[count]))
            yield Row(name, str(n), f"{true}", share, float(rate_coverage(method, edges, n, np.array([true]))[0]))


def upper_coverage(method: str, n: int, rates: np.ndarray) -> np.ndarray:
    """Exact coverage of the one-sided upper bound at each of the rates."""
    high = np.array([upper_bound(count, n, method=method) for count in range(n + 1)])
    true = np.asarray(rates)[:, None]
    return (binom.pmf(np.arange(n + 1), n, true) * (true <= high)).sum(axis=1)


def bound_rows(rng: np.random.Generator) -> Iterator[Row]:
    for (name, (method, edges)), n in product(RATE_INTERVALS.items(), SIZES):
        if edges == "one_sided":
            high = np.array([upper_bound(count, n, method=method) for count in range(n + 1)])
            exact = upper_coverage(method, n, np.array(RATES))
            for true, chance in zip(RATES, exact, strict=True):
                share = np.mean(true <= high[rng.binomial(n, true, STUDIES)])
                yield Row(name, str(n), f"{true}", share, float(chance))


def covers(found: tuple[float, float, float], true: float) -> bool:
    return found[1] <= true <= found[2]


@cache
def difference_of(count1: int, count2: int, n: int) -> tuple[float, float, float]:
    return difference(count1, n, count2, n)


@cache
def paired_difference_of(table: tuple[int, int, int, int]) -> tuple[float, float, float]:
    return paired_difference(*table)


def difference_coverage(n: int, rate1: float, rate2: float) -> float:
    """Exact coverage, but for counts that come up less than once in a million studies."""
    chances = [binom.pmf(range(n + 1), n, p) for p in (rate1, rate2)]
    counts = [np.flatnonzero(chance > 1e-6) for chance in chances]
    return sum(
        chances[0][a] * chances[1][b]
        for a, b in product(*counts)
        if covers(difference_of(int(a), int(b), n), rate2 - rate1)
    )


def difference_rows(rng: np.random.Generator) -> Iterator[Row]:
    for n, (rate1, rate2) in product(SIZES, PAIRS):
        counts = zip(rng.binomial(n, rate1, STUDIES), rng.binomial(n, rate2, STUDIES), strict=True)
        share = np.mean([covers(difference_of(int(a), int(b), n), rate2 - rate1) for a, b in counts])
        yield Row("Difference", f"{n} + {n}", f"{rate1}, {rate2}", share, difference_coverage(n, rate1, rate2))


def pair_law(rate1: float, rate2: float, correlation: float = CORRELATION) -> np.ndarray:
    """Chances of both, first only, second only and neither."""
    both = rate1 * rate2 + correlation * sqrt(rate1 * (1 - rate1) * rate2 * (1 - rate2))
    return np.array([both, rate1 - both, rate2 - both, 1 - rate1 - rate2 + both])


def paired_coverage(n: int, law: np.ndarray) -> float:
    """Exact coverage."""
    tables = [(a, b, c, n - a - b - c) for a, b, c in product(range(n + 1), repeat=3) if a + b + c <= n]
    chances = multinomial.pmf(tables, n, law)
    true = law[2] - law[1]
    return sum(p for table, p in zip(tables, chances, strict=True) if covers(paired_difference_of(table), true))


def paired_rows(rng: np.random.Generator) -> Iterator[Row]:
    for n, (rate1, rate2) in product(SIZES, PAIRS):
        law = pair_law(rate1, rate2)
        tables = rng.multinomial(n, law, STUDIES)
        share = np.mean([covers(paired_difference_of(tuple(map(int, t))), rate2 - rate1) for t in tables])
        exact = paired_coverage(n, law) if n == min(SIZES) else None
        yield Row("Difference of pairs", f"{n} pairs", f"{rate1}, {rate2}", share, exact)


def clustered(rng: np.random.Generator, true: float, clusters: int) -> np.ndarray:
    """Outcomes, one row for each cluster, from a beta-binomial law."""
    scale = (1 - CORRELATION) / CORRELATION
    rates = rng.beta(true * scale, (1 - true) * scale, clusters)
    return rng.random((clusters, CLUSTER)) < rates[:, None]


def crossed(rng: np.random.Generator, true: float, sets: int) -> np.ndarray:
    """Outcomes, one for each question set and phrasing, from a probit law with an effect of either."""
    of_set, of_phrasing = 0.6, 0.3
    mean = norm.ppf(true) * sqrt(1 + of_set**2 + of_phrasing**2)
    latent = mean + rng.normal(0, of_set, (sets, 1)) + rng.normal(0, of_phrasing, (1, PHRASINGS))
    return rng.random((sets, PHRASINGS)) < norm.cdf(latent)


def shares(found: list[tuple[float, float] | None], true: float) -> tuple[float, float]:
    """Coverage of the intervals that there are, and the share of those there are not."""
    given = [bounds for bounds in found if bounds]
    return float(np.mean([low <= true <= high for low, high in given])), 1 - len(given) / len(found)


def cluster_rows(rng: np.random.Generator, resamples: int = 500) -> Iterator[Row]:
    for true in RATES:
        sets = 50
        names = np.repeat(np.arange(sets), CLUSTER)
        studies = [clustered(rng, true, sets).ravel() for _ in range(STUDIES)]
        n = f"{sets} clusters of {CLUSTER}"
        low, high = rate_bounds("jeffreys", "one_sided", sets * CLUSTER)
        counts = np.array([values.sum() for values in studies])
        ignored = float(np.mean((low[counts] <= true) & (true <= high[counts])))
        yield Row("Jeffreys, clusters ignored", n, f"{true}", ignored)
        found = [cluster_interval(values, names, resamples=resamples) for values in studies]
        covered, undefined = shares(found, true)
        yield Row("Cluster bootstrap", n, f"{true}", covered, undefined=undefined)
    for true in RATES:
        sets = 50
        row, column = np.divmod(np.arange(sets * PHRASINGS), PHRASINGS)
        found = [
            crossed_interval(crossed(rng, true, sets).ravel(), row, column, resamples=resamples) for _ in range(STUDIES)
        ]
        covered, undefined = shares(found, true)
        yield Row("Crossed bootstrap", f"{sets} by {PHRASINGS}", f"{true}", covered, undefined=undefined)


def false_claims(p_values: Iterator[list[float]]) -> tuple[float, float]:
    """Share of families with a false claim, with Holm's adjustment and with none."""
    families = list(p_values)
    gc.freeze()  # statsmodels collects garbage at every adjustment by Holm, .2 s each time if it must look at everything
    try:
        held = np.mean([min(adjust(family)) <= ALPHA for family in families])
    finally:
        gc.unfreeze()
    return float(held), float(np.mean([min(family) <= ALPHA for family in families]))


def independent_families(rng: np.random.Generator, n: int, true: float) -> Iterator[list[float]]:
    """Five arms against one, all with the same rate."""
    for counts in rng.binomial(n, true, (STUDIES, FAMILY + 1)):
        first, *others = map(int, counts)
        yield [boschloo(min(first, other), n, max(first, other), n) for other in others]


def paired_families(rng: np.random.Generator, n: int, true: float) -> Iterator[list[float]]:
    """The same on the same question sets, whose rates are drawn from a beta law."""
    exact = cache(mcnemar)
    scale = (1 - CORRELATION) / CORRELATION
    for _ in range(STUDIES):
        rates = rng.beta(true * scale, (1 - true) * scale, n)
        first, *others = rng.random((FAMILY + 1, n)) < rates
        yield [exact(int((first & ~other).sum()), int((~first & other).sum())) for other in others]


def family_rows(rng: np.random.Generator) -> Iterator[Row]:
    tests: dict[str, Callable[[np.random.Generator, int, float], Iterator[list[float]]]] = {
        "Boschloo": independent_families,
        "McNemar": paired_families,
    }
    for (name, families), n, true in product(tests.items(), SIZES, RATES):
        held, alone = false_claims(families(rng, n, true))
        yield Row(f"{name}, Holm", str(n), f"{true}", held)
        yield Row(f"{name}, unadjusted", str(n), f"{true}", alone)


PARTS = {
    "rates": rate_rows,
    "upper bounds": bound_rows,
    "differences": difference_rows,
    "pairs": paired_rows,
    "clusters": cluster_rows,
    "families": family_rows,
}


@cache
def rows(part: str) -> tuple[Row, ...]:
    """The lines of a part, from a fixed seed of its own."""
    return tuple(PARTS[part](np.random.default_rng([2026, list(PARTS).index(part)])))


def markdown() -> str:
    """The whole table: a line for each interval or test and size, a column for each rate."""
    lines = []
    for part in PARTS:
        found = rows(part)
        columns = list(dict.fromkeys(row.rates for row in found))
        lines += [f"| {part} | n | {' | '.join(columns)} |", f"| --- | --- |{' --- |' * len(columns)}"]
        for name, n in dict.fromkeys((row.name, row.n) for row in found):
            cells = [show(row) for row in found if (row.name, row.n) == (name, n)]
            lines.append(f"| {name} | {n} | {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines)


def show(row: Row) -> str:
    exact = "" if row.exact is None else f" ({row.exact:.3f})"
    return f"{row.simulated:.3f}{exact}" + (f", none {row.undefined:.0%}" if row.undefined else "")


if __name__ == "__main__":
    print(markdown())
