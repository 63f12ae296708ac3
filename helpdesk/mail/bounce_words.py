"""Which addresses a bounce says it could not reach, where it says so only in words for people."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import takewhile
from typing import NamedTuple

from helpdesk.mail.wording import Wording
from helpdesk.text import clean_line

CODE = re.compile(r"(?:^|[\s:#(])[45](?:\d\d(?:\s|-(?!\d{3}-))|\.\d{1,3}\.\d{1,3}\b)")
"""What a mail server's refusal holds, as ``550`` or ``5.1.1``."""

_ADDRESS = re.compile(
    r"[^\s@<>()\[\],;:\"'（）：，；<]{1,64}@[^\s@<>()\[\],;:\"'（）：，；]{1,255}"
)
_MOST_LINES = 500
_LONGEST_LINE = 1000

_NAMES = Wording(
    r"""(?:\b(?:following|these)\s(?:message\sto|(?:e-?mail\s)?(?:address(?:es)?|recipients?))
    |\b(?:deliver(?:ed|y|ing)?|sent|send)\b.{0,40}\bto\b
    |^\W*(?:failed|invalid)\saddress\s?:|发送给|發送給
    |^\W*(?:(?:failed|final|original|intended|undeliver(?:ed|able))\s)?recipients?(?:\(s\))?\s?:
    |无法(?:发送|投递|送达)到?|無法(?:傳送|投遞|送達)到?|(?:收件人|收件者|收信人)(?:邮件地址|地址)?\s?[:：(（]
    |(?:받는\s?사람|수신(?:자|인)?|받는\s?이)\s?(?:메일\s?주소|주소)?\s?[:：]|宛先\s?[:：]|(?:次の|以下の)(?:宛先|アドレス)
    |не\s(?:может\sбыть\s|было\s|удалось\s)?доставл?ен\w*|получател[ьяюи]м?\s?:)""",
    "message address recipient deliver sent send 发送 發送 无法 無法 收件 收信 받는 수신"
    " 宛先 アドレス достав получател failed invalid",
)
"""What stands before an address that was not reached, in its line or the one above."""

_ALONE = re.compile(
    r"[\s*•·<-]{0,12}(?P<email>[^\s@<>():]{1,64}@[^\s@<>():,]{1,255})>?\s*(?:[:：(].*|\Z)"
)
"""A line of an address and what the server said of it, as servers write them in every language."""

OF_A_SERVER = re.compile(r"(?:postmaster|mailer-?daemon|abuse|no-?reply)@", re.IGNORECASE)
"""An address that a bounce names as its own, or to ask for help."""

_COPY = re.compile(
    r"[\s>]{0,9}(?:---.*\b(?:copy|original|message|below)\b|(?:message-id|received|return-path):)",
    re.I,
)
"""Where the copy of the returned message begins."""

_RECIPIENT = re.compile(r"\brcpt\s?to:[^@]{0,40}\Z|^\W*[45]\d\d[ -][^@]{0,40}<\Z", re.I)
"""What stands before an address that was not reached in the talk of two mail servers."""

_SENDER = re.compile(r"\bmail\s?from\b", re.I)
"""A line that names who sent the message, not whom it did not reach."""

_LATER = Wording(
    r"(?:\b(?:delay(?:ed|s)?|not\syet\sbeen|will\s(?:(?:keep|continue|be)\s)?(?:re)?try|still\strying)"
    r"|will\sbe\sretried|延迟|延遲|稍后.{0,6}重试|遅延|지연|재시도|отложен|задерж|повторн\w+\sпопытк)"
)
"""That the server goes on trying."""


def is_only_copied(email: str, text: str) -> bool:
    """Whether ``text`` names an address only as the sender, or in its copy of the message."""
    lines = text.splitlines()
    said = [line for line in takewhile(_is_said, lines) if not _SENDER.search(line)]
    names = email.casefold()
    return any(names in line.casefold() for line in lines) and not any(
        names in line.casefold() for line in said
    )


def refusal(lines: Iterable[str]) -> str:
    """The line of a mail server's refusal, if there is one above the copy of the message."""
    said = takewhile(_is_said, lines)
    return clean_line(next((line for line in said if CODE.search(line)), "").strip(), 300)


def _is_said(line: str) -> bool:
    return not _COPY.match(line)


class Named(NamedTuple):
    """An address that a bounce names, and what the server said of it in a line, if anything."""

    email: str
    permanent: bool
    words: str


def named(text: str, written_to: Collection[str] = ()) -> Iterator[Named]:
    """The addresses that ``text`` says were not reached.

    ``written_to`` are those (case-folded) that the returned message went to: one of them that the
    text names at all is taken for what it is about.
    """
    cut = (line[:_LONGEST_LINE] for line in text.splitlines()[:_MOST_LINES])
    lines = [line for line in takewhile(_is_said, cut) if not _SENDER.search(line)]
    permanent = _LATER.search("\n".join(lines)) is None
    said = refusal(lines)
    leads = listed = False  # whether addresses follow, and whether some of them are behind us
    for line in lines:
        if not line.strip():
            leads = leads and not listed
            continue
        found = list(_in_line(line, leads, written_to))
        yield from (Named(email, permanent, said) for email in found)
        listed = bool(found)
        leads = _NAMES.search(line) is not None or (leads and listed)


def _in_line(line: str, leads: bool, written_to: Collection[str]) -> Iterator[str]:
    """The addresses of a line that were not reached; ``leads`` says that they follow."""
    alone = _ALONE.match(line)
    for found in _ADDRESS.finditer(line):
        email = found[0].rstrip(".!?。")
        told = (
            leads
            or (alone is not None and alone["email"] == found[0])
            or _NAMES.search(line[: found.start()]) is not None
            or _RECIPIENT.search(line[: found.start()]) is not None
        )
        if email.casefold() in written_to or (told and not OF_A_SERVER.match(email)):
            yield email
