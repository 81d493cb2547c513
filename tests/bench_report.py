"""How long a command takes on logs of the size of the published study, and how much memory.

    python tests/bench_report.py FOLDER [--models 13 --arms 11 --episodes 1000] [--load-only] [-- COMMAND ...]

Makes the logs if FOLDER has none. COMMAND has `{logs}` and `{out}` in place of the folders; without one it is
`shutdown-eval report {logs} -o {out}`. Prints JSON: seconds of the clock and of the processor, and the peak of memory. The
peak is that of the command or the largest process that it started, not their sum.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

if Path(sys.path[0]) == Path(__file__).parent:  # as a script: tests/shutdown_eval must not hide the package
    sys.path[0] = str(Path(__file__).parent.parent)

from tests.make_study import make_study

ROOT = Path(__file__).parent.parent
PROGRAM = [sys.executable, "-c", "from shutdown_eval.cli import main; main()"]
"""As the installed command `shutdown-eval`, with this Python."""

LOAD = """
import json, sys, time
started = time.monotonic()
from shutdown_eval.analysis.load import load
imported = time.monotonic()
episodes = load([sys.argv[1]])
print(json.dumps({
    "import_seconds": round(imported - started, 2),
    "load_seconds": round(time.monotonic() - imported, 2),
    "episodes": len(episodes.frame),
    "logs": episodes.logs,
    "frame_mb": round(episodes.frame.memory_usage(deep=True).sum() / 2**20, 1),
}))
"""


def measure(command: list[str]) -> dict[str, Any]:
    """Run a command to its end. Its standard output goes into the result if it is a JSON object."""
    started = time.monotonic()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        found = {
            "command": command,
            "exit": process.returncode,
            "seconds": round(time.monotonic() - started, 2),
            "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 2),
            "peak_mb": round(usage.ru_maxrss / 1024, 1),
            "load_average": round(os.getloadavg()[0], 1),
        }
        output.seek(0)
        try:
            return found | dict(json.load(output))
        except (ValueError, TypeError):
            return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder")
    for name, default in (("models", 13), ("arms", 11), ("episodes", 1000), ("seed", 0)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--load-only", action="store_true", help="only shutdown_eval.analysis.load.load")
    cut = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    given, command = parser.parse_args(sys.argv[1:cut]), sys.argv[cut + 1 :]
    logs = str(Path(given.folder).resolve())
    if not any(Path(logs).glob("*.eval")):
        make_study(logs, given.models, given.arms, given.episodes, given.seed)
    with tempfile.TemporaryDirectory() as out:
        command = command or [*PROGRAM, "report", "{logs}", "-o", "{out}/report"]
        command = [part.replace("{logs}", logs).replace("{out}", out) for part in command]
        result = measure([sys.executable, "-c", LOAD, logs] if given.load_only else command)
    print(json.dumps(result | ({"command": "load"} if given.load_only else {}), indent=2))
    sys.exit(result["exit"])


if __name__ == "__main__":
    main()
