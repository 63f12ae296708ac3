"""From the bytes of a message to a letter."""

from __future__ import annotations

import hashlib

from helpdesk.mail import addresses, bodies, charsets, folding, ids, parts
from helpdesk.mail.headers import Headers, read_block, readable
from helpdesk.mail.languages import language_of
from helpdesk.mail.letter import Address, Letter
from helpdesk.mail.limits import DEFAULT, Limits
from helpdesk.mail.parts import Message, Part

_LOOKED_AT = 4096
_SPOKEN_IN = 100_000
LONGEST_SUBJECT = 500
UNREADABLE = "the message could not be read at all"


def read(raw: bytes | bytearray | memoryview, limits: Limits = DEFAULT) -> Letter:
    """The letter that ``raw`` is; never raises, whatever the bytes are.

    The attachments' payloads are views of ``raw``: nothing of it is copied, and it is kept as
    long as they are.
    """
    view = memoryview(raw).toreadonly().cast("B") if len(raw) else memoryview(b"")
    digest = hashlib.sha256(view).hexdigest()
    if len(view) > limits.message:
        block = read_block(view, 0, limits.headers, outermost=True)
        message = _only(block.headers, "the message is larger than is read")
        return _letter(message, limits, digest, len(view))
    try:
        message = parts.read(_with_line_feeds(view), limits)
        if not message.root.headers.fields and b"\0" in bytes(view[:_LOOKED_AT]):
            message.root.type = "application/octet-stream"  # no words of anybody's
        return _letter(message, limits, digest, len(view))
    except Exception:  # a fault of ours must not lose a message
        return Letter(sha256=digest, size=len(view), oversize=True, faults=(UNREADABLE,))


def _only(headers: Headers, fault: str) -> Message:
    return Message(Part(headers, "text/plain", {}, memoryview(b"")), [fault], True)


def _with_line_feeds(view: memoryview) -> memoryview:
    """The message with line feeds where it has carriage returns alone."""
    start = bytes(view[:100_000])
    if b"\n" in start or b"\r" not in start:
        return view
    return memoryview(bytes(view).replace(b"\r", b"\n"))


def _letter(message: Message, limits: Limits, digest: str, size: int) -> Letter:
    root, headers = message.root, message.root.headers
    hint = _charset_hint(root)
    body = bodies.read(root, limits, hint)
    if any(_is_raw(headers.raw(name)) for name in ("subject", "from")):
        hint = _spoken(root, hint) or hint
    subject = readable(headers.raw("subject") or b"", LONGEST_SUBJECT, hint)
    visible = folding.fold(body.text, forwarded=folding.is_forward(subject))
    senders = tuple(addresses.read(headers, "from", limits.addresses, hint))
    first = senders[0] if senders else None

    def found(name: str) -> tuple[Address, ...]:
        return tuple(addresses.read(headers, name, limits.addresses, hint))

    return Letter(
        from_email=first.email if first else None,
        from_name=(first.name if first else _nameless(headers, hint)) or None,
        senders=senders,
        sender=next(iter(found("sender")), None),
        reply_to=found("reply-to"),
        to=found("to"),
        cc=found("cc"),
        delivered_to=_delivered_to(headers, limits),
        return_path=_return_path(headers),
        subject=subject,
        message_id=ids.message_id(headers),
        in_reply_to=ids.in_reply_to(headers),
        references=ids.references(headers),
        text=body.text,
        visible_text=visible,
        attachments=tuple(body.attachments),
        part_types=tuple(_types(root)),
        calendar_reply=_answers_invitation(root),
        headers=headers,
        language=language_of(visible),
        sha256=digest,
        size=size,
        oversize=message.oversize or body.oversize,
        faults=tuple(dict.fromkeys([*message.faults, *body.faults])),
    )


def _nameless(headers: Headers, hint: str | None) -> str:
    """What From says where it gives no address, as in ``MAILER-DAEMON <>``."""
    return readable(headers.raw("from") or b"", 500, hint).removesuffix("<>").strip(' "')


def _charset_hint(root: Part) -> str | None:
    """The charset of the first text that states one beyond ASCII, for headers that do not."""
    for part in _all_parts(root):
        name = charsets.codec(part.params.get("charset"))
        if name is not None and name != "utf-8" and part.type.startswith("text/"):
            return name
    return None


def _is_raw(value: bytes | None) -> bool:
    """Whether a header's value has bytes that state no charset, and are not UTF-8."""
    try:
        (value or b"").decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def _spoken(root: Part, hint: str | None) -> str | None:
    """The charset that the first text beyond ASCII turned out to be in, whatever it states."""
    for part in _all_parts(root):
        content = b"" if part.parts or not part.type.startswith("text/") else part.content()
        if not content.isascii() and len(content) <= _SPOKEN_IN:
            text = charsets.decode(content, part.params.get("charset"), hint)
            return charsets.spoken(content, text)
    return None


def _all_parts(root: Part) -> list[Part]:
    found, waiting = [], [root]
    while waiting:
        part = waiting.pop()
        found.append(part)
        waiting += reversed(part.parts)
    return found


def _types(root: Part) -> list[str]:
    return [part.type for part in _all_parts(root)]


def _answers_invitation(root: Part) -> bool:
    return any(
        part.type == "text/calendar" and (part.params.get("method") or "").lower() == "reply"
        for part in _all_parts(root)
    )


def _delivered_to(headers: Headers, limits: Limits) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to"):
        for address in addresses.read(headers, name, limits.addresses):
            found.setdefault(address.email)
    return tuple(found)


def _return_path(headers: Headers) -> str | None:
    value = headers.get("return-path", 1000)
    if value is None:
        return None
    found = addresses.parse(value.encode(), 1)
    return found[0].email if found else ""
