"""Processes as descriptors, so that a number which is another process's by now is never signalled.

`os` and `signal` have these calls only in a Python that was built where the kernel's headers knew them. Those that uv and
conda install were not, though the kernels they run on have had them since 2019.
"""

import ctypes
import os
import select
import signal
from contextlib import suppress

_PIDFD_SEND_SIGNAL, _PIDFD_OPEN = 424, 434  # the same on every architecture that Python has wheels for

_libc = ctypes.CDLL(None, use_errno=True)


def open_process(pid: int) -> int:
    """A descriptor of the process that has this number now.

    Raises:
        ProcessLookupError: There is none.
    """
    return _call(_PIDFD_OPEN, pid, 0)


def send_signal(descriptor: int, number: signal.Signals) -> None:
    """Send a signal, which has no effect if the process has ended."""
    with suppress(ProcessLookupError):
        _call(_PIDFD_SEND_SIGNAL, descriptor, int(number), None, 0)


def has_ended(descriptor: int) -> bool:
    """Whether the process has ended, be it reaped or not."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))


def _call(number: int, *arguments: int | None) -> int:
    wide = [ctypes.c_long(argument) if argument is not None else None for argument in arguments]
    result = int(_libc.syscall(ctypes.c_long(number), *wide))
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result
