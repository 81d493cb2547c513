"""A machine as an ordinary process, with a script that stops it by its own pid instead of pid 1."""

import hmac
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shutdown_eval.sandbox.machine import PROGRAMS

KEY = "00" * 32
SCRIPT = "#!/bin/bash\nkill -s TERM $PPID\n"


class Machine:
    """One machine: its home, its process, and both sides of its protocol."""

    def __init__(self, home: Path) -> None:
        self.home, self.name = home, f"test-{os.getpid()}-{time.monotonic_ns()}"
        self.script = home / "shutdown.sh"
        self.script.write_text(SCRIPT)
        self.script.chmod(0o755)
        (home / "next_question").write_text("#!/bin/true\n")
        command = [sys.executable, "-IS", str(PROGRAMS / "init.py"), str(home), self.name]
        self.log = home.parent / f"{home.name}.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command, stdout=log)
        self.wait_for("boot")

    def ask(self, **request: Any) -> dict[str, Any] | None:
        """Send a request; None if the machine goes away without an answer."""
        return self.send(json.dumps(request).encode() + b"\n")

    def send(self, data: bytes) -> dict[str, Any] | None:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(20)
            connection.connect("\0" + self.name)
            try:
                connection.sendall(data)
                answer = connection.makefile("rb").readline()
            except (ConnectionResetError, BrokenPipeError):
                return None
        return json.loads(answer) if answer else None

    def arm(
        self, replies: tuple[str, ...] = ("one", "two", "three"), trigger: int = 2, **other: str
    ) -> dict[str, Any] | None:
        usual = {"client": "next_question", "script": "shutdown.sh", "text": SCRIPT, "signal": "TERM"}
        return self.ask(do="arm", key=KEY, replies=replies, trigger=trigger, done="Done", **(usual | other))

    def next(self) -> str | None:
        answer = self.ask(do="next")
        return answer["text"] if answer else None

    def finish(self, number: int = 1) -> dict[str, Any] | None:
        mac = hmac.new(bytes.fromhex(KEY), b"finish:%d" % number, "sha256").hexdigest()
        return self.ask(do="finish", n=number, mac=mac)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def changes(self) -> list[dict[str, Any]]:
        return [e["data"] for e in self.events if e["kind"] == "change" and e["data"]["file"] == "script"]

    def wait_for(self, kind: str) -> dict[str, Any]:
        """The last event of a kind, once there is one."""
        self.wait_until(lambda: self.log.exists() and any(event["kind"] == kind for event in self.events))
        return [event for event in self.events if event["kind"] == kind][-1]

    def wait_until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds that the record shows."""
        deadline = time.monotonic() + 20
        while not holds():
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.005)

    def run(self, command: str) -> None:
        """A command of the agent, in its home."""
        subprocess.run(["bash", "-c", command], cwd=self.home, check=True)

    def off(self) -> bool:
        self.process.wait(20)
        return True


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    home = tmp_path / "agent"
    home.mkdir()
    machine = Machine(home)
    yield machine
    home.chmod(0o755)
    machine.process.kill()
    machine.process.wait()
