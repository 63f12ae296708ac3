"""The reply address of a ticket: our own address with a token that only the desk can make.

``help+t123.k4sm2q7xh3dwa5pe@aksai.example``: who writes there has had a letter of ours about the
ticket, so the token is authority enough to add to it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Collection, Iterable

_TOKEN = re.compile(r"t([1-9][0-9]{0,14})\.([a-z2-7]{16})")


def reply_address(own: str, ticket: int, secret: bytes) -> str:
    """The address at which replies about a ticket come in at our address ``own``."""
    local, _, domain = own.rpartition("@")
    return f"{local}+t{ticket}.{_code(ticket, secret)}@{domain}"


def ticket_of(addresses: Iterable[str], own: Collection[str], secret: bytes) -> int | None:
    """The ticket that one of ``addresses`` is the reply address of; ``own`` are ours, folded."""
    for address in addresses:
        base, tag = split(address)
        found = _TOKEN.fullmatch(tag)
        if found is None or base not in own:
            continue
        ticket = int(found[1])
        if hmac.compare_digest(_code(ticket, secret), found[2]):
            return ticket
    return None


def split(address: str) -> tuple[str, str]:
    """An address without what follows its plus, and that; both case-folded."""
    local, _, domain = address.casefold().rpartition("@")
    name, _, tag = local.partition("+")
    return f"{name}@{domain}", tag


def _code(ticket: int, secret: bytes) -> str:
    digest = hmac.new(secret, b"reply to ticket %d" % ticket, hashlib.sha256).digest()
    return base64.b32encode(digest[:10]).decode().lower()
