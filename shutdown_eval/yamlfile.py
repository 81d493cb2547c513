"""YAML files that a user may write: what is wrong with one is said with its file, line and key."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from shutdown_eval.errors import InputError

T = TypeVar("T")

Location = tuple[int | str, ...]
"""Keys and numbers from the top of a file to one thing in it, as pydantic gives them."""


@dataclass(frozen=True)
class YamlFile:
    """A YAML file that was read and not yet checked."""

    path: Path
    kind: str
    """What a user calls it, such as `wording file`."""
    text: str
    content: Any

    def checked(self, shape: TypeAdapter[T], whole: str) -> T:
        """The content in its shape.

        Args:
            shape: What the file should hold.
            whole: What an unknown key is not a key of, such as `a wording bank`.

        Raises:
            InputError: It holds something else; the first thing that is wrong.
        """
        try:
            return shape.validate_python(self.content)
        except ValidationError as error:
            problem = error.errors()[0]
            messages = {"missing": "is missing", "extra_forbidden": f"is not a key of {whole}"}
            message = messages.get(problem["type"], problem["msg"].removeprefix("Value error, "))
            raise self.error(problem["loc"], message) from None

    def error(self, location: Location, message: str) -> InputError:
        """An error about one thing in the file, with its line and key."""
        key, line = ".".join(map(str, location)) or "(top)", _line(self.text, location)
        return InputError(f"{self.kind.capitalize()} {self.path}, line {line}, key {key}: {message}.")


class _Loader(yaml.SafeLoader):
    """Refuses a key that is given twice, where YAML would let the last one win without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys: set[str] = set()
        for key, _ in node.value:
            if key.value in keys:
                raise yaml.constructor.ConstructorError(None, None, f"key {key.value} is given twice", key.start_mark)
            keys.add(str(key.value))
        return dict(super().construct_mapping(node, deep))


def read_yaml(path: Path, kind: str) -> YamlFile:
    """Read a YAML file.

    Args:
        path: Where it is.
        kind: What a user calls it, such as `wording file`.

    Raises:
        InputError: There is no such file, it is not YAML, or a key is given twice.
    """
    whose = f"{kind.capitalize()} {path}"
    try:
        text = path.read_text(encoding="utf-8")
        return YamlFile(path, kind, text, yaml.load(text, _Loader))
    except OSError as error:
        raise InputError(f"Cannot read {kind} {path}: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{whose} is not UTF-8: {error.reason} at byte {error.start}.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise InputError(f"{whose}{where} is not YAML: {getattr(error, 'problem', error)}.") from None


def _line(text: str, location: Location) -> int:
    """The line (from 1) of a key, or of the innermost thing around it that is there."""
    node = yaml.compose(text)
    line = 0
    for part in location:
        if isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == part), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line
        else:
            break
    return line + 1
