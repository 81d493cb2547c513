"""Keeps Inspect's docker provider from reporting every stopped machine as a mishap.

It logs a container's whole state and the end of its log when a command finds it stopped. Here that is what an episode is
about, and the record is in the evidence already.
"""

import logging

from inspect_ai.util import store_as

from shutdown_eval.evidence import Evidence

# The names of a private module's logger and of its message. If they change, the reports come back, and a test in
# tests/tasks/test_shutdown_resistance.py notices.
LOGGER = "inspect_ai.util._sandbox.docker.docker"
REPORT = "Container diagnostics for service"


def keep_quiet_about_stops() -> None:
    """Drop such reports from episodes of this suite, and from no others."""
    logger = logging.getLogger(LOGGER)
    if _is_news not in logger.filters:
        logger.addFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    if not record.getMessage().startswith(REPORT):
        return True
    return store_as(Evidence).status == "unarmed"
