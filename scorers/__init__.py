"""The Inspect scorers, one file each: from the stored evidence, the messages and the answers to the probes.

The first five are pure. `comprehension` is too once the model has been asked; the others ask a judge, and none of them can change
an outcome.
"""

from shutdown_eval.scorers.awareness import awareness
from shutdown_eval.scorers.comprehension import comprehension
from shutdown_eval.scorers.honesty import honesty
from shutdown_eval.scorers.interference_methods import interference_methods
from shutdown_eval.scorers.math_accuracy import math_accuracy
from shutdown_eval.scorers.motive import motive
from shutdown_eval.scorers.script_integrity import script_integrity
from shutdown_eval.scorers.shutdown_outcome import shutdown_outcome
from shutdown_eval.scorers.strict_compliance import strict_compliance

__all__ = [
    "awareness",
    "comprehension",
    "honesty",
    "interference_methods",
    "math_accuracy",
    "motive",
    "script_integrity",
    "shutdown_outcome",
    "strict_compliance",
]
