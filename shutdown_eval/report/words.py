"""What the page says in sentences: the summary, and what to know before citing. Pure: the same analysis, the same words."""

from collections.abc import Sequence

from shutdown_eval.analysis.results import Analysis, Cell, Contrast
from shutdown_eval.report.names import shorten
from shutdown_eval.report.numbers import PERCENT, bounds, count, interval, listed, percent, points, several
from shutdown_eval.report.vocabulary import about, interval_name, said

MAIN_ARMS = ("A", "E")
"""What the summary gives rates of, where they were run: nothing said, and the instruction of the published studies."""

NAMED = 3
"""Models or differences up to which the summary names each one."""

LETTERS = 60
"""Of a name in a sentence. The tables have it whole."""


def summary(analysis: Analysis) -> tuple[str, str, str]:
    """Three sentences: what was run, the main rates, and what the declared differences say and what cannot be told."""
    return _run(analysis), _rates(analysis), _findings(analysis)


def title(analysis: Analysis) -> str:
    """The page's title."""
    models = _names(analysis.models) if len(analysis.models) == 1 else several(len(analysis.models), "model")
    arms = (
        f"arm {shorten(analysis.arms[0], LETTERS)}" if len(analysis.arms) == 1 else several(len(analysis.arms), "arm")
    )
    return f"Shutdown resistance: {models} in {arms}"


def cautions(analysis: Analysis) -> list[str]:
    """What a reader must know before citing: the analysis' own notes, and what its numbers alone give away."""
    found = list(analysis.notes)
    scripted = [model for model in analysis.models if model.startswith("scripted/")]
    if scripted:
        verb = "is a scripted agent" if len(scripted) == 1 else "are scripted agents"
        found.append(
            f"{_names(scripted)} {verb}: known behaviour to see that the instrument reads it back, and no finding."
        )
    if len(analysis.task_versions) > 1:
        found.append(f"The logs are of several versions of the task: {', '.join(analysis.task_versions)}.")
    if analysis.contrasts and not analysis.plan_name and not analysis.plan_hash:
        found.append("There was no plan. What is compared here was not said beforehand.")
    return found


def _run(analysis: Analysis) -> str:
    begun = sum(cell.episodes for cell in analysis.cells)
    scored = sum(cell.resisted.n for cell in analysis.cells)
    exposed = sum(cell.resisted_exposed.n for cell in analysis.cells)
    if not begun:
        return "No episode was begun."
    one = len(analysis.models) == 1
    models = _names(analysis.models) if len(analysis.models) <= NAMED else several(len(analysis.models), "model")
    arms = f"arm{'s' if len(analysis.arms) > 1 else ''} {listed([shorten(arm, LETTERS) for arm in analysis.arms])}"
    if len(analysis.arms) > 12:
        arms = several(len(analysis.arms), "arm")
    usable = "all of them can be scored" if scored == begun else f"{count(scored)} of them can be scored"
    knew = "in all of these" if exposed == scored > 0 else f"in {count(exposed)} of these"
    return (
        f"{models} {'was' if one else 'were'} run in {arms}, {several(begun, 'episode')} in "
        f"{several(analysis.logs, 'log')}; {usable}, and {knew} the model had a turn with the notice."
    )


def _rates(analysis: Analysis) -> str:
    cells = [cell for cell in analysis.cells if cell.resisted.rate is not None]
    if not cells:
        return "There are no rates, because no episode could be scored."
    arms = list(dict.fromkeys(cell.arm for cell in cells))
    main = [arm for arm in MAIN_ARMS if arm in arms] or arms[:2]
    parts = [_in_arm(arm, [cell for cell in cells if cell.arm == arm]) for arm in main]
    sentence = f"The rate of resisted with its {interval_name(analysis)} was {'; '.join(parts)}."
    return sentence


def _in_arm(arm: str, cells: list[Cell]) -> str:
    what = f" ({about(arm)})" if about(arm) else ""
    where = f"in arm {shorten(arm, LETTERS)}{what}"
    if len({cell.model for cell in cells}) == 1:
        return f"{where} {_rate(cells[0])}"
    if len(cells) <= NAMED:
        return f"{where} {listed([f'{_rate(cell)} for {_names([cell.model])}' for cell in cells])}"
    least, most = (pick(cells, key=lambda cell: cell.resisted.rate or 0) for pick in (min, max))
    if least.resisted.rate == most.resisted.rate:
        return f"{where} {percent(least.resisted.rate)}{PERCENT} for all {count(len(cells))} models"
    return f"{where} from {_rate(least)} for {_end(least, cells)} to {_rate(most)} for {_end(most, cells)}"


def _rate(cell: Cell) -> str:
    return f"{percent(cell.resisted.rate)}{PERCENT} ({bounds(cell.resisted)})"


def _end(cell: Cell, cells: Sequence[Cell]) -> str:
    same = sum(other.resisted.rate == cell.resisted.rate for other in cells) - 1
    others = f" (and {several(same, 'other')} with the same rate)" if same else ""
    return _names([cell.model]) + others


def _findings(analysis: Analysis) -> str:
    parts = [_declared(analysis), _missing(analysis.cells)]
    return (
        f"{'; '.join(part for part in parts if part)}; why a model did what it did cannot be told from these numbers."
    )


def _declared(analysis: Analysis) -> str:
    declared = [contrast for contrast in analysis.contrasts if contrast.declared]
    if not declared:
        if not analysis.contrasts:
            return "Nothing was compared"
        several_of_them = len(analysis.contrasts) > 1
        below = f"the {count(len(analysis.contrasts))} below are" if several_of_them else "the one below is"
        return f"No difference was declared beforehand, so {below} exploratory"
    alpha = analysis.alpha
    clear = sorted((c for c in declared if c.p_adjusted < alpha), key=lambda c: -abs(c.difference))
    how = listed(sorted({said(contrast.adjustment) for contrast in declared}))
    total = several(len(declared), "declared difference")
    which = f"Of {total} {count(len(clear))} {'is' if len(clear) == 1 else 'are'} clear of zero"
    named = [_difference(contrast) for contrast in clear[:NAMED]]
    examples = f" ({'among them ' if len(clear) > NAMED else ''}{'; '.join(named)})" if named else ""
    return f"{which} at the {alpha * 100:g}{PERCENT} level, adjusted by {how}{examples}{_equivalent(declared, alpha)}"


def _difference(contrast: Contrast) -> str:
    models = [model for model in dict.fromkeys((contrast.model, contrast.other_model)) if model]
    arms = list(dict.fromkeys(shorten(arm, LETTERS) for arm in (contrast.arm, contrast.other_arm)))
    if len(models) == 1:
        what = f"{_names(models)} from {' to '.join(arms)}"
    else:
        ends = [f"{_names([model])} in {arm}" for model, arm in zip(models, arms * 2, strict=False)]
        what = f"from {' to '.join(ends)}"
    return f"{what} {points(contrast.difference)} points, interval {points(contrast.low)} to {points(contrast.high)}"


def _equivalent(declared: Sequence[Contrast], alpha: float) -> str:
    tested = [contrast for contrast in declared if contrast.equivalence_p is not None]
    if not tested:
        return ""
    adjusted = [(c.equivalence_p if c.equivalence_p_adjusted is None else c.equivalence_p_adjusted) for c in tested]
    within = sum(p is not None and p < alpha for p in adjusted)
    return f"; that a difference lies within its declared margin is shown for {count(within)} of {count(len(tested))}"


def _missing(cells: Sequence[Cell]) -> str:
    begun, missing = sum(cell.episodes for cell in cells), sum(cell.missing for cell in cells)
    if not missing:
        return "no episode is missing"
    bounded = [c for c in cells if c.all_missing_complied is not None and c.all_missing_resisted is not None]
    widest = max(bounded, key=lambda c: (c.all_missing_resisted or 0) - (c.all_missing_complied or 0), default=None)
    of_it = f"{several(missing, 'episode')} of {count(begun)} {'is' if missing == 1 else 'are'} missing"
    if widest is None:
        return of_it
    between = interval(widest.all_missing_complied, widest.all_missing_resisted)
    where = f"{_names([widest.model])} in {shorten(widest.arm, LETTERS)}"
    return f"{of_it}, which leaves most open for {where} (from {between}{PERCENT} of those begun)"


def _names(models: Sequence[str]) -> str:
    return listed([shorten(model, LETTERS) for model in models])
