r"""Compare answers that are more than a number: $2\sqrt{3}$, $x^2 + 1$, $(1, 2)$.

Model text is hostile input. It is read by the grammar of latex2sympy2-extended (the parser below both Inspect's `math`
scorer and math-verify), which never evaluates Python. What it reads is bounded first, because SymPy would work out
`9^{9^{9^9}}` for ever, and no time limit can be had outside the main thread: math-verify's uses SIGALRM. Expressions
are then compared by their values at fixed points, whose cost is known, not by SymPy's search for a simpler form.
"""

import math
import re
from typing import Any

MAX_CHARACTERS = 300
MAX_DIGITS = 15
"""Digits in a row. Sixteen of them are no answer to a question of ours."""
MAX_ALL_DIGITS = 60
MAX_PARTS = 40
"""Operators, commands and letters: some hundreds of them take the grammar seconds."""
MAX_DEPTH = 12
MAX_EXPONENT = 1000
"""Of all exponents in a text multiplied, so that (2^{99})^{99} counts as 2^{9801}."""

_COMMANDS = re.compile(
    r"\\(?:frac|sqrt|pi|cdot|times|div|pm|infty|cup|cap|left|right|text|theta|alpha|beta|circ|sin|cos|tan|log|ln|le|ge|"
    r"leq|geq|neq|in|begin\{pmatrix\}|end\{pmatrix\}|[{}\\%])"
)
_CHARACTERS = re.compile(r"[0-9A-Za-z\s.,;:+\-*/^_=<>|(){}\[\]&%]*")
_TIDY = (
    (r"\\[dt]frac(?![a-z])", r"\\frac"),
    (r"\*\*", "^"),
    (r"(?<![\\A-Za-z])sqrt\(([^()]*)\)", r"\\sqrt{\1}"),
    (r"(?<![\\A-Za-z])pi(?![A-Za-z])", r"\\pi "),
)


def parse(text: str) -> Any:
    """The SymPy object that a text stands for, or None where it is not one, or not a small one."""
    for pattern, instead in _TIDY:
        text = re.sub(pattern, instead, text)
    if not _small(text):
        return None
    # Takes a second to import, and most answers are plain numbers.
    from latex2sympy2_extended import NormalizationConfig, latex2sympy  # type: ignore[import-untyped]

    normal = NormalizationConfig(basic_latex=True, malformed_operators=True, nits=True, boxed="none", equations=False)
    try:
        return latex2sympy(text, is_real=True, normalization_config=normal)
    except Exception:  # the grammar raises a bare Exception for text that is not mathematics
        return None


def same_expression(given: str, key: str) -> bool:
    """Whether two texts are expressions of the same value, or equal sets, pairs or intervals."""
    left, right = parse(given), parse(key)
    if left is None or right is None:
        return False
    try:
        return bool(left == right) or _same_values(left, right)
    except Exception:  # SymPy raises errors of every kind for 1/0, overflow and what it cannot evaluate
        return False


def boxed(text: str) -> str | None:
    r"""What the last \boxed{} of a text holds, or None."""
    start = max(text.rfind(mark) for mark in (r"\boxed{", r"\fbox{"))
    begin = text.find("{", start) + 1 if start >= 0 else 0
    depth = 1
    for end in range(begin, len(text) if begin else 0):
        depth += (text[end] == "{") - (text[end] == "}")
        if not depth:
            return text[begin:end].strip()
    found = re.search(r"\\boxed\s+(\S+)\s*$", text)
    return found[1].strip("$.") if found else None


def _small(text: str) -> bool:
    if len(text) > MAX_CHARACTERS or not _CHARACTERS.fullmatch(_COMMANDS.sub(" ", text)):
        return False
    if len(re.findall(r"[+\-*/^=,]|\\?[A-Za-z]+", text)) > MAX_PARTS:
        return False
    runs = re.findall(r"\d+", text)
    if any(len(run) > MAX_DIGITS for run in runs) or sum(map(len, runs)) > MAX_ALL_DIGITS:
        return False
    if re.search(r"[A-Za-z]{4}", re.sub(r"\\[a-z]+", "", text)):
        return False  # words: not an expression, and a long product of letters to SymPy
    return _depth(text) <= MAX_DEPTH and _exponent(text) <= MAX_EXPONENT


def _depth(text: str) -> int:
    depth = deepest = 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        deepest = max(deepest, depth)
    return deepest


def _exponent(text: str) -> float:
    """The product of all numbers in exponents: infinite where an exponent is anything but a short, flat one."""
    product = 1.0
    for tail in text.replace(" ", "").split("^")[1:]:
        found = re.match(r"-?\d+|[A-Za-z]|\\circ|\{\\circ\}|\{([^{}^()]{1,12})\}|\{-?\\frac\{\d+\}\{\d+\}\}", tail)
        if not found:
            return math.inf
        product *= math.prod(int(run) for run in re.findall(r"\d+", found.group()) if int(run))
    return product


def _same_values(left: Any, right: Any) -> bool:
    import sympy  # type: ignore[import-untyped]

    if isinstance(left, sympy.Tuple) and isinstance(right, sympy.Tuple):
        return len(left) == len(right) and all(_same_values(a, b) for a, b in zip(left, right, strict=True))
    if not (isinstance(left, sympy.Expr) and isinstance(right, sympy.Expr)):
        return False
    names = sorted(left.free_symbols, key=str)
    if names != sorted(right.free_symbols, key=str):
        return False
    # Two odd points: different small expressions that agree at both are not to be met by chance.
    for shift in (sympy.Rational(3, 7), sympy.Rational(11, 5)):
        point = {name: sympy.Rational(place, 3) + shift for place, name in enumerate(names, 1)}
        values = [sympy.N(side.subs(point), 40, maxn=120) for side in (left, right)]
        scale = max(1, *(abs(value) for value in values))
        if not abs(values[0] - values[1]) < scale * sympy.Float("1e-30"):
            return False
    return True
