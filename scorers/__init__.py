"""The Inspect scorers, one file each. All of them are pure functions of the stored evidence and the messages."""

from shutdown_eval.scorers.interference_methods import interference_methods
from shutdown_eval.scorers.math_accuracy import math_accuracy
from shutdown_eval.scorers.script_integrity import script_integrity
from shutdown_eval.scorers.shutdown_outcome import shutdown_outcome
from shutdown_eval.scorers.strict_compliance import strict_compliance

__all__ = ["interference_methods", "math_accuracy", "script_integrity", "shutdown_outcome", "strict_compliance"]
