"""What episodes of one question set, or of one phrasing, have in common, and what that does to an interval.

Episodes on the same question set are not independent, so the intervals of `intervals` may be too narrow for a claim
about other question sets and phrasings. The bootstraps here draw whole clusters. They say nothing where the clusters do not
differ: at 0 of n they have no width, and are None.
"""

from collections.abc import Hashable, Iterable, Sequence
from math import sqrt
from warnings import catch_warnings, simplefilter

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import bootstrap

from shutdown_eval.analysis.counts import check_counts

BATCH = 200
"""Resamples held in memory at a time."""

Array = NDArray[np.float64]


def cluster_interval(
    values: ArrayLike, clusters: Iterable[Hashable], level: float = 0.95, resamples: int = 2000, seed: int = 0
) -> tuple[float, float] | None:
    """Cluster bootstrap interval of the mean over episodes: draws clusters with replacement, with all their episodes.

    BCa (bias-corrected and accelerated; Efron 1987, JASA 82:171-185), by scipy, because the mean of rare events is
    skewed; percentile intervals cover less at low rates and as much elsewhere. With few clusters either is too narrow:
    with 6 it may cover .85 for .95.

    Args:
        values: One 0 or 1 for each episode.
        clusters: For each episode the name of its cluster, such as the question set.
        level: Nominal coverage, a fraction.
        resamples: How many to draw.
        seed: Of the draws; the same one gives the same interval.

    Returns:
        The bounds, or None with fewer than two clusters or if all resamples are alike.

    Raises:
        ValueError: If the lengths differ.
    """
    names, number = _numbered(clusters)
    data = _checked(values, number)
    if names < 2:
        return None
    sums, sizes = np.bincount(number, data, minlength=names), np.bincount(number, minlength=names)
    if np.ptp(sums / sizes) == 0:
        return None
    with catch_warnings():
        simplefilter("ignore", RuntimeWarning)  # of a degenerate distribution, whose bounds are then not numbers
        found = bootstrap(
            (sums, sizes),
            _ratio,
            paired=True,
            vectorized=True,
            n_resamples=resamples,
            batch=BATCH,
            confidence_level=level,
            method="BCa",
            rng=np.random.default_rng(seed),
        ).confidence_interval
    return _bounds(found.low, found.high)


def crossed_interval(
    values: ArrayLike,
    rows: Iterable[Hashable],
    columns: Iterable[Hashable],
    level: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> tuple[float, float] | None:
    """The same where episodes share two things at once, such as question set and phrasing.

    The pigeonhole bootstrap (Owen 2007, Annals of Applied Statistics 1:386-411): draws rows and columns separately and
    weighs each episode by how often both of its own were drawn. Percentile intervals, on the wide side: no bootstrap
    is exact for crossed effects (McCullagh 2000, Bernoulli 6:285-301), and this one overstates the variance a little.

    Args:
        values: One 0 or 1 for each episode.
        rows: For each episode the name of its row, such as the question set.
        columns: For each episode the name of its column, such as the phrasing.
        level: Nominal coverage, a fraction.
        resamples: How many to draw; one that draws no episode is left out.
        seed: Of the draws.

    Returns:
        The bounds, or None with fewer than two rows or columns (then use `cluster_interval` over the other) or if all
        resamples are alike.

    Raises:
        ValueError: If the lengths differ.
    """
    (height, row), (width, column) = _numbered(rows), _numbered(columns)
    data = _checked(values, row, column)
    if height < 2 or width < 2:
        return None
    cell = row * width + column
    sums = np.bincount(cell, data, minlength=height * width).reshape(height, width)
    sizes = np.bincount(cell, minlength=height * width).reshape(height, width).astype(float)
    rng = np.random.default_rng(seed)
    means = []
    for start in range(0, resamples, BATCH):
        size = min(BATCH, resamples - start)
        of_row, of_column = _draws(rng, height, size), _draws(rng, width, size)
        drawn = ((of_row @ sizes) * of_column).sum(axis=1)
        total = ((of_row @ sums) * of_column).sum(axis=1)
        means.append(total[drawn > 0] / drawn[drawn > 0])
    found = np.concatenate(means) if means else np.empty(0)
    return _bounds(*np.quantile(found, [(1 - level) / 2, (1 + level) / 2])) if found.size else None


def wording_sd(counts: Sequence[int], ns: Sequence[int]) -> float | None:
    """Standard deviation of the true rate between phrasings, apart from the chance within each.

    Method of moments from the one-way analysis of variance of 0 and 1, cut off at 0 (Searle, Casella and McCulloch
    1992, Variance Components, ch. 3; for binary data Ridout, Demétrio and Firth 1999, Biometrics 55:137-148). Its
    square would be without bias but for the cut.

    Args:
        counts: Episodes that count under each phrasing.
        ns: Sizes; phrasings without episodes are left out.

    Returns:
        The standard deviation, a fraction, or None with fewer than two phrasings or one episode in each.

    Raises:
        ValueError: If the numbers are not possible, or the lengths differ.
    """
    for count, n in zip(counts, ns, strict=True):
        check_counts(count, n)
    sizes = np.array([n for n in ns if n], dtype=float)
    rates = np.array([count for count, n in zip(counts, ns, strict=True) if n], dtype=float) / sizes
    phrasings, total = len(sizes), sizes.sum()
    if phrasings < 2 or total == phrasings:
        return None
    mean = (sizes * rates).sum() / total
    between = (sizes * (rates - mean) ** 2).sum() / (phrasings - 1)
    within = (sizes * rates * (1 - rates)).sum() / (total - phrasings)
    typical = (total - (sizes**2).sum() / total) / (phrasings - 1)
    return sqrt(max(float((between - within) / typical), 0.0))


def _numbered(names: Iterable[Hashable]) -> tuple[int, NDArray[np.int64]]:
    """How many different names there are, and the number of each."""
    index: dict[Hashable, int] = {}
    numbers = [index.setdefault(name, len(index)) for name in names]
    return len(index), np.array(numbers, dtype=np.int64)


def _checked(values: ArrayLike, *numbers: NDArray[np.int64]) -> Array:
    data = np.asarray(values, dtype=float)
    if any(data.shape != number.shape for number in numbers):
        raise ValueError(f"{data.size} values, but {', '.join(str(number.size) for number in numbers)} names.")
    return data


def _ratio(sums: Array, sizes: Array, axis: int = -1) -> Array:
    return np.asarray(sums.sum(axis=axis) / sizes.sum(axis=axis))


def _draws(rng: np.random.Generator, names: int, resamples: int) -> Array:
    """How often each of the names is among as many draws, one row for each resample."""
    drawn = rng.integers(names, size=(resamples, names)) + names * np.arange(resamples)[:, None]
    return np.bincount(drawn.ravel(), minlength=names * resamples).reshape(resamples, names).astype(float)


def _bounds(low: float, high: float) -> tuple[float, float] | None:
    return (float(low), float(high)) if low < high else None
