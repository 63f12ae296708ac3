"""Begins Python with the arguments, waits for it whatever happens, and ends as it did.

Like make: it is the one whom the system tells that the terminal is gone, and it passes on nothing.
"""

import signal
import subprocess
import sys

if __name__ == "__main__":
    signal.signal(signal.SIGHUP, lambda *_: None)
    sys.exit(subprocess.call([sys.executable, *sys.argv[1:]]))
