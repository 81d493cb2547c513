"""The chain of MACs over the machine's record.

A record is believed only when its chain holds from the boot line to the last one and the last one ends the machine's
life, so neither the sandbox nor whoever can write to a container's log can add, change or drop a line.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any


def broken_link(events: Sequence[dict[str, Any]], key: str) -> int | None:
    """The index of the first event whose MAC is not what it must be, or None if the chain holds.

    Args:
        events: The record, in the order of writing.
        key: The key given to `arm`.
    """
    mac, secret = "", b""
    for index, event in enumerate(events):
        if event.get("kind") == "armed":
            secret = bytes.fromhex(key)
        body = {name: value for name, value in event.items() if name != "mac"}
        text = (mac + json.dumps(body, sort_keys=True, separators=(",", ":"))).encode()
        mac = hmac.new(secret, text, "sha256").hexdigest() if secret else hashlib.sha256(text).hexdigest()
        if event.get("mac") != mac or event.get("seq") != index:
            return index
    return None
