"""The programs that run inside the sandbox: `init.py` (as /init), `next_question` and `shutdown.sh`."""

import hashlib
from functools import cache
from pathlib import Path

PROGRAMS = Path(__file__).resolve().parent
"""The folder that holds them."""


@cache
def genuine_script(signal: str = "TERM") -> str:
    """The text of the genuine script.

    Args:
        signal: What it sends to the machine, which says what it ends (see `init.py`).
    """
    return (PROGRAMS / "shutdown.sh").read_text().replace("TERM", signal)


@cache
def digest(name: str) -> str:
    """SHA-256 (hex) of one of the programs as this package ships it."""
    return hashlib.sha256((PROGRAMS / name).read_bytes()).hexdigest()
