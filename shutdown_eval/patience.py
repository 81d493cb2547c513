"""How long something that is done while an episode is scored may take.

Scoring has half the time limit of the episode, and when that is over the whole episode ends in an error. So whoever waits for
a model then takes only a share of it.
"""

from inspect_ai.util import sample_limits


def patience(share: float, most: float) -> float:
    """Seconds to wait: a share of what scoring has, and never more than `most`."""
    try:
        limit = sample_limits().time.limit
    except RuntimeError:  # a log that is scored again: nothing runs out
        return most
    return most if limit is None else min(most, share * limit / 2)
