"""Begins a session on the terminal named first and becomes Python with the other arguments.

A test forks from many threads at times; a program started afresh may do this safely.
"""

import os
import sys

if __name__ == "__main__":
    os.setsid()
    terminal = os.open(sys.argv[1], os.O_RDWR)  # the first one opened becomes the session's own
    for stream in (0, 1, 2):
        os.dup2(terminal, stream)
    os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
