"""Which parts of a message are its text, and which are attachments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from helpdesk.mail import attachments, charsets, flowed, parts, transfer
from helpdesk.mail.letter import Attachment
from helpdesk.mail.limits import Limits
from helpdesk.mail.parts import Part
from helpdesk.text import clean

_TEXT_FILES = frozenset(
    f"text/{kind}"
    for kind in "calendar csv css javascript xml rtf rfc822-headers vcard x-vcard directory".split()
)
"""Texts that are for programs; any other is to be read, known or not."""
_SEALED = frozenset(
    f"application/{kind}" for kind in "pkcs7-mime x-pkcs7-mime pgp-encrypted ms-tnef".split()
)
_MOST_FORWARDED = 20

_UU = re.compile(
    rb"^begin(?:-base64)?[ \t]+[0-7]{3,4}[ \t]+([^\r\n]{1,255})\r?\n"
    rb"(?:[ -`][ -~]*\r?\n|[`~]?\r?\n)+(?:end|====)[ \t]*\r?$",
    re.MULTILINE,
)
_YENC = re.compile(
    rb"^=ybegin [^\r\n]{0,200}?name=([^\r\n]{1,255}+)\r?\n"
    rb"(?:(?!=ybegin |=yend)[^\n]*+\n)*+=yend[^\r\n]*",
    re.MULTILINE,
)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.I)
_IS_HTML = re.compile(
    rb"\s{0,20}(?:<!doctype html\b[^>]{0,200}>\s{0,20})?<html\b(?s:.){0,2000}?<body\b", re.I
)
"""How a page begins, though it is said to be plain text."""
_BROKEN_BREAK = re.compile(r"\r{1,20}\n")
_ENRICHED = re.compile(r"<(/?)([a-z-]{1,60})>", re.I)
_SHORT = 250  # a plain text that only says to read the HTML is no longer
_ASKS_FOR_HTML = re.compile(r"\bhtml\b", re.I)


@dataclass(slots=True)
class Body:
    """The text and the attachments of a message."""

    text: str = ""
    attachments: list[Attachment] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    oversize: bool = False


@dataclass(slots=True)
class _Found:
    """What a part and those within it give, in their order."""

    texts: list[Part] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)


def read(root: Part, limits: Limits, hint: str | None = None) -> Body:
    """The text and attachments of a message; never raises. ``hint`` is the charset of bytes that
    state none."""
    reader = _Reader(limits, hint)
    found = reader.gather(root)
    body = reader.body
    body.text = reader.joined(found.texts) or reader.of_forwarded(found.files)
    for part in found.files:
        if not part.body and not attachments.stated_name(part, hint):
            continue
        body.attachments.append(attachments.of_part(part, len(body.attachments) + 1, hint))
    body.attachments += reader.embedded
    if not body.text and any(part.type in _SEALED for part in found.files):
        body.faults.append("its text is encrypted or sealed in an attached file")
    return body


class _Reader:
    def __init__(self, limits: Limits, hint: str | None) -> None:
        self._limits = limits
        self._hint = hint
        self._texts: dict[int, str] = {}
        self.body = Body()
        self.embedded: list[Attachment] = []

    def gather(self, root: Part) -> _Found:
        """The parts that are text, with the best of alternatives, and those that are files."""
        order, waiting = [], [root]
        while waiting:
            part = waiting.pop()
            order.append(part)
            waiting += part.parts
        found: dict[int, _Found] = {}
        for part in reversed(order):  # what lies within a part comes before it
            found[id(part)] = self._of_part(part, root, [found[id(each)] for each in part.parts])
        return found[id(root)]

    def _of_part(self, part: Part, root: Part, within: list[_Found]) -> _Found:
        if not part.parts:
            if self._is_text(part, outermost=part is root):
                return _Found(texts=[part])
            return _Found(files=[part])
        texts = [inner.texts for inner in within]
        if part.type == "multipart/alternative":
            chosen = self._best(texts)
        else:
            chosen = [leaf for leaves in texts for leaf in leaves]
        return _Found(chosen, [leaf for inner in within for leaf in inner.files])

    def _is_text(self, part: Part, *, outermost: bool) -> bool:
        if not part.type.startswith("text/") or (part.type in _TEXT_FILES and not outermost):
            return False
        disposition, _ = part.disposition(self._hint)
        if disposition == "attachment":
            return False
        return outermost or not attachments.stated_name(part, self._hint)

    def _best(self, choices: list[list[Part]]) -> list[Part]:
        """Plain text if it says anything, else the last that does."""
        plain = next((choice for choice in choices if self._is_plain(choice)), None)
        text = self.joined(plain) if plain else ""
        if plain and (len(text) >= _SHORT or not _ASKS_FOR_HTML.search(text)):
            return plain  # the other choices are not even read
        others = (choice for choice in reversed(choices) if choice is not plain)
        other = next((choice for choice in others if self._shows(choice)), None)
        if plain and (other is None or len(self.joined(other)) <= len(text)):
            return plain
        return other or []

    def _is_plain(self, choice: list[Part]) -> bool:
        return all(leaf.type == "text/plain" for leaf in choice) and self._shows(choice)

    def _shows(self, choice: list[Part]) -> bool:
        return any(self._text(leaf).strip() for leaf in choice)

    def of_forwarded(self, files: list[Part]) -> str:
        """The text of the messages within, for one that has no text of its own."""
        within = [
            part
            for part in files
            if part.type in ("message/rfc822", "message/global") and part.encoding == "binary"
        ]
        texts: list[Part] = []
        for part in within[:_MOST_FORWARDED]:
            texts += self.gather(parts.read(part.body, self._limits).root).texts
        return self.joined(texts)

    def joined(self, leaves: list[Part]) -> str:
        """The texts of several parts after each other; HTML that only repeats one is left out."""
        texts: list[str] = []
        for leaf in leaves:
            text = self._text(leaf).strip("\n")
            if text.strip() and (leaf.type == "text/plain" or text not in texts):
                texts.append(text)
        return clean("\n\n".join(texts)).strip("\n")

    def _text(self, part: Part) -> str:
        text = self._texts.get(id(part))
        if text is None:
            text = self._texts[id(part)] = self._read(part)
        return text

    def _read(self, part: Part) -> str:
        data = self._content(part)
        charset = part.params.get("charset")
        if part.type in ("text/html", "text/x-amp-html") or _IS_HTML.match(data):
            meta = _META.search(data, 0, 4096)
            stated = meta[1].decode("ascii") if meta else None
            if charsets.codec(charset) is None:
                charset = stated
            from helpdesk.mail import html  # which plain letters need not wait for

            text = html.to_text(charsets.decode(data, charset, stated or self._hint))
        else:
            text = charsets.decode(self._without_files(data), charset, self._hint)
            text = _BROKEN_BREAK.sub("\n", text)
            if part.params.get("format", "").lower() == "flowed":
                text = flowed.unflow(text, delsp=part.params.get("delsp", "").lower() == "yes")
            elif part.type in ("text/enriched", "text/richtext"):
                text = _ENRICHED.sub("", text)
        if charset and charsets.codec(charset) is None:
            self.body.faults.append("a charset is not known")
        return self._within_limit(text, part)

    def _content(self, part: Part) -> bytes:
        if part.encoding == "base64":
            return _base64_text(bytes(part.body))
        return part.content()

    def _within_limit(self, text: str, part: Part) -> str:
        if len(text) <= self._limits.text:
            return text
        self.body.oversize = True
        self.body.faults.append("a text is longer than is read")
        number = len(self.embedded) + 1
        self.embedded.append(attachments.of_part(part, number, self._hint))
        return text[: self._limits.text]

    def _without_files(self, data: bytes) -> bytes:
        """The text without what is encoded within it by uuencode or yEnc."""
        for mark, pattern, encoding in (
            (b"begin", _UU, "x-uuencode"),
            (b"=ybegin ", _YENC, "x-yenc"),
        ):
            if mark not in data:
                continue
            for found in pattern.finditer(data):
                name = attachments.safe_name(charsets.decode(found[1], None, self._hint))
                self.embedded.append(
                    Attachment.of(
                        name or f"attachment-{len(self.embedded) + 1}.bin",
                        "application/octet-stream",
                        memoryview(found[0]),
                        encoding,
                    )
                )
            data = pattern.sub(b"", data)
        return data


def _base64_text(body: bytes) -> bytes:
    """Base64 of a text: lies and the plain footers of mailing lists are taken as they are."""
    lines = body.splitlines(keepends=True)
    plain = [place for place, line in enumerate(lines) if not _looks_base64(line)]
    if not plain:
        return transfer.base64_bytes(body)
    first = plain[0]
    encoded = transfer.base64_bytes(b"".join(lines[:first]))
    rest = b"".join(lines[first:])
    if first == 0 and len(plain) * 2 < len(lines):
        return transfer.base64_bytes(body)  # mostly base64 with rubbish in it
    return encoded + (b"\n" if encoded else b"") + rest


def _looks_base64(line: bytes) -> bool:
    line = line.strip()
    if line.count(b" ") > 1:
        return False
    return len(line.translate(None, _BASE64 + b" ")) * 5 <= len(line)


_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
