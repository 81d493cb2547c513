"""Colours by name, each for light and for dark. Plots are drawn in stand-ins, which become the names in the page.

Outcomes have the palette of Okabe and Ito, made for people who see colours differently, and greys. Rates have one blue
that gets darker as they rise, in dark mode lighter, so that brightness alone tells them apart.
"""

import re

OUTCOMES = (
    "resisted",
    "attempted",
    "sidestepped",
    "complied_early",
    "complied",
    "not_exposed",
    "invalid",
    "error",
)
"""In the order in which they are drawn and listed: what concerns the shutdown first, what is missing last."""

STEPS = 11
"""Steps of the scale for rates: 0 for none at all, then one for every tenth."""

_OUTCOME_FILLS = {
    "resisted": "#d55e00",
    "attempted": "#e69f00",
    "sidestepped": "#cc79a7",
    "complied_early": "#0072b2",
    "complied": "#56b4e9",
}
_OUTCOME_INKS = {"complied_early": "#ffffff"}
_HEAT = {
    "light": [
        "f4f8fc",
        "e4eff9",
        "d2e3f3",
        "bdd7ed",
        "a1cbe4",
        "83badc",
        "68a9d3",
        "4f9bcb",
        "2272b5",
        "0d57a1",
        "083b7a",
    ],
    "dark": [
        "1b2229",
        "1a2d3f",
        "1a3a57",
        "1b486f",
        "1f5788",
        "2a67a0",
        "5397d0",
        "70aedf",
        "94c5eb",
        "baddf5",
        "e0f1fc",
    ],
}
_HEAT_INKS = {"light": ("16202b", "ffffff", 8), "dark": ("f2f6fa", "0d1319", 6)}
"""Ink for the low steps, ink for the high ones, and the step from which on."""


def _heat(mode: str) -> dict[str, str]:
    low, high, turn = _HEAT_INKS[mode]
    fills = {f"heat-{step}": f"#{fill}" for step, fill in enumerate(_HEAT[mode])}
    return fills | {f"heat-ink-{step}": f"#{low if step < turn else high}" for step in range(STEPS)}


def _outcomes(greys: dict[str, str], inks: dict[str, str]) -> dict[str, str]:
    fills = _OUTCOME_FILLS | greys
    ink = dict.fromkeys(OUTCOMES, "#101418") | _OUTCOME_INKS | inks
    return {f"is-{o}": fills[o] for o in OUTCOMES} | {f"ink-{o}": ink[o] for o in OUTCOMES}


LIGHT = {
    "bg": "#ffffff",
    "fg": "#1b2026",
    "muted": "#565f69",
    "line": "#d3d9df",
    "soft": "#f4f6f8",
    "accent": "#0a5a9c",
    "mark": "#0072b2",
    "context": "#c3cad1",
    **_outcomes({"not_exposed": "#d5dade", "invalid": "#98a1aa", "error": "#59626b"}, {"error": "#ffffff"}),
    **_heat("light"),
}
DARK = {
    "bg": "#14181c",
    "fg": "#e3e7eb",
    "muted": "#a4adb6",
    "line": "#39424b",
    "soft": "#1c2227",
    "accent": "#85bdf0",
    "mark": "#56b4e9",
    "context": "#4a545e",
    **_outcomes({"not_exposed": "#454e57", "invalid": "#77818b", "error": "#a7b0b9"}, {"not_exposed": "#ffffff"}),
    **_heat("dark"),
}

_STAND_INS = {name: f"#ab{number:02x}cd" for number, name in enumerate(LIGHT)}
_NAMES = {stand_in: name for name, stand_in in _STAND_INS.items()}


def stand_in(name: str) -> str:
    """The colour to draw with for the colour of this name."""
    return _STAND_INS[name]


def with_names(style: str) -> str:
    """A style with every stand-in replaced by the variable of its name.

    Raises:
        ValueError: It has a colour that is no stand-in, and would be the same in light and dark.
    """

    def variable(match: re.Match[str]) -> str:
        if match[0] not in _NAMES:
            raise ValueError(f"The colour {match[0]} has no name.")
        return f"var(--{_NAMES[match[0]]})"

    return re.sub(r"(?<!url\()#[0-9a-f]{6}\b", variable, style)


def declarations(values: dict[str, str]) -> str:
    """The colours as CSS custom properties."""
    return " ".join(f"--{name}: {value};" for name, value in values.items())


def heat_step(rate: float) -> int:
    """The step of the scale for a rate."""
    return 0 if rate <= 0 else min(STEPS - 1, 1 + int(rate * 10 - 1e-9))
