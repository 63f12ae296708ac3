"""Every error an agent can meet: one line that says what to do, and a sysexits code."""


class HelpdeskError(Exception):
    """An error to show as one line; ``exit_code`` is the sysexits code of the command."""

    exit_code = 70

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidInput(HelpdeskError):
    """What was given cannot be taken (EX_DATAERR)."""

    exit_code = 65


class NotFound(HelpdeskError):
    """What was named does not exist (EX_NOINPUT)."""

    exit_code = 66


class Unavailable(HelpdeskError):
    """Something the desk relies on does not answer (EX_UNAVAILABLE)."""

    exit_code = 69


class CannotCreate(HelpdeskError):
    """A file cannot be written: disk full, folder read-only (EX_CANTCREAT)."""

    exit_code = 73


class TryAgain(HelpdeskError):
    """It may go through later (EX_TEMPFAIL)."""

    exit_code = 75


class NotPermitted(HelpdeskError):
    """The agent may not do this (EX_NOPERM)."""

    exit_code = 77


class BadConfiguration(HelpdeskError):
    """A setting is missing, unknown or impossible (EX_CONFIG)."""

    exit_code = 78


class RuleBroken(InvalidInput):
    """A rule of the promise forbids this; the message says which and what to do instead."""


class CustomerErased(RuleBroken):
    """What was written is about a customer who was erased: none of it is kept."""
