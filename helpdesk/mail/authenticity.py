"""Whether our own mail server found that a letter does not come from its sender's domain."""

from __future__ import annotations

import re

from helpdesk.mail.headers import Headers

_LONGEST = 4000
_DEEPEST = 10
"""Comments within each other that are read; no mail server writes as many."""
_COMMENT = re.compile(r"\([^()]*\)")
_DMARC_FAILED = re.compile(r"\bdmarc\s*=\s*fail\b", re.IGNORECASE)


def is_disproved(headers: Headers, server: str) -> bool:
    """Whether ``server`` noted in Authentication-Results (RFC 8601) that DMARC failed.

    ``server`` is the name that our mail server signs such notes with. Those of others are
    nobody's word. One that somebody forged in our server's name cannot take a failure away.
    """
    for stated in headers.all("authentication-results", _LONGEST):
        name, _, results = _without_comments(stated).partition(";")
        if name.split()[:1] == [server.casefold()] and _DMARC_FAILED.search(results):
            return True
    return False


def _without_comments(stated: str) -> str:
    """The value, folded; a comment may hold anything, another comment too."""
    text = stated.casefold()
    for _ in range(_DEEPEST):
        text = _COMMENT.sub(" ", text)
    return text
