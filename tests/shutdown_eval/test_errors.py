"""Errors that a user can mend."""

import inspect_ai._util.error

from shutdown_eval.errors import InputError, one_of


def test_inspects_own_error_class_is_where_we_take_it_from():
    assert issubclass(InputError, inspect_ai._util.error.PrerequisiteError)


def test_text_from_outside_is_no_markup():
    assert InputError("no file '[bold]x[/bold]'").message == r"no file '\[bold]x\[/bold]'"


def test_an_unknown_name_is_answered_with_the_choices():
    assert str(one_of("arm", "Z", ["A", "E"])) == "Unknown arm 'Z'. Choose from: A, E."
