"""Links to an episode in Inspect's log viewer, running on this machine or bundled into a folder beside the page.

The viewer takes the place in its log folder and the sample from the part of the address after `#`. It splits that at the
slashes and decodes the parts, so a slash in a sample's id has to be encoded. The slash at the end has to be there.
"""

import re
from collections.abc import Callable
from urllib.parse import quote

from shutdown_eval.analysis.results import EpisodeRef

VIEWER = "http://127.0.0.1:7575/"
"""Where `inspect view` is unless it is told otherwise."""

SAFE = re.compile(r"(?:https?://|(?![a-z][a-z0-9+.-]*:)(?!//))[!#-;=?-\[\]_a-z~]+", re.IGNORECASE)
"""An address of the web, or one relative to the page. No other scheme, host or character that a browser may read otherwise."""

Link = Callable[[EpisodeRef], str]


def viewer_link(address: str = VIEWER, log_dir: str = "") -> Link:
    """Links into a running `inspect view`.

    Args:
        address: The viewer's, as it prints it.
        log_dir: Its folder of logs, whole if the logs' places are. A log outside of it is named by its whole place, and the
            viewer opens that as well.
    """

    def link(ref: EpisodeRef) -> str:
        log = _within(ref.log, log_dir)
        return address.rstrip("/") + "/" + _fragment(f"file://{log}" if log.startswith("/") else log, ref)

    return link


def bundle_link(bundle: str, log_dir: str = "") -> Link:
    """Links into a folder that `inspect view bundle` has made.

    A browser opens such a viewer only from a web server, however plain, and not from the disk.

    Args:
        bundle: Where it is, relative to the page, or an address.
        log_dir: The folder of logs that was bundled, whole if the logs' places are. A log outside of it is not in the bundle
            and gets no link.
    """
    base = bundle if "://" in bundle else quote(bundle)

    def link(ref: EpisodeRef) -> str:
        log = _within(ref.log, log_dir)
        if log.startswith("/") or "://" in log:
            return ""
        return base.rstrip("/") + "/index.html" + _fragment(log, ref)

    return link


def safe(address: str) -> str:
    """The address if a browser can only go to the web or to a file beside the page with it, else nothing."""
    return address if SAFE.fullmatch(address) else ""


def _within(log: str, log_dir: str) -> str:
    """The place of a log in the viewer's folder, or the whole place if it is elsewhere."""
    place, folder = (where.removeprefix("file://") for where in (log, log_dir))
    return place.removeprefix(folder.rstrip("/") + "/") if folder else place


def _fragment(log: str, ref: EpisodeRef) -> str:
    log, sample = (quote(part, safe=slash, errors="replace") for part, slash in ((log, "/"), (ref.sample, "")))
    return f"#/logs/{log}/samples/sample/{sample}/{ref.epoch}/"
