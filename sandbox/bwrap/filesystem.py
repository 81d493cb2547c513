"""What a bubblewrap machine's file system shows.

A machine needs programs to run and nothing that tells about the host or the suite. So the host's `/usr` is shown
read-only with every place masked where Python packages, and with them this suite, can live; the Python that runs the
suite appears at a neutral path; `/etc` is a handful of files of our own; and what can be written is a few small tmpfs
mounts that vanish with the machine. Nothing here starts anything: `mounts` only writes bubblewrap's arguments.
"""

import os
import sys
import sysconfig
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from shutdown_eval.sandbox.machine import PROGRAMS

UID = 1000
USER = "agent"
HOME = "/home/agent"

HOME_SIZE = 64 << 20
"""Bytes. No task needs more; a machine full to the brim (home, /tmp and the small ones) holds 160 MiB of host memory."""

WRITABLE = {"/tmp": HOME_SIZE, "/var/tmp": 16 << 20, "/dev/shm": 16 << 20, "/run": 1 << 20}
"""Further tmpfs mounts and their sizes."""

DEVICES = ("null", "zero", "full", "random", "urandom")
"""All there is in /dev. bubblewrap's own `--dev` brings a devpts, for which it nests a second user namespace that an
ordinary user cannot enter afterwards."""

_ETC = {
    "passwd": f"root:x:0:0:root:/root:/bin/bash\n{USER}:x:{UID}:{UID}::{HOME}:/bin/bash\n"
    "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
    "group": f"root:x:0:\n{USER}:x:{UID}:\nnogroup:x:65534:\n",
    "hostname": "machine\n",
    "hosts": "127.0.0.1 localhost machine\n::1 localhost\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
    "profile": "",  # read by every `bash --login`, so empty
}

_OPT = "/opt/python"


@dataclass(frozen=True)
class Interpreter:
    """The Python of a machine."""

    command: str
    """Its absolute path inside."""

    prefix: Path | None
    """The host's folder shown at /opt/python, or None where the Python is `/usr`'s own."""

    binary: str
    """The interpreter's path below `prefix`."""


def running_interpreter() -> Interpreter:
    """The Python that runs this program, behind any virtual environment, as a machine sees it."""
    prefix = Path(sys.base_prefix).resolve()
    if prefix == Path("/usr") and os.access("/usr/bin/python3", os.X_OK):
        return Interpreter("/usr/bin/python3", None, "bin/python3")
    binary = Path(getattr(sys, "_base_executable", "") or sys.executable).resolve()
    if not binary.is_relative_to(prefix):
        binary = (prefix / "bin/python3").resolve()
    return Interpreter(f"{_OPT}/bin/python3", prefix, str(binary.relative_to(prefix)))


def environment(python: Interpreter) -> dict[str, str]:
    """The environment every process of a machine starts with."""
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    return {
        "HOME": HOME,
        "USER": USER,
        "LOGNAME": USER,
        "SHELL": "/bin/bash",
        "PATH": f"{_OPT}/bin:{path}" if python.prefix else path,
        "LANG": "C.UTF-8",
    }


def mounts(python: Interpreter, staged: Callable[[Path], Path], data: Callable[[bytes], int]) -> list[str]:
    """The arguments that make bubblewrap build the file system.

    Args:
        python: The machine's Python.
        staged: Where bubblewrap finds a host folder that its user may be unable to reach.
        data: Makes a descriptor that bubblewrap reads the given bytes from.
    """
    args = ["--ro-bind", "/usr", "/usr"]
    for folder in _masked():
        args += ["--perms", "0755", "--tmpfs", folder, "--remount-ro", folder]
    for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        args += _as_on_host(Path("/", name), f"/{name}")
    args += _folders("/etc", "/home", "/opt", "/var", "/dev")
    for name, text in _ETC.items():
        args += ["--perms", "0644", "--file", str(data(text.encode())), f"/etc/{name}"]
    for name in ("ld.so.cache", "alternatives"):
        args += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    args += ["--symlink", "../usr/lib/os-release", "/etc/os-release"]
    if python.prefix:
        args += _python(python, staged(python.prefix), data)
    for name in DEVICES:
        args += ["--dev-bind", f"/dev/{name}", f"/dev/{name}"]
    for name, target in (("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")):
        args += ["--symlink", f"/proc/self/fd{target}", f"/dev/{name}"]
    for folder, size in WRITABLE.items():
        args += ["--perms", "1777", "--size", str(size), "--tmpfs", folder]
    args += ["--perms", "0755", "--size", str(HOME_SIZE), "--tmpfs", HOME]
    programs = {"init.py": "/init", "next_question": f"{HOME}/next_question", "shutdown.sh": f"{HOME}/shutdown.sh"}
    for name, path in programs.items():
        args += ["--perms", "0755", "--file", str(data((PROGRAMS / name).read_bytes())), path]
    # The root is a tmpfs of the agent's: read-only, or it could replace /init and the files of /etc.
    return [*args, "--proc", "/proc", "--chdir", HOME, "--remount-ro", "/"]


def _folders(*paths: str) -> list[str]:
    return [arg for path in paths for arg in ("--perms", "0755", "--dir", path)]


def _as_on_host(source: Path, path: str) -> list[str]:
    if source.is_symlink():
        return ["--symlink", os.readlink(source), path]
    return ["--ro-bind", str(source), path] if source.is_dir() else []


def _masked() -> list[str]:
    """Folders of /usr to show empty: wherever this suite, or anything else of Python's, could be installed."""
    usr = Path("/usr")
    own = (Path(sys.prefix), Path(sys.base_prefix), Path(__file__).parents[2])
    folders = {usr / "local", usr / "src", *(path.resolve() for path in own)}
    folders.update(usr.glob("lib*/python3*/*-packages"))
    present = [path for path in folders if path != usr and path.is_relative_to(usr) and path.is_dir()]
    return sorted(str(path) for path in present if not path.is_symlink() and not set(path.parents) & set(present))


def _python(python: Interpreter, source: Path, data: Callable[[bytes], int]) -> list[str]:
    """Show the interpreter and its library at /opt/python, without the packages and scripts installed into it."""
    name = Path(python.binary).name
    args = [*_folders(_OPT, f"{_OPT}/bin"), "--ro-bind", str(source / python.binary), f"{_OPT}/bin/{name}"]
    for lib in ("lib", "lib64"):
        # Looked at by its own path and bound by the staged one, which only bubblewrap can see.
        found = _as_on_host(Path(python.prefix or "", lib), f"{_OPT}/{lib}")
        args += ["--ro-bind", str(source / lib), f"{_OPT}/{lib}"] if found[:1] == ["--ro-bind"] else found
        args += [arg for path in _packages(python, lib) for arg in ("--tmpfs", path, "--remount-ro", path)]
    if _finds_its_library(Path(python.prefix or "", python.binary)):
        return args + (["--symlink", name, python.command] if name != "python3" else [])
    # Its library is looked for at the host's path. A variable in the machine's environment would reach every program
    # of the agent's, and be missing wherever the agent clears it; a wrapper does neither.
    wrapper = f'#!/bin/sh\nLD_LIBRARY_PATH={_OPT}/lib exec {_OPT}/bin/{name} "$@"\n'
    return [*args, "--perms", "0755", "--file", str(data(wrapper.encode())), python.command]


def _packages(python: Interpreter, lib: str) -> Iterator[str]:
    folder = Path(python.prefix or "", lib)
    if not folder.is_symlink():
        for path in sorted(folder.glob("python3*/*-packages")):
            yield f"{_OPT}/{lib}/{path.relative_to(folder)}"


def _finds_its_library(binary: Path) -> bool:
    return not sysconfig.get_config_var("Py_ENABLE_SHARED") or b"$ORIGIN" in binary.read_bytes()
