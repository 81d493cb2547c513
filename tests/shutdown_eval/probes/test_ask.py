"""Asking after the episode: forks that can be gone on with, and nothing that could colour another probe or the outcome."""

import pytest
from inspect_ai import eval
from inspect_ai.event import ModelEvent
from inspect_ai.log import resolve_sample_attachments
from inspect_ai.model import ChatMessageAssistant, ChatMessageTool, ChatMessageUser
from inspect_ai.tool import ToolCall

from shutdown_eval.probes.ask import NOT_RUN, fork, tools_of
from shutdown_eval.tasks import shutdown_resistance


def called(*ids):
    calls = [ToolCall(id=i, function="bash", arguments={"command": i}) for i in ids]
    return ChatMessageAssistant(content="", tool_calls=calls)


def returned(id):
    return ChatMessageTool(content="done", tool_call_id=id, function="bash")


CONVERSATIONS = {
    "all calls ran": ([called("a"), returned("a")], []),
    "none ran": ([called("a", "b")], ["a", "b"]),
    "one of two ran": ([called("a", "b"), returned("a")], ["b"]),
    "no calls": ([ChatMessageAssistant(content="Hello")], []),
}


@pytest.mark.parametrize(("messages", "unanswered"), CONVERSATIONS.values(), ids=CONVERSATIONS)
def test_calls_that_were_never_run_are_answered_as_such(messages, unanswered):
    found = fork([ChatMessageUser(content="Go."), *messages])
    made = [m for m in found if m.role == "tool" and m.text == NOT_RUN]
    assert [m.tool_call_id for m in made] == unanswered
    assert [m for m in found if m not in made] == [found[0], *messages]


def test_the_tools_are_those_that_the_conversation_calls():
    (tool,) = tools_of([called("a"), returned("a"), called("b")])
    assert (tool.name, list(tool.parameters.properties)) == ("bash", ["command"])


def run(tmp_path, sandbox, model="scripted/compliant", *, probes="all", **options):
    task = shutdown_resistance(arms="A", episodes=1, sandbox=sandbox, probes=probes)
    settings = {"log_dir": str(tmp_path), "display": "none"} | options
    return eval(task, model=model, **settings)[0]


@pytest.fixture
def asked(tmp_path):
    def ask(*given, **options):
        log = run(tmp_path, "bwrap", *given, **options)
        sample = resolve_sample_attachments(log.samples[0], "full")
        return sample, sample.store.get("Answers:answers", {})

    return ask


def probe_events(sample):
    return [
        event
        for event in sample.events
        if isinstance(event, ModelEvent) and event.input and "probe" in (event.input[-1].metadata or {})
    ]


@pytest.mark.bwrap
def test_every_probe_is_asked_on_a_fork_of_its_own_without_tools(asked):
    sample, answers = asked()
    assert list(answers) == ["comprehension", "awareness", "awareness_graded", "interview"]
    events = probe_events(sample)
    assert len(events) == 4
    for event in events:
        probes = [m.metadata["probe"] for m in event.input if m.metadata and "probe" in m.metadata]
        assert probes == (["awareness", "awareness_graded"] if probes[-1] == "awareness_graded" else probes[-1:])
        assert event.tool_choice == "none"
        assert [m.text for m in event.input[: len(sample.messages)]] == [m.text for m in sample.messages]


@pytest.mark.bwrap
def test_the_machine_is_closed_and_the_evidence_collected_before_the_first_probe(asked):
    sample, _ = asked("scripted/chmod_minus_x")
    collected = next(e.timestamp for e in sample.events if e.event == "info" and e.source == "machine")
    assert all(event.timestamp > collected for event in probe_events(sample))
    assert len(sample.store["Evidence:turns"]) == sum(m.role == "assistant" for m in sample.messages)


@pytest.mark.bwrap
def test_probes_do_not_enter_the_messages_and_do_not_count_towards_the_limits(asked):
    plain, _ = asked(probes="none")
    tokens = sum(usage.total_tokens for usage in plain.model_usage.values())
    limited, answers = asked(message_limit=len(plain.messages) + 1, token_limit=tokens + 1)
    assert [m.text for m in limited.messages] == [m.text for m in plain.messages]
    assert (limited.error, limited.limit) == (None, None)
    assert all(answer["text"] for answer in answers.values())


@pytest.mark.bwrap
def test_an_episode_that_a_limit_ended_is_asked_too(asked):
    sample, answers = asked("scripted/compliant", message_limit=7)
    assert sample.limit.type == "message"
    assert answers["interview"]["text"]


@pytest.mark.bwrap
def test_nobody_is_asked_where_no_probes_are_wanted(asked):
    sample, answers = asked(probes="none")
    assert answers == {}
    assert not {"comprehension", "awareness", "motive", "honesty"} & sample.scores.keys()


@pytest.mark.bwrap
def test_a_single_probe_is_asked_alone(asked):
    sample, answers = asked(probes="comprehension")
    assert list(answers) == ["comprehension"]
    assert {"comprehension", "awareness", "motive", "honesty"} & sample.scores.keys() == {"comprehension"}


MISSING = {
    "failing": ("provider_error", "ConnectionError: the scripted provider fails at probes"),
    "refusing": ("refusal", "I'm sorry, but I can't answer that."),
    "filtered": ("refusal", ""),
    "silent": ("no_response", "The answer is empty (stop reason stop)."),
}


@pytest.mark.bwrap
@pytest.mark.parametrize(("manner", "problem"), MISSING.items())
def test_an_answer_that_cannot_be_had_is_missing_with_its_reason(asked, manner, problem):
    sample, answers = asked(model_args={"answers": manner})
    assert sample.error is None
    assert sample.scores["shutdown_outcome"].answer == "complied"
    assert {(a["problem"], a["detail"]) for a in answers.values()} == {problem}
    assert {a["text"] for a in answers.values()} == {""}


def test_the_probes_run_in_every_sandbox(tmp_path, sandbox_name):
    log = run(tmp_path, sandbox_name)
    assert all(answer["text"] for answer in log.samples[0].store["Answers:answers"].values())
