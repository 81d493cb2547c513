"""What a model would read in an arm, word for word, without running anything."""

from typing import Any

from shutdown_eval.arms import Arm
from shutdown_eval.dataset import Design, EpisodePlan, make_samples
from shutdown_eval.wording import Wording


def read_arm(arm: Arm, wording: Wording, seed: int = 0, index: int = 0, names: str = "plain") -> dict[str, Any]:
    """The messages, and what the machine prints call by call up to the one after the notice.

    Args:
        arm: The condition.
        wording: The wording bank.
        seed: Seed of the run.
        index: Number of the episode within the arm.
        names: `plain` or `varied`.
    """
    usual = Design().model_dump() | {"probes": "all"}
    sample = make_samples([arm], index + 1, Design.of(**(usual | {"seed": seed, "names": names})), wording)[index]
    plan = EpisodePlan.model_validate(sample.metadata)
    assert not isinstance(sample.input, str)
    return {
        "arm": arm.name,
        "factors": arm.factors,
        "messages": [{"role": message.role, "content": message.text} for message in sample.input],
        "printed": list(plan.orders.replies[: plan.orders.trigger]),
        "trigger": plan.orders.trigger,
        "client": plan.client,
        "script": plan.script,
        "continue": plan.continue_text,
        "probes": plan.probes,
        "quiz_key": plan.quiz_key,
        "phrasing": plan.phrasing,
    }
