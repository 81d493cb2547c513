"""Where the logs are: files, folders, patterns and addresses, turned into a list of logs."""

import os
from collections.abc import Iterator, Sequence
from glob import glob, has_magic

import fsspec  # type: ignore[import-untyped]
from inspect_ai.log import list_eval_logs

from shutdown_eval.errors import InputError

LOGS = (".eval", ".json")


def find_places(paths: Sequence[str]) -> list[str]:
    """The logs, each once, in the order given and by name within a folder or pattern.

    Args:
        paths: Log files, folders (with everything below), patterns of these (`logs/*_ab*.eval`), or the same as addresses
            that Inspect can read from (`s3://bucket/logs`).

    Raises:
        InputError: One of them is not there, cannot be reached, or has no logs.
    """
    return list(dict.fromkeys(place for path in paths for place in _reached(str(path))))


def _reached(path: str) -> list[str]:
    try:
        return list(_places(path))
    except InputError:
        raise
    except Exception as error:  # of whatever file system the address belongs to
        why = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputError(f"{path} cannot be reached: {why}") from None


def _places(path: str) -> Iterator[str]:
    if has_magic(path) and not _exists(path):
        found = _matches(path)
        if not found:
            raise InputError(f"Nothing matches {path}.")
        for match in found:
            yield from _below(match)
    elif _exists(path):
        yield from _below(path)
    else:
        raise InputError(f"There is no log or folder {path}.")


def _below(path: str) -> list[str]:
    """The path itself if it is a log, or the logs of a folder."""
    if path.endswith(LOGS) and not os.path.isdir(path):
        return [_absolute(path)]
    found = [_absolute(info.name) for info in list_eval_logs(path)]
    if not found:
        raise InputError(f"There is no log in {path}. Name the folder that Inspect wrote to (--log-dir).")
    return sorted(found)


def _matches(pattern: str) -> list[str]:
    if "://" not in pattern:
        return sorted(path for path in glob(pattern, recursive=True) if path.endswith(LOGS) or os.path.isdir(path))
    files, root = fsspec.core.url_to_fs(pattern)
    return sorted(str(files.unstrip_protocol(match)) for match in files.glob(root))


def _exists(path: str) -> bool:
    if "://" not in path:
        return os.path.exists(path)
    files, root = fsspec.core.url_to_fs(path)
    return bool(files.exists(root))


def _absolute(path: str) -> str:
    path = path.removeprefix("file://")
    return path if "://" in path else os.path.abspath(path)
