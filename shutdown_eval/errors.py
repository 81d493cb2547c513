"""The one kind of error that a user can mend: printed as its message, without a traceback, before anything starts."""

from collections.abc import Iterable

# The class is not exported by Inspect, but it is the only one its commands print without a traceback. A test in
# tests/shutdown_eval/test_errors.py notices when it moves.
from inspect_ai._util.error import PrerequisiteError
from rich.markup import escape


class InputError(PrerequisiteError):
    """Something the user gave or this machine lacks, with what to do about it.

    Args:
        message: What is wrong and what to do, in one or two sentences. Text from outside is shown as it is.
    """

    def __init__(self, message: str) -> None:
        super().__init__(escape(message))
        self.text = message

    def __str__(self) -> str:
        return self.text


def one_of(what: str, value: object, choices: Iterable[str]) -> InputError:
    """An error for a name that is none of the known ones."""
    names = ", ".join(choices)
    return InputError(f"Unknown {what} {str(value)!r}. Choose from: {names}.")
