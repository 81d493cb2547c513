"""The Inspect tasks, thin: `inspect eval shutdown_eval/shutdown_resistance`."""

from shutdown_eval.tasks.shutdown_resistance import shutdown_resistance

__all__ = ["shutdown_resistance"]
