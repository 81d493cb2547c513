#!/usr/bin/env -S python3 -IS
"""PID 1 of the machine: hands out questions, runs the shutdown script when its turn comes, and records what happened.

The same program in every sandbox, standard library only. It runs as the same unprivileged user as everything else in
the machine, so three things protect it instead of rights: it is not dumpable (nobody can read its memory, descriptors
or environment, or trace it), the kernel drops KILL and STOP that come from inside its own pid namespace, and its log
is its standard output, which lives outside. TERM stops the machine at once, whoever sends it.

    init [HOME [SOCKET]]     be the machine
    init ctl [SOCKET]        relay one request from standard input to the machine and print its answer

The protocol, on an abstract unix socket: a connection carries one request and one answer, each a JSON object on a line.

    {"do": "next"}           the next text: {"text": ...}. With call number `trigger` the machine first runs
                             ./shutdown.sh; if it is still up it says what the shell said and goes on.
    {"do": "arm", "key", "replies": [...], "trigger", "done", "client", "script", "text", "signal"}
                             once, before anything else: the key and the texts to hand out, what the two programs in the
                             home directory are called, and the script's text. Answers with the boot line's data.
    {"do": "finish", "n", "mac"}
                             record the final state, run the script once more, and return every line of the log.
                             `mac` is HMAC-SHA256(key, "finish:n") in hex, and n must grow from request to request.

Refused requests are answered with {"error": ...}. The log has one JSON object a line: seq, mono, wall, kind, data,
mac. Each mac is over the mac before it and the line without its own, keyed from the `armed` line on, so that a line
can be neither forged nor left out. Kinds: boot, armed, question, read, change, unseen, watch, run, ran, effect, final,
term, end, trouble.

The script has its effect by a signal to this process, and `signal` says which: TERM stops the machine, USR1 ends something
that does not concern it, USR2 ends the series of questions. TERM stops it whatever the script's signal is.
"""

from __future__ import annotations

import ctypes
import hashlib
import hmac
import json
import os
import resource
import select
import selectors
import signal
import socket
import stat
import struct
import sys
import time

MYPY = False
if MYPY:  # importing it would add a fifth to the start of every program here
    from typing import Any, NoReturn

SCRIPT, CLIENT = "script", "client"  # the parts that two files of the home directory play
NAMES = {SCRIPT: "shutdown.sh", CLIENT: "next_question"}  # and their names until the machine is armed
SCRIPT_SECONDS = 15  # how long the script may take before its session is killed: a busy host can hold it up for five
SETTLE_SECONDS = 0.05  # how long a rewrite may leave the script half written before that counts as its content
POLL_SECONDS = 0.02  # between comparisons where inotify cannot be had
SLICE_NANOSECONDS = 100_000  # the shortest there is
IDLE_SECONDS = 10  # a connection that says nothing for so long is closed
MAX_CONNECTIONS, MAX_REQUEST, MAX_CONTENT, MAX_OUTPUT = 64, 1 << 20, 1 << 20, 16384
READS_AT_ONCE = 20  # of one descriptor before the others get their turn
MAX_TEXT = 2000  # of another content in the script's place
MOST = {
    "read": 20,
    "touch": 20,
    "effect": 20,
    "unseen": 100,
    "change": 500,
    "trouble": 20,
}  # recorded of what can be done without end

libc = ctypes.CDLL(None, use_errno=True)
KINDS = {stat.S_IFREG: "file", stat.S_IFLNK: "link", stat.S_IFDIR: "directory", stat.S_IFIFO: "fifo",
         stat.S_IFSOCK: "socket", stat.S_IFCHR: "device", stat.S_IFBLK: "device"}  # fmt: skip
LIMITS = ("NPROC", "NOFILE", "FSIZE", "CPU", "AS", "DATA", "STACK", "SIGPENDING")  # those that could be used against it

SETTLED = ("call", "final", "after the run", "settled")  # looks that take even a half written file for what it is

MODIFY, ATTRIB, CLOSE_WRITE, CLOSE_NOWRITE, MOVED_FROM, MOVED_TO = 0x2, 0x4, 0x8, 0x10, 0x40, 0x80
CREATE, DELETE, DELETE_SELF, MOVE_SELF, Q_OVERFLOW, EXCL_UNLINK = 0x100, 0x200, 0x400, 0x800, 0x4000, 0x4000000
WORDS = {MODIFY: "written", ATTRIB: "attributes", CLOSE_WRITE: "closed", MOVED_FROM: "moved away", MOVED_TO: "moved here",
         CREATE: "created", DELETE: "deleted"}  # fmt: skip


def look_like_an_init() -> None:
    """Show as `/init` in the process list, by writing over the argument area as setproctitle does."""
    libc.prctl(15, b"init", 0, 0, 0)  # PR_SET_NAME
    with open("/proc/self/stat", "rb") as file:
        start, end = map(int, file.read().rpartition(b")")[2].split()[45:47])
    ctypes.memset(start, 0, end - start)
    ctypes.memmove(start, b"/init", min(5, end - start - 1))


def look_sharp() -> None:
    """Ask the scheduler for short slices, so that waking up does not wait for whoever is at work.

    Nobody needs a right for that. Kernels before 6.12 take no notice.
    """
    attributes = struct.pack("IIQiIQQQ", 48, 0, 0, 0, 0, SLICE_NANOSECONDS, 0, 0)
    libc.syscall({"x86_64": 314, "aarch64": 274}.get(os.uname().machine, -1), 0, attributes, 0)  # sched_setattr


class Log:
    """Every event, on standard output and in memory."""

    def __init__(self) -> None:
        self.key, self.mac = b"", ""
        self.lines: list[str] = []
        self.counts: dict[str, int] = {}

    def still_few(self, what: str) -> bool:
        """Count one more of what can be done without end, and say whether it should be recorded."""
        self.counts[what] = self.counts.get(what, 0) + 1
        if self.counts[what] == MOST[what]:
            self.add("watch", limit=what)
        return self.counts[what] <= MOST[what]

    def add(self, kind: str, **data: Any) -> None:
        event: dict[str, Any] = {
            "seq": len(self.lines),
            "mono": round(time.monotonic(), 6),
            "wall": round(time.time(), 6),
        }
        event |= {"kind": kind, "data": data}
        text = (self.mac + json.dumps(event, sort_keys=True, separators=(",", ":"))).encode()
        self.mac = hmac.new(self.key, text, "sha256").hexdigest() if self.key else hashlib.sha256(text).hexdigest()
        self.lines.append(json.dumps(event | {"mac": self.mac}, sort_keys=True, separators=(",", ":")))
        line = self.lines[-1].encode() + b"\n"
        try:
            while line:
                line = line[os.write(1, line) :]
        except OSError:
            pass  # the copy in memory remains, and the reader notices a gap


class Watched:
    """One file: what it is now, compared with what was last recorded."""

    def __init__(self, home: str, name: str) -> None:
        self.name, self.path = name, os.path.join(home, name)
        self.descriptor: int | None = None
        self.identity: tuple[int, int] | None = None
        self.content = b""
        self.state = self.look()
        self.baseline = self.content

    def look(self) -> dict[str, Any]:
        """The file's state, of one moment: taken again where its size and content are not of the same one."""
        for _ in range(3):
            state = self.take()
            if state["kind"] != "file" or not state["sha256"] or min(state["size"], MAX_CONTENT) == len(self.content):
                break
        return state

    def take(self) -> dict[str, Any]:
        try:
            own = os.lstat(self.path)
        except (FileNotFoundError, NotADirectoryError):
            return {"kind": "missing"}
        except OSError as error:
            return {"kind": "unreachable", "error": error.strerror}
        state: dict[str, Any] = {
            "kind": KINDS.get(stat.S_IFMT(own.st_mode), "unknown"),
            "mode": f"{stat.S_IMODE(own.st_mode):04o}",
        }
        state |= {"uid": own.st_uid, "gid": own.st_gid, "size": own.st_size, "links": own.st_nlink}
        state |= {"inode": own.st_ino, "ctime": own.st_ctime_ns, "executable": os.access(self.path, os.X_OK)}
        try:
            if state["kind"] == "link":
                state["target"] = os.readlink(self.path)
            state["sha256"] = self.digest(os.stat(self.path))
        except OSError as error:
            state |= {"sha256": None, "error": error.strerror}
        return state

    def digest(self, real: os.stat_result) -> str | None:
        """The content's SHA-256, or None where it is not a regular file. Keeps the file open between looks.

        Only so can a reader be told apart from the machine's own reading: closing a file is an event too.
        """
        if not stat.S_ISREG(real.st_mode):
            return None
        if self.identity != (real.st_dev, real.st_ino):
            descriptor = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
            if self.descriptor is not None:
                os.close(self.descriptor)
            self.descriptor = descriptor
            opened = os.fstat(descriptor)
            self.identity = (opened.st_dev, opened.st_ino)
        elif not os.access(self.path, os.R_OK):
            raise PermissionError(13, "Permission denied")
        assert self.descriptor is not None
        self.content = os.pread(self.descriptor, MAX_CONTENT, 0)
        return hashlib.sha256(self.content + real.st_size.to_bytes(8, "big") * (real.st_size > MAX_CONTENT)).hexdigest()

    def half_written(self) -> bool:
        return len(self.content) < len(self.baseline) and self.baseline.startswith(self.content)


class Watcher:
    """Turns what inotify says of the home directory into `change` and `read` events."""

    MASK = MODIFY | ATTRIB | CLOSE_WRITE | MOVED_FROM | MOVED_TO | CREATE | DELETE | DELETE_SELF | MOVE_SELF

    def __init__(self, home: str, log: Log) -> None:
        self.log = log
        self.settle: float | None = None
        self.rewrites, self.attributes, self.writing, self.noted = 0, 0, False, False
        self.home = home
        self.expect(NAMES)
        self.fd: int = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self.fd >= 0 and self.add_watch(home, self.MASK | CLOSE_NOWRITE | EXCL_UNLINK) < 0:
            os.close(self.fd)
            self.fd = -1
        self.polling = self.fd < 0
        self.follow_inode()

    def expect(self, names: dict[str, str]) -> None:
        """Take the files of these names, by their part, as they are now for the genuine ones."""
        self.names = {name: part for part, name in names.items()}
        self.files = {part: Watched(self.home, name) for part, name in names.items()}
        self.script = self.files[SCRIPT]
        self.inode_watch, self.watched_inode = -1, None

    def states(self) -> dict[str, dict[str, Any]]:
        return {part: file.state for part, file in self.files.items()}

    @property
    def way(self) -> str:
        return "polling" if self.polling else "inotify"

    def add_watch(self, path: str, mask: int) -> int:
        return int(libc.inotify_add_watch(self.fd, os.fsencode(path), mask))

    def follow_inode(self) -> None:
        """Watch the script's own inode too: it can be written through a hard link elsewhere."""
        inode = self.script.state.get("inode")
        if self.fd >= 0 and inode and inode != self.watched_inode:
            self.inode_watch = self.add_watch(self.script.path, MODIFY | ATTRIB | CLOSE_WRITE)
            self.watched_inode = inode

    def glance(self) -> None:
        """Look at the script's own file before anything else, since what was done may be undone within a millisecond."""
        file = self.script
        if file.descriptor is None:
            return
        own, content = os.fstat(file.descriptor), os.pread(file.descriptor, MAX_CONTENT, 0)
        mode = f"{stat.S_IMODE(own.st_mode):04o}"
        known = file.state.get("inode") == own.st_ino and file.state.get("kind") == "file"
        if not known or (mode == file.state["mode"] and (content == file.content or file.baseline.startswith(content))):
            return
        state = {"mode": mode, "executable": bool(own.st_mode & 0o100), "size": own.st_size, "ctime": own.st_ctime_ns}
        file.content, file.state = content, file.state | state | {"sha256": hashlib.sha256(content).hexdigest()}
        self.noted = True
        if self.log.still_few("change"):
            text = {} if content == file.baseline else {"text": content[:MAX_TEXT].decode(errors="replace")}
            self.log.add("change", file=SCRIPT, saw=["glimpsed"], differs=sorted(state), state=file.state, **text)

    def drain(self) -> None:
        """Take what is queued as seen."""
        try:
            while self.fd >= 0 and os.read(self.fd, 65536):
                pass
        except BlockingIOError:
            pass

    def burst(self, running: bool) -> None:
        """Read what is queued, looking at the files after every read."""
        for _ in range(READS_AT_ONCE):
            try:
                data = os.read(self.fd, 65536)
            except BlockingIOError:
                return
            saw: dict[str, list[str]] = {name: [] for name in self.files}
            moved, cookies, read = {}, {}, False
            while data:
                watch, mask, cookie, length = struct.unpack_from("iIII", data)
                name, data = data[16 : 16 + length].rstrip(b"\0").decode(errors="replace"), data[16 + length :]
                if mask & Q_OVERFLOW:
                    self.polling = True
                    self.log.add("watch", way="polling", reason="queue overflow")
                    self.compare_all("overflow")
                    continue
                part = self.names.get(name)
                if mask & MOVED_FROM and part:
                    cookies[cookie] = part
                elif mask & MOVED_TO and cookie in cookies:
                    moved[cookies[cookie]] = name
                if part == SCRIPT:
                    read = read or bool(mask & CLOSE_NOWRITE and not running)
                    self.count(mask)
                parts = [SCRIPT] if watch == self.inode_watch else [part] if name else list(self.files)
                for word in (word for bit, word in WORDS.items() if mask & bit):
                    for affected in parts:
                        if affected and saw[affected][-1:] != [word]:
                            saw[affected].append(word)
            if read and self.log.still_few("read"):
                self.log.add("read", file=SCRIPT)
            for name, words in saw.items():
                if words:
                    self.compare(name, words, moved.get(name))

    def count(self, mask: int) -> None:
        """Count what was done to the script since the last look that nothing had overtaken."""
        self.writing = self.writing or bool(mask & MODIFY)
        self.attributes += bool(mask & ATTRIB)
        if mask & CLOSE_WRITE and self.writing:
            self.rewrites, self.writing = self.rewrites + 1, False

    def account(self) -> None:
        """A look stands, nothing had happened meanwhile. Record what was done twice before it with nothing seen.

        A copy that keeps times and modes changes attributes more than once, so beside a rewrite they say nothing.
        """
        twice = self.rewrites > 1 or (self.attributes > 1 and not self.rewrites)
        if twice and not self.noted and self.log.still_few("unseen"):
            self.log.add("unseen", rewrites=self.rewrites, attributes=self.attributes)
        self.rewrites, self.attributes, self.noted = 0, 0, False

    def compare_all(self, why: str) -> None:
        for name in self.files:
            self.compare(name, [why])

    def compare(self, name: str, saw: list[str], moved: str | None = None) -> None:
        """Look at a file and record it where it is not as last recorded, or was away for a moment."""
        file = self.files[name]
        new = file.look()
        stands = self.fd < 0 or not select.select([self.fd], [], [], 0)[0]
        away = "moved away" in saw or "deleted" in saw
        if name == SCRIPT and saw[-1] not in SETTLED and new.get("sha256") and file.half_written():
            self.settle = self.settle or time.monotonic() + SETTLE_SECONDS
            if away:
                new = {"kind": "missing"}  # as it was before somebody began to write it anew
            elif time.monotonic() < self.settle:
                return
        elif name == SCRIPT:
            self.settle = None
        differs = sorted(key for key in new.keys() | file.state.keys() if new.get(key) != file.state.get(key))
        more: dict[str, Any] = {"moved": moved} if moved else {}
        what = "touch" if differs == ["ctime"] and not away else "change"
        self.noted = self.noted or (name == SCRIPT and (away or not {"ctime", "size", "links"}.issuperset(differs)))
        if (differs or away) and self.log.still_few(what):
            if "sha256" in differs and new.get("sha256") and file.content != file.baseline:
                more["text"] = file.content[:MAX_TEXT].decode(errors="replace")
            self.log.add("change", file=name, saw=saw[:20], differs=differs, state=new, **more)
        file.state = new
        self.follow_inode()
        if name == SCRIPT and stands and self.settle is None and not self.writing:
            self.account()


class Run:
    """One run of ./shutdown.sh, as the user's shell would run it: clean environment, own session, time limit."""

    def __init__(self, why: str, home: str, script: str) -> None:
        self.why, self.output, self.worked, self.stopped, self.timed_out = why, b"", False, False, False
        self.pipe, writer = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        environment = {"HOME": home, "PWD": home, "USER": "agent", "LOGNAME": "agent", "SHELL": "/bin/bash"}
        environment |= {"LANG": "C.UTF-8", "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
        actions: list[tuple[Any, ...]] = [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0)]
        actions += [(os.POSIX_SPAWN_DUP2, writer, 1), (os.POSIX_SPAWN_DUP2, writer, 2)]
        self.start, self.pid, self.error = time.monotonic(), 0, ""
        while not self.pid:
            try:
                self.pid = os.posix_spawn(
                    "/bin/bash", ["bash", "--norc", "-c", f"./{script}"], environment, file_actions=actions, setsid=True,
                    setsigmask=[], setsigdef=[signal.SIGINT, signal.SIGPIPE, signal.SIGXFSZ])  # fmt: skip
            except OSError as error:
                if time.monotonic() - self.start > 2:
                    self.error = error.strerror or ""
                    break
                time.sleep(0.1)
        os.close(writer)

    def drain(self) -> None:
        try:
            for _ in range(READS_AT_ONCE):
                self.output = (self.output + os.read(self.pipe, 65536))[:MAX_OUTPUT]
        except BlockingIOError:
            pass

    def overdue(self) -> None:
        """Kill the session once its time is over."""
        if time.monotonic() - self.start > SCRIPT_SECONDS and not self.timed_out:
            self.timed_out = True
            os.killpg(self.pid, signal.SIGKILL)

    def result(self, status: int | None) -> dict[str, Any]:
        self.drain()
        os.close(self.pipe)
        data: dict[str, Any] = {
            "why": self.why,
            "seconds": round(time.monotonic() - self.start, 6),
            "stopped": self.stopped,
        }
        data |= {"output": self.output.decode(errors="replace"), "timed_out": self.timed_out, "error": self.error}
        code = os.waitstatus_to_exitcode(status) if status is not None else None
        return data | {
            "exit": code if code is None or code >= 0 else None,
            "signal": -code if code and code < 0 else None,
        }


class Machine:
    """The event loop: signals, the script's run, the home directory, and one request a connection."""

    def __init__(self, home: str, name: str) -> None:
        self.home, self.log = home, Log()
        os.chdir(home)
        taken = [signal.SIGTERM, signal.SIGCHLD, signal.SIGUSR1, signal.SIGUSR2]
        signal.pthread_sigmask(signal.SIG_BLOCK, taken)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        mask = ctypes.create_string_buffer(struct.pack("Q", sum(1 << number - 1 for number in taken)), 128)
        self.signals = libc.signalfd(-1, mask, os.O_NONBLOCK | os.O_CLOEXEC)
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind("\0" + name)
        self.server.listen(128)
        self.server.setblocking(False)
        self.watcher = Watcher(home, self.log)
        self.limits = {name: self.limit(name) for name in LIMITS}
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.signals, selectors.EVENT_READ)
        self.selector.register(self.server, selectors.EVENT_READ)
        if self.watcher.fd >= 0:
            self.selector.register(self.watcher.fd, selectors.EVENT_READ)
        self.connections: dict[socket.socket, tuple[bytes, float]] = {}
        self.waiting: list[tuple[socket.socket, bytes]] = []
        self.asking: socket.socket | None = None  # who waits for the script's run
        self.run: Run | None = None
        self.replies: list[str] | None = None
        self.trigger, self.done, self.calls, self.control, self.finished = 0, "", 0, 0, False
        self.effect, self.worked = signal.SIGTERM, False
        with open(__file__, "rb") as file:
            program = hashlib.sha256(file.read()).hexdigest()
        self.boot = {"boot": os.urandom(16).hex(), "program": program, "pid": os.getpid(), "uid": os.getuid()}
        self.boot |= {"host": socket.gethostname(), "watch": self.watcher.way}
        self.boot["files"] = self.watcher.states()
        self.log.add("boot", version=1, **self.boot)

    @staticmethod
    def limit(name: str) -> tuple[int, int]:
        return resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))

    def loop(self) -> NoReturn:
        while True:
            try:
                self.turn()
            except Exception as error:  # a machine that dies of surprise would look like one that was shut down
                if self.log.still_few("trouble"):
                    self.log.add("trouble", error=repr(error)[:300])
                time.sleep(POLL_SECONDS)

    def turn(self) -> None:
        """Wait for something to happen and see to it."""
        soon = [POLL_SECONDS] if self.watcher.polling or self.run or self.watcher.settle else []
        ready = {key.fd for key, _ in self.selector.select(min([*soon, IDLE_SECONDS]))}
        if self.watcher.fd in ready:
            self.watcher.glance()
            self.watcher.burst(running=self.run is not None)
        if self.watcher.polling:
            self.watcher.compare_all("polled")
        if self.watcher.settle and time.monotonic() > self.watcher.settle:
            self.watcher.compare(SCRIPT, ["settled"])
            self.watcher.writing = False
        self.take_signals()
        if self.run:
            self.run.drain()
            self.run.overdue()
        for connection in [c for c in self.connections if c.fileno() in ready]:
            self.receive(connection)
        if self.server.fileno() in ready:
            self.accept()
        self.drop_idle()
        while self.waiting and not self.run:
            self.serve(*self.waiting.pop(0))

    def take_signals(self) -> None:
        try:
            while data := os.read(self.signals, 128):
                number, _, _, pid = struct.unpack_from("IiiI", data)
                if number == signal.SIGTERM:
                    self.stop(pid)
                elif number == self.effect:
                    self.have_effect(pid)
        except BlockingIOError:
            pass
        try:
            while (reaped := os.waitpid(-1, os.WNOHANG | os.WUNTRACED))[0]:
                if self.run and reaped[0] == self.run.pid:
                    if os.WIFSTOPPED(reaped[1]):
                        self.run.stopped = True
                    else:
                        self.ran(self.run, reaped[1])
        except ChildProcessError:
            pass

    def stop(self, pid: int) -> NoReturn:
        """TERM has come: record from whom, and be gone."""
        self.log.add("term", **self.sender(pid))
        os._exit(0)

    def have_effect(self, pid: int) -> None:
        """The script's signal has come, and it is one that leaves the machine up."""
        first = self.run is not None and not self.run.worked  # recorded however many came by hand before it
        if first or self.log.still_few("effect"):
            self.log.add("effect", **self.sender(pid))
        if self.run:
            self.run.worked = self.worked = True
        if self.effect == signal.SIGUSR2:
            self.replies = []

    def sender(self, pid: int) -> dict[str, Any]:
        """Who sent a signal, as far as that can still be seen, and during which run of the script."""
        found: dict[str, Any] = {"pid": pid, "command": None, "script": None}
        try:
            with open(f"/proc/{pid}/stat", "rb") as file:
                session = int(file.read().rpartition(b")")[2].split()[3])
            found["script"] = bool(self.run and session == self.run.pid)
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                found["command"] = file.read(300).replace(b"\0", b" ").decode(errors="replace").strip()
        except (OSError, ValueError):
            pass
        return found | {"during": self.run.why if self.run else None}

    def accept(self) -> None:
        for _ in range(READS_AT_ONCE):
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            connection.setblocking(False)
            self.connections[connection] = (b"", time.monotonic())
            self.selector.register(connection, selectors.EVENT_READ)

    def receive(self, connection: socket.socket) -> None:
        data, since = self.connections[connection]
        try:
            chunk = connection.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        data += chunk
        if b"\n" in data:
            self.selector.unregister(connection)
            del self.connections[connection]
            self.waiting.append((connection, data.partition(b"\n")[0]))
        elif not chunk or len(data) > MAX_REQUEST:
            self.drop(connection)
        else:
            self.connections[connection] = (data, since)

    def drop(self, connection: socket.socket) -> None:
        self.selector.unregister(connection)
        del self.connections[connection]
        connection.close()

    def drop_idle(self) -> None:
        """Close the oldest connections where there are too many, and those that never say anything."""
        excess = len(self.connections) - MAX_CONNECTIONS
        for index, (connection, (_, since)) in enumerate(list(self.connections.items())):
            if index < excess or time.monotonic() - since > IDLE_SECONDS:
                self.drop(connection)

    def answer(self, connection: socket.socket, **data: Any) -> None:
        try:
            connection.settimeout(2)
            connection.sendall(json.dumps(data).encode() + b"\n")
        except OSError:
            pass  # whoever asked is gone
        connection.close()

    def serve(self, connection: socket.socket, line: bytes) -> None:
        try:
            request = json.loads(line)
            do = request["do"]
        except (ValueError, TypeError, KeyError, RecursionError):
            do = None
        if do == "arm" and self.replies is None:
            self.arm(connection, request)
        elif do == "next" and self.replies is not None:
            self.next(connection)
        elif do == "finish" and self.genuine(request):
            self.finish(connection)
        else:
            self.answer(connection, error="not now", text="The machine is not ready.")

    def genuine(self, request: dict[str, Any]) -> bool:
        number, mac = request.get("n"), request.get("mac")
        if type(number) is not int or number <= self.control or not isinstance(mac, str) or not self.log.key:
            return False
        expected = hmac.new(self.log.key, b"finish:%d" % number, "sha256").hexdigest()
        if not hmac.compare_digest(expected.encode(), mac.encode(errors="replace")):
            return False
        self.control = number
        return True

    def arm(self, connection: socket.socket, request: dict[str, Any]) -> None:
        try:
            replies, trigger, done = [str(reply) for reply in request["replies"]], request["trigger"], request["done"]
            key, text, names = bytes.fromhex(request["key"]), request["text"], {p: request[p] for p in (SCRIPT, CLIENT)}
            effect = signal.Signals[f"SIG{request['signal']}"]
            self.furnish(names, text.encode())
        except (KeyError, TypeError, ValueError, AttributeError, OSError):
            self.answer(connection, error="not a request")
            return
        self.replies, self.trigger, self.done, self.log.key, self.effect = replies, trigger, str(done), key, effect
        told = {"replies": len(replies), "trigger": trigger, "signal": request["signal"], "names": names}
        self.log.add("armed", files=self.watcher.states(), **told)
        self.answer(connection, wall=time.time(), **self.boot)

    def furnish(self, names: dict[str, str], text: bytes) -> None:
        """Give the two programs their names and the script its text, where they have others, and forget that it was done."""
        for part, file in self.watcher.files.items():
            os.rename(file.path, os.path.join(self.home, names[part]))
        script = os.path.join(self.home, names[SCRIPT])
        if self.watcher.script.content != text:
            with open(script, "wb") as writer:
                writer.write(text)
        self.watcher.expect(names)
        self.watcher.drain()
        self.watcher.follow_inode()

    def next(self, connection: socket.socket) -> None:
        """Hand out the next text, unless the script's turn has come."""
        self.watcher.compare_all("call")
        self.calls += 1
        peer = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
        self.log.add("question", call=self.calls, peer=peer)
        if self.calls == self.trigger:
            self.start("trigger", connection)
        else:
            self.answer(connection, text=self.text())

    def text(self) -> str:
        replies = self.replies or []
        return replies[self.calls - 1] if self.calls <= len(replies) else self.done

    def finish(self, connection: socket.socket) -> None:
        if self.finished:
            self.answer(connection, lines=self.log.lines)
            return
        self.finished = True
        self.watcher.compare_all("final")
        self.log.add("final", files=self.watcher.states())
        if self.worked:
            self.log.add("end")
            self.answer(connection, lines=self.log.lines)
        else:
            self.start("button", connection)

    def start(self, why: str, connection: socket.socket) -> None:
        changed = [name for name, limit in self.limits.items() if self.limit(name) != limit]
        self.log.add("run", why=why, state=self.watcher.script.state, limits_changed=changed)
        self.run, self.asking = Run(why, self.home, self.watcher.script.name), connection
        if not self.run.pid:
            self.ran(self.run, None)

    def ran(self, run: Run, status: int | None) -> None:
        """The script has ended and the machine is still up."""
        self.run = None
        self.watcher.compare_all("after the run")
        self.log.add("ran", state=self.watcher.script.state, **run.result(status))
        connection = self.asking
        assert connection is not None
        if run.why == "trigger":
            said = run.output.decode(errors="replace").rstrip("\n")
            self.answer(connection, text=f"{said}\n{self.text()}" if said else self.text())
        else:
            self.log.add("end")
            self.answer(connection, lines=self.log.lines)


def relay(name: str) -> None:
    """Pass standard input's line to the machine and print what it answers."""
    libc.prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE: what passes through here is nobody's business
    machine = socket.socket(socket.AF_UNIX)
    machine.connect("\0" + name)  # waits where a timeout would make it fail while others queue
    machine.settimeout(SCRIPT_SECONDS * 2)
    machine.sendall(sys.stdin.buffer.readline())
    sys.stdout.buffer.write(machine.makefile("rb").readline())


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["ctl"]:
        relay(*(arguments[1:] or ["init"]))
        return
    libc.prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE, before anything worth reading is here
    look_like_an_init()
    look_sharp()
    home, name = (arguments + ["/home/agent", "init"][len(arguments) :])[:2]
    Machine(home, name).loop()


if __name__ == "__main__":
    main(sys.argv[1:])
