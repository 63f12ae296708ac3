"""A command that runs to its end: how long, and with how much memory at most."""

import os
import subprocess
import sys
import time
from typing import NamedTuple


class Ran(NamedTuple):
    """What a command took: seconds from start to end, and the most of memory in megabytes."""

    seconds: float
    megabytes: float


def ran(command: list[str]) -> Ran:
    """Run the command, with what it says on stderr. Raises CalledProcessError if it fails."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=sys.stderr) as child:
        _, status, usage = os.wait4(child.pid, 0)  # of this one alone, not the largest so far
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    return Ran(seconds, usage.ru_maxrss / 1024)
