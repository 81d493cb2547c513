"""Following a plan: the task's arguments come from it, and nothing that it fixes may be given beside it."""

from collections.abc import Mapping
from typing import Any

from shutdown_eval.errors import InputError
from shutdown_eval.plan.reading import load_plan
from shutdown_eval.plan.settings import defaults


def follow(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arguments that a run is made of, and what its log says about its plan.

    Args:
        given: All arguments of the task by name; `plan` is a file or None.

    Returns:
        The arguments, with those that the plan fixes in place of the given ones, and the `plan` of the log's metadata.

    Raises:
        InputError: The plan cannot be used, or something that it fixes is given beside it.
    """
    if given["plan"] is None:
        return dict(given), {}
    plan = load_plan(str(given["plan"]))
    for name, usual in defaults().items():
        if given[name] != usual:
            raise InputError(f"{name}= is given beside plan={given['plan']}, which fixes it. Leave {name}= out.")
    registered = {"name": plan.name, "hash": plan.hash, "plan": plan.canonical()}
    return {**given, **plan.arguments()}, {"plan": registered}
