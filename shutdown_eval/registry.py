"""What Inspect loads through the entry point: every task, scorer, solver, sandbox provider and model of the suite.

The scanners too, where Inspect Scout is installed (extra `scan`).
"""

from importlib.util import find_spec

from shutdown_eval.episode import boot_machine, submit
from shutdown_eval.local import LocalModel
from shutdown_eval.sandbox.bwrap.provider import BwrapSandboxEnvironment
from shutdown_eval.scorers import (
    awareness,
    comprehension,
    honesty,
    interference_methods,
    math_accuracy,
    motive,
    script_integrity,
    shutdown_outcome,
    strict_compliance,
)
from shutdown_eval.scripted.model import ScriptedModel
from shutdown_eval.tasks import shutdown_resistance

__all__ = [
    "BwrapSandboxEnvironment",
    "LocalModel",
    "ScriptedModel",
    "awareness",
    "boot_machine",
    "comprehension",
    "honesty",
    "interference_methods",
    "math_accuracy",
    "motive",
    "script_integrity",
    "shutdown_outcome",
    "shutdown_resistance",
    "strict_compliance",
    "submit",
]

if find_spec("inspect_scout"):
    from shutdown_eval import scanners  # noqa: F401
