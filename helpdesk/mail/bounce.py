"""What a bounce tells: which addresses failed, for good or for now, and which mail it was."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import NamedTuple

from helpdesk.mail import addresses, bodies, bounce_words, ids, parts
from helpdesk.mail.headers import Headers, read_block
from helpdesk.mail.limits import DEFAULT, Limits
from helpdesk.mail.parts import Part
from helpdesk.text import clean_line

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_MOST_SAID = 10
_RETURNED = frozenset(
    {"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"}
)
_STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
_OLD_ID = re.compile(rb"^[ \t>]*Message-ID:[ \t]*(<[^<>\r\n]{3,500}>)", re.M | re.I)
_MOST_BYTES = 512 * 1024
_MOST_WORDING = 64 * 1024
_MOST_LINES = 2000
_MOST_GROUPS = 1000
_MOST_PARTS = 50
_LONGEST_TYPE = 1000


@dataclass(frozen=True, slots=True)
class Failure:
    """One address that mail did not reach."""

    email: str
    permanent: bool
    """Whether the mail will never arrive; False if the server goes on trying."""
    status: str | None = None
    """The enhanced status, such as ``5.1.1``, if stated."""
    words: str = ""
    """What the server said, in one line."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a bounce tells. Both may be missing: not every server says as much."""

    failures: tuple[Failure, ...] = ()
    message_id: str | None = None
    """The id of the mail that bounced."""


def read(raw: bytes | memoryview, limits: Limits = DEFAULT) -> Bounce:
    """What a message tells as a bounce; never raises.

    Ask only of mail that is known to be automatic: what is no standard report is searched for
    the wording of old servers, and ordinary mail may hold that too.
    """
    root = parts.read(memoryview(raw), limits).root
    every = list(_every(root))
    leaves = [part for part in every if not part.parts]
    stated = _stated(leaves)
    if not stated.anything and (within := _report_within(leaves, limits)) is not None:
        root, every = within, list(_every(within))
        leaves = [part for part in every if not part.parts]
        stated = _stated(leaves)
    returned = _returned(leaves)
    failures: Iterable[Failure] = stated.failures
    if not failures:
        failures = list(_headed(root.headers))
        if not stated.anything and _is_ordinary(every):
            failures = _unstated(raw, root, returned, limits)
        failures = _with_words(failures, _first_lines(leaves))
    found: dict[str, Failure] = {}
    for failure in failures:
        found.setdefault(failure.email.casefold(), failure)
    mail_id = _given_id(returned) if returned else None
    return Bounce(tuple(found.values()), mail_id or _old_message_id(leaves) or stated.named)


class _Stated(NamedTuple):
    """What the delivery statuses of a report say."""

    failures: list[Failure]
    anything: bool
    """Whether they say what was done, be it of no address."""
    named: str | None
    """The id of the mail, if they name it."""


def _stated(leaves: list[Part]) -> _Stated:
    failures: list[Failure] = []
    anything = False
    named: str | None = None
    for leaf in leaves:
        if leaf.type in _STATUS_TYPES:
            for fields in _groups(leaf):
                anything = anything or "action" in fields
                named = named or ids.message_id(fields, "x-original-message-id")
                failure = _failure(fields)
                failures += [failure] if failure is not None else []
    return _Stated(failures, anything, named)


def _report_within(leaves: list[Part], limits: Limits) -> Part | None:
    """The report that another server put into its own, which says nothing of the kind."""
    for leaf in leaves:
        if leaf.type in _RETURNED:
            root = parts.read(memoryview(leaf.content()[:_MOST_BYTES]), limits).root
            if any(part.type in _STATUS_TYPES for part in _every(root)):
                return root
    return None


def _every(root: Part) -> Iterator[Part]:
    waiting = [root]
    while waiting:
        part = waiting.pop()
        waiting += reversed(part.parts)
        yield part


def _is_ordinary(every: list[Part]) -> bool:
    """Whether the parts are such as a server writes; the standard library takes seconds for some
    that none does."""
    return len(every) <= _MOST_PARTS and all(
        len(part.headers.raw("content-type") or b"") <= _LONGEST_TYPE for part in every
    )


def _groups(leaf: Part) -> Iterator[Headers]:
    """The groups of fields of a delivery status, that of the message included."""
    content = memoryview(leaf.content()[:_MOST_BYTES].lstrip())
    position = 0
    for _ in range(_MOST_GROUPS):
        if position >= len(content):
            break
        block = read_block(content, position, _MOST_BYTES)
        yield block.headers
        position = max(block.body, position + 1)


def _failure(fields: Headers) -> Failure | None:
    address = _recipient(fields)
    if address is None:
        return None
    action = (fields.get("action", 100) or "").strip().lower()
    words = _typed(fields.get("diagnostic-code", 1000))
    status = _STATUS.search(fields.get("status", 200) or "") or _STATUS.search(words)
    code = status[0] if status else None
    if action.startswith(("delivered", "relayed", "expanded")) or (code or "").startswith("2"):
        return None
    permanent = action.startswith("fail") or (not action and (code or "5").startswith("5"))
    return Failure(address, permanent, code, clean_line(words))


def _recipient(fields: Headers) -> str | None:
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        found = addresses.parse(_typed(fields.get(name, 1000)).encode(), 1)
        if found:
            return found[0].email
    return None


def _typed(value: str | None) -> str:
    """What follows the type in ``rfc822; name@example.org``."""
    if value is None:
        return ""
    kind, semicolon, rest = value.partition(";")
    return rest.strip() if semicolon and " " not in kind.strip() else value.strip()


def _headed(headers: Headers) -> Iterator[Failure]:
    """The failures that a header names, as Exim and Gmail write it."""
    for address in addresses.read(headers, "x-failed-recipients", 100):
        yield Failure(address.email, permanent=True)


def _unstated(
    raw: bytes | memoryview, root: Part, returned: Headers | None, limits: Limits
) -> list[Failure]:
    """The failures of a bounce that is no standard report."""
    found = [*_headed(root.headers), *_worded(raw)]
    text = bodies.read(root, limits).text[:_MOST_WORDING]
    told = [each for each in found if not bounce_words.is_only_copied(each.email, text)]
    return told or list(_in_words(text, returned, limits))


def _worded(raw: bytes | memoryview) -> Iterator[Failure]:
    """The failures that a bounce names in the wording of a known server."""
    beginning = bytes(raw[:_MOST_WORDING]).split(b"\n", _MOST_LINES)[:_MOST_LINES]
    temporary, permanent = _by_wording(b"\n".join(beginning))
    told = [Failure(email, permanent=True) for email in permanent]
    told += [Failure(email, permanent=False) for email in temporary]
    yield from (each for each in told if not bounce_words.OF_A_SERVER.match(each.email))


def _with_words(failures: list[Failure], lines: list[str]) -> Iterator[Failure]:
    """The failures with what the server said of each, or of the only one."""
    for failure in failures:
        said = _said_of(failure.email, lines) or failure.words
        if not said and len(failures) == 1:
            said = bounce_words.refusal(lines)
        status = _STATUS.search(said)
        yield replace(failure, words=said, status=status[0] if status else None)


def _in_words(text: str, returned: Headers | None, limits: Limits) -> Iterator[Failure]:
    """The failures that a bounce tells in words for people, as big providers' do."""
    written_to = {
        address.key
        for name in ("to", "cc")
        for address in (addresses.read(returned, name, limits.addresses) if returned else ())
    }
    for each in bounce_words.named(text, written_to):
        yield Failure(each.email, each.permanent, words=each.words)


def _first_lines(leaves: list[Part]) -> list[str]:
    content = leaves[0].content()[:_MOST_WORDING] if leaves else b""
    return bytes(content).decode("utf-8", "replace").splitlines()[:_MOST_LINES]


def _said_of(address: str, lines: list[str]) -> str:
    """What a server says below an address, or behind it: the line with a code, else the first."""
    begins = re.compile(
        rf"""\s*["<]?{re.escape(address)}(?=[">:\s]|\Z)[">]?:?\s*(?:on\s.*\d\Z)?(?P<rest>.*)""",
        re.IGNORECASE,
    )
    for place, line in enumerate(lines):
        found = begins.match(line)
        if found is None:
            continue
        below = takewhile(str.strip, lines[place + 1 : place + 1 + _MOST_SAID])
        said = [each for each in (found["rest"] or "", *below) if each.strip()]
        coded = (each for each in said if bounce_words.CODE.search(each))
        words = next(coded, said[0] if said else "")
        if words:
            return clean_line(words.strip(), 300)
    return ""


def _by_wording(raw: bytes) -> tuple[list[str], list[str]]:
    import email
    import logging
    from email.utils import getaddresses

    from flufl.bounce import all_failures  # 60 ms to import, and few letters need it

    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)  # it logs what it reads
    try:
        message = email.message_from_bytes(raw)
        if not getaddresses([str(message.get("from", ""))]):
            del message["from"]
            message["From"] = "mailer-daemon@invalid"  # one of its detectors takes for granted
        temporary, permanent = all_failures(message)
    except Exception:  # it and the standard library raise many kinds on what is broken
        return [], []
    return _addresses(temporary), _addresses(permanent)


def _addresses(found: frozenset[bytes]) -> list[str]:
    read = (addresses.parse(value, 1) for value in sorted(found) if isinstance(value, bytes))
    return [each[0].email for each in read if each]


def _returned(leaves: list[Part]) -> Headers | None:
    """The headers of the mail that bounced, if it came back with the bounce: as a message, as
    text, or as a part that is the mail itself."""
    for leaf in leaves:
        if leaf.type in _RETURNED:
            headers = _headers_in(leaf)
            if _given_id(headers):
                return headers
    for leaf in leaves[1:]:
        for headers in (leaf.headers, _headers_in(leaf)):
            if "from" in headers and "to" in headers and _given_id(headers):
                return headers
    return None


def _headers_in(leaf: Part) -> Headers:
    """The headers that the content of a part begins with."""
    content = memoryview(leaf.content()[:_MOST_BYTES].lstrip())
    return read_block(content, 0, _MOST_BYTES, outermost=True).headers


def _given_id(headers: Headers) -> str | None:
    """The id that we gave a mail, else the one that it came back with."""
    return ids.message_id(headers, ids.OUR_ID.lower()) or ids.message_id(headers)


def _old_message_id(leaves: list[Part]) -> str | None:
    body = leaves[0].body if leaves else memoryview(b"")
    returned = _OLD_ID.search(body[:_MOST_BYTES])
    return returned[1].decode("ascii", "replace").strip("<> ") if returned else None
