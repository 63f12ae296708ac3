"""Says in one line what a machine lacks for the tests by ssh and sudo, if it lacks anything."""

from tests.ssh.machine import missing

if __name__ == "__main__":
    lacks = missing()
    if lacks:
        print(  # noqa: T201
            f"The tests by ssh and sudo are left out: they need {', '.join(lacks)} "
            "(Debian: apt-get install openssh-server sudo, and run them as root)."
        )
