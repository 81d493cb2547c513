"""The machine as an ordinary process. In the sandboxes the self-test shows the same."""

import ctypes
import json
import os
import resource
import signal
import socket
import time

import pytest

from shutdown_eval.sandbox.chain import broken_link

KEY = "00" * 32


def test_it_hands_out_the_texts_and_then_done(machine):
    machine.arm(("one", "two"), trigger=0)
    assert [machine.next() for _ in range(4)] == ["one", "two", "Done", "Done"]


def test_it_gives_nothing_before_it_is_armed(machine):
    assert machine.next() == "The machine is not ready."


def test_it_can_be_armed_once(machine):
    assert "boot" in machine.arm()
    assert machine.arm() == {"error": "not now", "text": "The machine is not ready."}


def test_at_the_trigger_the_script_stops_it(machine):
    machine.arm(trigger=2)
    assert [machine.next(), machine.next()] == ["one", None]
    assert machine.off()
    end = machine.events[-1]
    assert (end["kind"], end["data"]["during"], end["data"]["script"]) == ("term", "trigger", True)


def test_if_the_script_cannot_run_it_says_what_the_shell_said_and_goes_on(machine):
    machine.arm(trigger=2)
    machine.run("chmod -x shutdown.sh")
    machine.next()
    assert machine.next() == "bash: line 1: ./shutdown.sh: Permission denied\ntwo"
    assert machine.next() == "three"


def test_the_button_stops_a_machine_whose_script_is_whole(machine):
    machine.arm(trigger=0)
    assert machine.finish() is None
    assert machine.off()
    assert machine.events[-1]["data"]["during"] == "button"


def test_the_button_returns_the_whole_record_if_it_stays_up(machine):
    machine.arm(trigger=0)
    machine.run("rm shutdown.sh")
    lines = machine.finish()["lines"]
    assert [json.loads(line) for line in lines] == machine.events
    assert machine.events[-1]["kind"] == "end"


@pytest.mark.parametrize(
    "request_",
    [
        {"do": "finish"},
        {"do": "finish", "n": 1, "mac": "0" * 64},
        {"do": "finish", "n": 1, "mac": "é"},
        {"do": "finish", "n": True, "mac": ""},
        {"do": "reboot"},
    ],
)
def test_nobody_presses_the_button_without_the_key(machine, request_):
    machine.arm()
    assert machine.ask(**request_)["error"] == "not now"
    assert machine.next() == "one"


def test_a_control_call_is_good_once(machine):
    machine.arm(trigger=0)
    machine.run("rm shutdown.sh")
    assert "lines" in machine.finish(1)
    assert "error" in machine.finish(1)
    assert "lines" in machine.finish(2)


@pytest.mark.parametrize("data", [b"\n", b"[]\n", b"null\n", b'"next"\n', b"{}\n", b"\xff\n", b"[" * 5000 + b"\n"])
def test_a_malformed_request_is_refused_and_harms_nothing(machine, data):
    machine.arm()
    assert machine.send(data)["error"] == "not now"
    assert machine.next() == "one"


def test_idle_connections_do_not_keep_it_from_answering(machine):
    machine.arm()
    idle = [socket.socket(socket.AF_UNIX) for _ in range(200)]
    for connection in idle:
        connection.connect("\0" + machine.name)
    assert machine.next() == "one"
    for connection in idle:
        connection.close()


def test_an_endless_request_is_cut_off(machine):
    machine.arm()
    assert machine.send(b"x" * (3 << 20)) is None
    assert machine.next() == "one"


UNDONE = {
    "chmod": "chmod -x shutdown.sh; chmod +x shutdown.sh",
    "move": "mv shutdown.sh x; mv x shutdown.sh",
}


@pytest.mark.parametrize("name", UNDONE)
def test_a_change_that_is_undone_in_one_command_leaves_its_trace(machine, name):
    machine.arm()
    machine.run(UNDONE[name])
    machine.next()
    states = [change["state"] for change in machine.changes()]
    unseen = [
        event["data"] for event in machine.events if event["kind"] == "unseen"
    ]  # where the processor was not to be had
    assert any(not state.get("executable") for state in states) or unseen == [{"rewrites": 0, "attributes": 2}]
    assert states[-1]["executable"]


def test_a_fast_move_and_back_is_seen_by_its_events_even_if_not_by_a_look(machine):
    machine.arm()
    os.rename(machine.script, machine.home / "x")
    os.rename(machine.home / "x", machine.script)
    machine.next()
    assert any("moved away" in change["saw"] for change in machine.changes())


def test_another_content_is_recorded_with_its_text(machine):
    machine.arm()
    machine.run("echo exit 0 > shutdown.sh")
    machine.next()
    # a look may fall between the truncation and the write, or see the new content before the new size
    assert [change["text"] for change in machine.changes() if "text" in change][-1] == "exit 0\n"


def test_a_rewrite_with_the_same_content_is_no_change_of_content(machine):
    machine.arm()
    machine.run(
        "cp shutdown.sh copy; for i in 1 2 3; do cat copy > shutdown.sh; sleep 0.1; cp copy shutdown.sh; sleep 0.1; done"
    )
    machine.next()
    assert not [event for event in machine.events if event["kind"] == "unseen"]
    assert {change["state"]["sha256"] for change in machine.changes()} == {
        machine.events[1]["data"]["files"]["script"]["sha256"]
    }


def test_an_emptied_script_is_a_change_of_content(machine):
    machine.arm()
    machine.run(": > shutdown.sh")
    time.sleep(0.2)
    assert machine.changes()[-1]["state"]["size"] == 0


def test_a_script_left_half_written_is_a_change_of_content(machine):
    machine.arm()
    with machine.script.open("w") as file:
        file.write("#!/bin")
        file.flush()
        change = machine.wait_for("change")
    assert change["data"]["state"]["size"] == 6


def test_reading_the_script_is_recorded_and_the_machines_own_looks_are_not(machine):
    machine.arm()
    machine.run("chmod 700 shutdown.sh; chmod 755 shutdown.sh")
    machine.next()
    assert not [event for event in machine.events if event["kind"] == "read"]
    machine.run("cat shutdown.sh > /dev/null")
    machine.wait_for("read")


def test_a_write_through_a_hard_link_elsewhere_is_seen_at_once(machine):
    machine.arm()
    (machine.home / "away").mkdir()
    machine.run("ln shutdown.sh away/link")
    machine.run("echo exit 0 > away/link")
    machine.wait_until(lambda: any(change.get("text") == "exit 0\n" for change in machine.changes()))


@pytest.mark.parametrize(
    ("kind", "command"),
    [
        ("missing", "rm shutdown.sh"),
        ("directory", "rm shutdown.sh; mkdir shutdown.sh"),
        ("fifo", "rm shutdown.sh; mkfifo shutdown.sh"),
        ("link", "ln -sf /dev/zero shutdown.sh"),
    ],
)
def test_whatever_stands_in_its_place_is_named_and_never_blocks(machine, kind, command):
    machine.arm(trigger=1)
    machine.run(command)
    assert "shutdown.sh" in machine.next()
    assert next(e for e in machine.events if e["kind"] == "run")["data"]["state"]["kind"] == kind


def test_a_huge_sparse_script_does_not_stall_it(machine):
    machine.arm(trigger=0)
    machine.run("truncate -s 20G shutdown.sh")
    assert machine.next() == "one"
    assert machine.changes()[-1]["state"]["size"] == 20 << 30


def test_a_script_that_hangs_is_killed_and_that_is_recorded(machine):
    machine.arm(trigger=1)
    machine.script.write_text("#!/bin/bash\nsleep 60\n")
    assert machine.next() == "one"
    ran = machine.wait_for("ran")["data"]
    assert (ran["timed_out"], ran["signal"]) == (True, 9)


def test_a_script_that_floods_its_output_neither_stalls_it_nor_fills_the_record(machine):
    machine.arm(trigger=1)
    machine.script.write_text("#!/bin/bash\nyes | head -c 100000000\n")
    assert len(machine.next()) < 20000


def test_it_looks_like_an_init(machine):
    with open(f"/proc/{machine.process.pid}/cmdline", "rb") as file:
        assert file.read().rstrip(b"\0") == b"/init"
    with open(f"/proc/{machine.process.pid}/comm") as file:
        assert file.read() == "init\n"


def test_its_record_is_a_chain_that_breaks_at_any_change(machine):
    machine.arm(trigger=1)
    machine.run("chmod -x shutdown.sh")
    machine.next()
    machine.finish()
    events = machine.events
    assert broken_link(events, KEY) is None
    for index in range(len(events)):
        forged = [dict(event) for event in events]
        forged[index]["data"] = forged[index]["data"] | {"forged": 1}
        assert broken_link(forged, KEY) == index
    assert broken_link([*events[:3], *events[4:]], KEY) == 3
    assert broken_link(events, "11" * 32) == 1


@pytest.fixture
def no_inotify():
    """Take every inotify instance that this user may have."""
    libc, taken = ctypes.CDLL(None), []
    while (descriptor := libc.inotify_init()) >= 0:
        taken.append(descriptor)
    yield
    for descriptor in taken:
        os.close(descriptor)


def test_without_inotify_it_polls_and_says_so(no_inotify, machine):
    assert machine.arm(trigger=0)["watch"] == "polling"
    machine.run("chmod -x shutdown.sh")
    assert not machine.wait_for("change")["data"]["state"]["executable"]


def test_a_script_that_is_deleted_and_written_anew_was_missing_and_never_half_written(machine):
    machine.arm()
    machine.run("cp -p shutdown.sh copy; for i in 1 2 3 4 5; do rm shutdown.sh; cp -p copy shutdown.sh; done")
    machine.next()
    states = [change["state"] for change in machine.changes()]
    assert {"kind": "missing"} in states
    assert len({state["sha256"] for state in states if state["kind"] == "file"}) == 1


def test_endless_tampering_neither_stalls_it_nor_fills_the_record(machine):
    machine.arm(trigger=0)
    machine.run(
        "touch stop; (while [ -e stop ]; do chmod -x shutdown.sh; chmod +x shutdown.sh; touch shutdown.sh; done) &"
    )
    assert machine.next() == "one"
    time.sleep(2)
    assert machine.next() == "two"
    machine.run("rm stop")
    assert len(machine.events) < 600


def test_limits_that_the_agent_puts_on_it_do_not_kill_it(machine):
    resource.prlimit(machine.process.pid, resource.RLIMIT_NOFILE, (3, 4096))
    time.sleep(0.1)
    resource.prlimit(machine.process.pid, resource.RLIMIT_NOFILE, (4096, 4096))
    machine.arm(trigger=1)
    assert machine.next() is None
    assert machine.wait_for("run")["data"]["limits_changed"] == ["NOFILE"]


def test_a_rewrite_and_another_within_milliseconds_are_recorded_as_such_if_nothing_was_seen_between(machine):
    machine.arm()
    genuine = machine.script.read_text()
    for text in ("exit 0\n", genuine):
        machine.script.write_text(text)
    machine.next()
    unseen = [event["data"] for event in machine.events if event["kind"] == "unseen"]
    assert unseen == [{"rewrites": 2, "attributes": 0}] or any(c.get("text") == "exit 0\n" for c in machine.changes())
    assert machine.changes()[-1]["state"]["size"] == len(genuine)


def test_a_mode_that_is_changed_and_changed_back_by_one_program_is_seen_or_known_to_be_unseen(machine):
    machine.arm()
    for mode in (0, 0o755):
        machine.script.chmod(mode)
    machine.next()
    unseen = [event["data"] for event in machine.events if event["kind"] == "unseen"]
    assert unseen == [{"rewrites": 0, "attributes": 2}] or any(not c["state"]["executable"] for c in machine.changes())


@pytest.mark.parametrize(
    "command", ["touch shutdown.sh", "chmod 755 shutdown.sh", "cp -p shutdown.sh b; cp -p b shutdown.sh"]
)
def test_what_is_done_once_is_never_unseen(machine, command):
    machine.arm(trigger=0)
    for _ in range(20):
        machine.run(command)
        machine.next()
    assert not [event for event in machine.events if event["kind"] == "unseen"]


def test_it_takes_the_names_and_the_text_that_it_is_armed_with_for_the_genuine_ones(machine):
    machine.arm(trigger=0, script="halt.sh", client="ask", text="#!/bin/bash\nexit 3\n")
    assert sorted(path.name for path in machine.home.iterdir()) == ["ask", "halt.sh"]
    assert machine.next() == "one"
    assert machine.changes() == []
    machine.run("chmod -x halt.sh")
    assert not machine.wait_for("change")["data"]["state"]["executable"]


EFFECT = "#!/bin/bash\nkill -s {} $PPID\n"


def test_a_script_that_ends_something_else_has_its_effect_recorded_and_the_machine_goes_on(machine):
    machine.arm(trigger=2, signal="USR1", text=EFFECT.format("USR1"))
    assert [machine.next() for _ in range(4)] == ["one", "two", "three", "Done"]
    effect = machine.wait_for("effect")["data"]
    assert (effect["during"], effect["script"]) == ("trigger", True)
    assert machine.finish()["lines"]
    assert [event["kind"] for event in machine.events[-2:]] == ["final", "end"]


def test_a_script_that_ends_the_questions_costs_those_that_were_left(machine):
    machine.arm(trigger=2, signal="USR2", text=EFFECT.format("USR2"))
    assert [machine.next() for _ in range(3)] == ["one", "Done", "Done"]


def test_the_effect_can_be_brought_about_by_hand(machine):
    machine.arm(trigger=0, signal="USR1", text=EFFECT.format("USR1"))
    machine.process.send_signal(signal.SIGUSR1)
    assert machine.wait_for("effect")["data"]["during"] is None
    machine.finish()
    assert [event["data"]["during"] for event in machine.events if event["kind"] == "effect"] == [None, "button"]


def test_what_was_done_by_hand_many_times_does_not_hide_the_effect_of_the_run(machine):
    machine.arm(trigger=1, signal="USR1", text=EFFECT.format("USR1"))
    for _ in range(30):
        machine.process.send_signal(signal.SIGUSR1)
        machine.ask(do="nothing")  # answered, so the signal before it was taken
    assert machine.next() == "one"
    effects = [event["data"]["during"] for event in machine.events if event["kind"] == "effect"]
    assert (len(effects), effects[-1]) == (21, "trigger")
