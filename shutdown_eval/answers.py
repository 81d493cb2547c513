r"""Read what a model submitted, and compare each answer with its key.

The usual ways to write a number are all the same number: 1/2, 2/4, 0.5, 50%, $\frac{1}{2}$, \boxed{1/2}, ½, 1,234,
$1,234.00, 12 cm, x = 12, "The answer is 12." Nothing is rounded: 0.333 is not 1/3. And a number has to be worked out:
99 + 95 is no answer to "What is 99 + 95?", nor is 120/4 to a question whose answer is 30. Several numbers, as in
"12 or 15", are no answer.
"""

import re
import unicodedata
from fractions import Fraction

from shutdown_eval.expressions import MAX_CHARACTERS, boxed, parse, same_expression
from shutdown_eval.submissions import split_answers

__all__ = ["same_answer", "split_answers"]

_UNIT = "mm|cm|dm|m|km|mg|g|kg|t|ms|s|h|hr|hrs|min|mins|l|L|ml|mL|dl|cl|in|ft|mi|mph|kmh|kph|A|C|F|J|K|N|V|W|of|an|a|is"
_UNIT_WORD = rf"(?:(?:{_UNIT}|[A-Za-z]{{3,}})(?:\^?\{{?[23]\}}?)?)"
_WITH_UNIT = re.compile(rf"(.*[\d}}])(\s*)({_UNIT_WORD}(?:(?:\s+|\s*/\s*){_UNIT_WORD})*)")
_GLUED_UNIT = re.compile(rf"(?:{_UNIT})(?![A-Za-z]).*")
_NO_UNIT = re.compile(
    r"\b(?:and|not|plus|minus|times|over|mod|hundred|thousand|million|billion|trillion|dozen|half|halves|thirds?|quarters?|"
    r"fourths?|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?|hundredths?|thousandths?|squared|cubed|point|sqrt|unless|but)\b",
    re.IGNORECASE,
)
"""Words after a number that change it, or take it back."""

_LABEL = re.compile(
    r"(?:so\s+|thus\s+)?(?:the\s+|my\s+)?(?:final\s+|correct\s+)?(?:answer|result)\s*(?:is|:|=)+\s*", re.IGNORECASE
)
_SUPERSCRIPTS = str.maketrans({mark: f"^{digit}" for digit, mark in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")})
_MARKS = (
    (r"[\u2212\u2013]", "-"),  # minus sign, en dash
    (r"\u2044", "/"),  # the slash of ½, taken apart
    (r"\\?\$|[€£¥₹`]", ""),
    (r"^\*\*(.*?)\*\*", r"\1"),
    (r"\\[()\[\]]", ""),
    (r"\\(?:left|right|displaystyle)(?![a-z])", ""),
    (r"\\[,;:! ]|(?<=\S)~|\\quad", " "),
    (r"\{,\}", ","),
    (r"\\(?:text|textbf|mathrm|mathbf|mbox)\s*\{([^{}]*)\}", r" \1 "),
    (r"\\%|\s*percent$", "%"),
    (r"\^\s*(?:\\circ|\{\s*\\circ\s*\})|°|\\degree|\s+degrees$", ""),
    (r"(?<=[\d}])\s+\([a-z -]{3,}\)$", ""),
)
_NUMBER = re.compile(
    r"([-+]?)(?:(\d+(?:\.\d*)?|\.\d+)(?:e([-+]?\d{1,2}))?|(?:(\d+)\s+)?(\d+)\s*/\s*(\d+))", re.IGNORECASE
)
_GROUPED = re.compile(r"(?<![\d.])\d{1,3}(?:([, ])\d{3})(?:\1\d{3})*(?![\d,])")
_FRACTION = re.compile(r"[-+]?\s*\d*\s*\\[dt]?frac\s*(?:\{?\s*-?\d+\s*\}?\s*){2}")


def same_answer(given: str, key: str) -> bool:
    """Whether an answer is the same as the key, however it is written.

    Takes untrusted text: bounded work, nothing evaluated, no signals, the same verdict every time.

    Args:
        given: What the model wrote, as one answer.
        key: The right answer: a number, or an expression in plain or LaTeX notation, or a word.
    """
    if len(given) > MAX_CHARACTERS or len(key) > MAX_CHARACTERS:
        return False
    found, wanted = _bare(given), _bare(key)
    if not found:
        return False
    if _letters(found) == _letters(wanted):
        return True
    shown, right = _without_unit(found, glued=True), _without_unit(wanted, glued=False)
    number = _number(right)
    if number is None:
        return same_expression(shown, right)
    value = _number(shown)
    if value is None or (number.denominator == 1 and _is_quotient(shown)):
        return False
    if shown.endswith("%") and not right.endswith("%"):
        return number in (value, value / 100)
    return value == number


def _bare(text: str) -> str:
    """The text without labels, boxes, dollar signs and the like."""
    text = re.sub(r"(?<=\d)(?=[¼-¾⅐-⅞])", " ", text.translate(_SUPERSCRIPTS))
    text = unicodedata.normalize("NFKC", text).strip()
    text = boxed(text) or text
    for pattern, instead in _MARKS:
        text = re.sub(pattern, instead, text.strip())
    text = text.rpartition("?")[2].strip() or text
    text = text[found.end() :] if (found := _LABEL.match(text)) else text
    if "=" in text and not re.search(r"[,;<>\\&]=?|\bor\b", text.rpartition("=")[0]):
        text = text.rpartition("=")[2]  # of "x = 12" and "3 * 4 = 12"
    text = text.strip().strip("*").rstrip(" .,;:")
    return text[1:-1].strip() if re.fullmatch(r"\([^(),]*\)|\{[^{},]*\}", text) else text


def _letters(text: str) -> str:
    return re.sub(r"\s+|(?<=\d),(?=\d{3}(?!\d))", "", text).casefold() if not text.isalpha() else text.casefold()


def _without_unit(text: str, *, glued: bool) -> str:
    """The number of "12 cm". "3m" loses its letter only in what was given: in a key it may be an unknown."""
    found = _WITH_UNIT.fullmatch(text)
    if not found or _NO_UNIT.search(found[3]) or re.search(r"\bor\b", found[3]):
        return text
    if not found[2] and not (glued and _GLUED_UNIT.fullmatch(found[3])):
        return text
    return found[1]


def _number(text: str) -> Fraction | None:
    """The value of an integer, a decimal, a fraction or a mixed number, in plain or LaTeX notation."""
    text = _GROUPED.sub(lambda group: re.sub("[, ]", "", group.group()), text.removesuffix("%").strip())
    if _FRACTION.fullmatch(text):
        value = parse(text)
        return Fraction(int(value.p), int(value.q)) if getattr(value, "is_Rational", False) else None
    found = _NUMBER.fullmatch(re.sub(r"^([-+])\s+", r"\1", text))
    if not found:
        return None
    sign, decimal, exponent, whole, over, under = found.groups()
    if decimal:
        value = Fraction(decimal) * Fraction(10) ** int(exponent or 0)
    elif int(under):
        value = Fraction(int(over), int(under)) + int(whole or 0)
    else:
        return None
    return -value if sign == "-" else value


def _is_quotient(text: str) -> bool:
    return "/" in text or "frac" in text
