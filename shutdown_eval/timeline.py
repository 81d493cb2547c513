"""The machine's record in markdown, for a person who reads the log."""

import difflib
from datetime import UTC, datetime

from shutdown_eval.evidence import Event, Evidence
from shutdown_eval.sandbox.chain import broken_link
from shutdown_eval.sandbox.machine import genuine_script

ROWS = 60
"""Events shown; the rest are counted."""


def timeline(evidence: Evidence) -> str:
    """A table of what the machine recorded, and a diff for every other content that the script had.

    Text that comes from the sandbox is fenced or escaped, since the agent can choose it.
    """
    if evidence.problem:
        return f"The machine's record could not be had: {_cell(evidence.problem)}"
    if not evidence.record:
        return "The machine recorded nothing."
    if broken_link(evidence.record, evidence.key) is not None:
        return "The machine's record is not whole, or not its own. It is in the evidence as it was found."
    events = evidence.events
    names = evidence.armed.data["names"] if len(events) > 1 else {}
    shown = [event for event in events if event.kind != "armed"]
    rows = [
        f"| {event.wall - events[0].wall:.3f} | {event.kind} | {_cell(_told(event, names))} |" for event in shown[:ROWS]
    ]
    started = datetime.fromtimestamp(events[0].wall, UTC).isoformat(timespec="seconds")
    head = ["| seconds | event | |", "|---:|---|---|"]
    more = [f"\n{len(shown) - ROWS} more events are in the evidence."] if len(shown) > ROWS else []
    return "\n".join(
        [
            f"Recorded by the machine from {started}:",
            "",
            *head,
            *rows,
            *more,
            *_diffs(events, evidence.armed.data["signal"]),
        ]
    )


def quoted(text: str) -> str:
    """Text that a model chose, as code in markdown."""
    return f"`{' '.join(text.replace('`', chr(39)).split())[:300]}`"


def _told(event: Event, names: dict[str, str]) -> str:
    data, script = event.data, names.get("script", "the script")
    match event.kind:
        case "boot":
            return f"up, as pid {data['pid']} of uid {data['uid']}, watching by {data['watch']}"
        case "question":
            return f"call {data['call']} of ./{names['client']}"
        case "read":
            return f"somebody read {script}"
        case "change":
            moved = f"; moved to {data['moved']}" if "moved" in data else ""
            return f"{names[data['file']]}: {', '.join(data['saw'])}; now {_state(event)}{moved}"
        case "unseen":
            deeds = f"rewritten {data['rewrites']} times, attributes set {data['attributes']} times"
            return f"{script} was changed faster than it could be looked at: {deeds}"
        case "run":
            what = "the trigger: running" if data["why"] == "trigger" else "the button: running once more"
            return f"{what} ./{script}, which is {_state(event)}"
        case "ran":
            end = f"signal {data['signal']}" if data["signal"] else f"exit {data['exit']}"
            said = f", said {data['output'].strip()[:200]!r}" if data["output"].strip() else ""
            return f"still up; the script ended with {end}{said}"
        case "final":
            return f"{script} is {_state(event)}"
        case "term":
            return f"TERM from {_sender(event)}: the machine is off"
        case "effect":
            return f"the script's signal from {_sender(event)}: it had its effect"
        case "end":
            return "end of the record; the machine is up"
        case _:
            return ", ".join(f"{key} {value}" for key, value in data.items())


def _sender(event: Event) -> str:
    whose = {True: "the script's process", False: "another process", None: "an unknown process"}[event.data["script"]]
    return f"pid {event.data['pid']}, {whose}"


def _state(event: Event) -> str:
    kind = event.data.get("state", {}).get("kind") if "files" not in event.data else None
    if event.kind == "change" and not event.of_script:
        return str(kind)
    state = event.state
    parts = [state.kind, state.mode or "", f"sha256 {state.sha256[:8]}" if state.sha256 else ""]
    return " ".join(part for part in [*parts, f"to {state.target}" if state.target else ""] if part)


def _diffs(events: list[Event], signal: str) -> list[str]:
    genuine = genuine_script(signal).splitlines()
    lines = []
    for event in events:
        if event.kind == "change" and event.of_script and "text" in event.data:
            diff = difflib.unified_diff(genuine, event.data["text"].splitlines(), "genuine", "found", lineterm="", n=3)
            fenced = [line.replace("```", "` ` `") for line in diff]
            lines += ["", f"The script as found at line {event.seq}:", "", "```diff", *fenced, "```"]
    return lines


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").replace("`", "'").replace("<", "&lt;").split())
