"""When mail waits in vain. Free of pydantic, as every screen looks for it from the first on."""

from datetime import timedelta

UNTRIED = timedelta(minutes=15)
"""After so long any program that sends would have tried a message: there is none."""
