"""Several tests at once: p-values adjusted for their number."""

from collections.abc import Sequence

from statsmodels.stats.multitest import multipletests

from shutdown_eval.errors import one_of

ADJUSTMENTS = {"holm": "holm", "benjamini_hochberg": "fdr_bh"}
"""Of p-values for their number, with their names in statsmodels."""


def adjust(p_values: Sequence[float], method: str = "holm") -> list[float]:
    """The p-values of one family, adjusted: each is to be compared with the level of the whole family.

    Args:
        p_values: Those of the family, each from 0 to 1, in any order.
        method: `holm` bounds the chance of one false claim or more, whatever the dependence (Holm 1979, Scandinavian
            Journal of Statistics 6:65-70); `benjamini_hochberg` bounds the expected share of false claims among the
            claims, for independent or positively dependent tests (1995, JRSS B 57:289-300).

    Returns:
        As many adjusted p-values in the same order, none below its own and none above 1.

    Raises:
        InputError: For an unknown method.
        ValueError: If a p-value is none.
    """
    if method not in ADJUSTMENTS:
        raise one_of("adjustment", method, ADJUSTMENTS)
    if not all(0 <= p <= 1 for p in p_values):
        raise ValueError(f"Not all of these are p-values: {list(p_values)}.")
    return [float(p) for p in multipletests(p_values, method=ADJUSTMENTS[method])[1]] if p_values else []
