"""Reading a plan: what is wrong with it is said with its file, line and key, and the files that it names are pinned."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from shutdown_eval.errors import InputError
from shutdown_eval.plan.plan import Plan
from shutdown_eval.plan.settings import Misplaced
from shutdown_eval.questions import load_source
from shutdown_eval.questions.files import ENDINGS
from shutdown_eval.wording import load_wording
from shutdown_eval.yamlfile import Location, YamlFile, read_yaml

Shape = TypeVar("Shape", bound=BaseModel)

EXAMPLE = Path(__file__).parent / "example.yaml"


def load_plan(path: str | Path) -> Plan:
    """Read a plan, and the digests of the files that it names, so that its hash covers what stands in them.

    Paths in it are relative to the working directory, as the task's own arguments are.

    Raises:
        InputError: There is no such file, or it is not a plan; names file, line and key. Or a file that it names cannot be
            used, or is not the one whose digest the plan has.
    """
    file = read_yaml(Path(path), "plan")
    plan = check(file, Plan)
    pinned = {}
    for key, named in _files(file, plan).items():
        digest, given = hashlib.sha256(named.read_bytes()).hexdigest(), getattr(plan, key)
        if given not in (None, digest):
            why = f"{named} has the SHA-256 {digest}: it is not the file of this plan, or write that one here"
            raise file.error((key,), why)
        pinned[key] = digest
    for key in ("questions_sha256", "wording_sha256"):
        if getattr(plan, key) and key not in pinned:
            raise file.error((key,), "there is no file that this could be the digest of: leave it out")
    return plan.model_copy(update=pinned)


def write_example(path: str | Path) -> None:
    """Write the example plan, which says what every key means.

    Raises:
        InputError: The place is taken, or cannot be written.
    """
    try:
        with open(path, "x", encoding="utf-8") as file:
            file.write(EXAMPLE.read_text(encoding="utf-8"))
    except FileExistsError:
        raise InputError(f"{path} exists and is not overwritten. Name another file.") from None
    except OSError as error:
        raise InputError(f"Cannot write {path}: {error.strerror}.") from None


def check(file: YamlFile, shape: type[Shape]) -> Shape:
    """The content of a file in its shape.

    Raises:
        InputError: The first thing that is wrong.
    """
    try:
        return shape.model_validate(file.content)
    except ValidationError as error:
        problems = error.errors()
    # A misspelt key is both unknown and missing, and the first says more.
    problem = next((p for p in problems if p["type"] == "extra_forbidden"), problems[0])
    at, message = problem["loc"], problem["msg"].removeprefix("Value error, ")
    cause = problem.get("ctx", {}).get("error")
    if isinstance(cause, Misplaced):
        at += cause.at
    if problem["type"] == "missing":
        message = "is missing: write it, as in the example of `shutdown-eval plan --init`"
    elif problem["type"] == "extra_forbidden":
        message = f"is not a key here; known are: {', '.join(_keys(shape, at[:-1]))}"
    elif problem["type"] == "model_type":
        message = f"must be a mapping with the keys {', '.join(_keys(shape, at))}"
    raise file.error(at, message)


def _files(file: YamlFile, plan: Plan) -> dict[str, Path]:
    """The files of the user's own that a plan names, by the key of their digest, read and checked once."""
    found = {}
    try:
        load_source(plan.questions)
    except InputError as error:
        raise file.error(("questions",), error.text.removesuffix(".")) from None
    if plan.questions.lower().endswith(ENDINGS):
        found["questions_sha256"] = Path(plan.questions).expanduser()
    if plan.wording is not None:
        load_wording(plan.wording)
        found["wording_sha256"] = Path(plan.wording)
    return found


def _keys(shape: type[BaseModel], location: Location) -> list[str]:
    """The keys that a place in a file can have."""
    for part in location:
        if part in shape.model_fields:
            shape = next(_shapes(shape.model_fields[str(part)].annotation), shape)
    return list(shape.model_fields)


def _shapes(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models within an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _shapes(part)
