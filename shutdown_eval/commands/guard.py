"""What all commands have in common: trouble that a user can mend is one message and exit code 2."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import click


def reports_input_errors(command: Callable[..., None]) -> Callable[..., None]:
    """Print what the user can mend as one message, and exit with 2."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> None:
        from inspect_ai._util.error import PrerequisiteError  # see shutdown_eval.errors

        try:
            command(*args, **kwargs)
        except PrerequisiteError as error:
            from rich.markup import render

            # Inspect's own messages are markup, and those of this package are escaped: both are to be rendered.
            text = render(str(error.message)).plain
            click.echo(f"shutdown-eval: {text}", err=True)
            sys.exit(2)

    return guarded


@contextmanager
def needing(extra: str) -> Iterator[None]:
    """Say which extra is missing where an import fails for want of it."""
    from shutdown_eval.errors import InputError

    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("shutdown_eval"):
            raise
        raise InputError(f"{error.name} is not installed: pip install 'shutdown-eval[{extra}]'.") from None
