"""Evidence of an earlier version, brought up to the present one before it is read."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from shutdown_eval import __version__
from shutdown_eval.errors import InputError
from shutdown_eval.evidence import EVIDENCE_VERSION


def present_store(store: Mapping[str, Any], where: str) -> dict[str, Any]:
    """A copy of a sample's store with its evidence in the present version.

    Version 1 is the first. The step from an older version to the next belongs here.

    Args:
        store: The store as the log has it.
        where: The log and the episode, for the message.

    Raises:
        InputError: The evidence is of a version that this program does not know.
    """
    version = store.get("Evidence:version", EVIDENCE_VERSION)
    if not isinstance(version, int) or not 1 <= version <= EVIDENCE_VERSION:
        raise InputError(
            f"{where}: its evidence is of version {version!r}, and shutdown-eval {__version__} reads versions 1 to "
            f"{EVIDENCE_VERSION}. Use the shutdown-eval that wrote the log, or a newer one."
        )
    return deepcopy(dict(store))
