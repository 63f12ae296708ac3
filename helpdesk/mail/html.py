"""HTML of mail as text that reads well: paragraphs, lists, tables, links, quotes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

DEEPEST = 400
"""Elements within each other up to which the tree is built; deeper ones take quadratic time."""
MOST_TAGS = 100_000
MOST_CHARACTERS = 4_000_000

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]{0,30})")
_ANY_TAG = re.compile(r"<!--.*?(?:-->|\Z)|<[!/?a-zA-Z][^<>]*>?", re.DOTALL)
_UNSEEN_CONTENT = re.compile(r"<(style|script|head|title)\b.*?(?:</\1\s*>|\Z)", re.I | re.DOTALL)
_LINE_TAG = re.compile(r"<(?:br|hr|/p|/div|/tr|/li|/h[1-6]|/table|/blockquote)\b[^<>]*>?", re.I)
_SPACE = re.compile(r"[ \t\n\r\f\xa0\u200b\u200c\u00ad\ufeff\u034f]+")
_BLANKS = re.compile(r"\n{3,}")
_UNSEEN = frozenset(
    "head style script title template svg iframe select option"
    " audio video canvas meta link base -comment -doctype".split()
)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_PARAGRAPH = frozenset("p h1 h2 h3 h4 h5 h6 ul ol dl table blockquote pre figure form".split())
_BLOCK = frozenset(
    "div tr li dt dd section article header footer main nav aside address center fieldset"
    " figcaption caption thead tbody tfoot legend details summary body html hr".split()
)
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.I)
_NEVER_HIDDEN = frozenset({"-text", "-document", "br", "b", "i", "hr", "tbody", "html", "body"})
_LONGEST_LINK = 300
_BEFORE_LINK = re.compile(r"\A[(<\[]?(?:https?://)?")
_AFTER_LINK = "/.,;:!?)>]"


def to_text(source: str) -> str:
    """The text of an HTML document; never raises. Quotes get ``> `` before their lines."""
    source = source[:MOST_CHARACTERS].replace("\0", "")
    if _depth(source) > DEEPEST:
        return _without_tags(source)
    body = LexborHTMLParser(source).root
    if body is None:
        return ""
    writer = _Writer()
    for node, opens in _walk(body):
        if opens:
            writer.open(node)
        else:
            writer.close(node)
    return writer.text()


def _depth(source: str) -> int:
    """How deep elements may lie within each other, at the most."""
    depth = deepest = 0
    for count, found in enumerate(_TAG.finditer(source)):
        if count > MOST_TAGS:
            return DEEPEST + 1
        if found[2].lower() in _VOID:
            continue
        depth += -1 if found[1] else 1
        if depth < 0:
            depth = 0
        elif depth > deepest:
            deepest = depth
            if deepest > DEEPEST:
                break
    return deepest


def _without_tags(source: str) -> str:
    """What is left without tags: no layout, but nothing lost and no time either."""
    source = _LINE_TAG.sub("\n", _SPACE.sub(" ", _UNSEEN_CONTENT.sub(" ", source)))
    text = _ANY_TAG.sub("", source)
    lines = (_SPACE.sub(" ", line).strip() for line in html.unescape(text).splitlines())
    return _BLANKS.sub("\n\n", "\n".join(lines)).strip()


def _walk(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Every node that is seen, when it opens and when it closes, without recursion."""
    node: LexborNode | None = root
    stack: list[LexborNode] = []
    while node is not None:
        yield node, True
        child = node.child if not _is_unseen(node) else None
        if child is not None:
            stack.append(node)
            node = child
            continue
        yield node, False
        following = node.next if node is not root else None
        while following is None and stack:
            parent = stack.pop()
            yield parent, False
            following = parent.next if stack else None
        node = following


def _is_unseen(node: LexborNode) -> bool:
    tag = node.tag
    if tag in _UNSEEN:
        return True
    if tag is None or tag in _NEVER_HIDDEN:
        return False
    attributes = node.attributes
    style = attributes.get("style") if attributes else None
    return bool(attributes and "hidden" in attributes) or bool(style and _HIDDEN.search(style))


def _bare(link: str) -> str:
    """A link without what is no matter to whoever reads it."""
    return _BEFORE_LINK.sub("", link).rstrip(_AFTER_LINK)


class _Writer:
    """Lines of text from nodes as they open and close."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._quotes = 0
        self._pre = 0
        self._lists: list[int | None] = []
        self._links: list[tuple[str, int, int]] = []

    def open(self, node: LexborNode) -> None:
        """Write what stands before the content of a node, or its text."""
        tag = node.tag
        if tag == "-text":
            self._write(node.text_content or "")
        elif tag == "br":
            self._break()
        elif tag == "hr":
            self._end_line()
            self._put("-" * 20)
            self._end_line()
        elif tag == "img":
            self._write(f" {alt} " if (alt := (node.attributes or {}).get("alt")) else "")
        elif tag == "a":
            href = ((node.attributes or {}).get("href") or "").strip()
            self._links.append((href, len(self._lines), len(self._line)))
        elif tag in ("td", "th"):
            if self._line and not self._line[-1].endswith((" ", "\t")):
                self._line.append("  ")
        else:
            self._open_block(tag or "")

    def _open_block(self, tag: str) -> None:
        if tag in _PARAGRAPH:
            self._blank_line()
        elif tag in _BLOCK:
            self._end_line()
        if tag == "blockquote":
            self._quotes += 1
        elif tag == "pre":
            self._pre += 1
        elif tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._item()

    def _item(self) -> None:
        mark = "- "
        if self._lists and (count := self._lists[-1]) is not None:
            self._lists[-1] = count + 1
            mark = f"{count + 1}. "
        self._line.append("  " * max(0, len(self._lists) - 1) + mark)

    def close(self, node: LexborNode) -> None:
        """Write what stands after the content of a node."""
        tag = node.tag or ""
        if tag == "a" and self._links:
            self._close_link()
        elif tag in _PARAGRAPH or tag in _BLOCK:
            self._end_line()
            if tag == "blockquote":
                self._quotes = max(0, self._quotes - 1)
            elif tag == "pre":
                self._pre = max(0, self._pre - 1)
            elif tag in ("ul", "ol") and self._lists:
                self._lists.pop()
            if tag in _PARAGRAPH:
                self._blank_line()

    def _close_link(self) -> None:
        href, lines, words = self._links.pop()
        if not href.lower().startswith(("http:", "https:", "mailto:", "tel:", "ftp:")):
            return
        start = words if lines == len(self._lines) else 0
        shown = "".join(self._line[start:]).strip()
        target = href.removeprefix("mailto:").removeprefix("tel:")
        # Whole words only: https://k.co stands in the letters of bank.com too.
        if not shown or _bare(target) in (_bare(shown), *map(_bare, shown.split())):
            return
        if len(target) > _LONGEST_LINK:
            target = f"{target[:_LONGEST_LINK]}…"
        self._put(f" <{target}>")

    def _write(self, text: str) -> None:
        if self._pre:
            first, *others = text.split("\n")
            self._put(first)
            for line in others:
                self._break()
                self._put(line)
            return
        text = _SPACE.sub(" ", text)
        if not self._line or self._line[-1].endswith((" ", "\t")):
            text = text.lstrip(" ")
        self._put(text)

    def _put(self, text: str) -> None:
        if text:
            self._line.append(text)

    def _break(self) -> None:
        self._lines.append(self._marked("".join(self._line).rstrip()))
        self._line.clear()

    def _end_line(self) -> None:
        if "".join(self._line).strip():
            self._break()
        else:
            self._line.clear()

    def _blank_line(self) -> None:
        self._end_line()
        if self._lines and self._lines[-1].strip("> "):
            self._lines.append(self._marked(""))

    def _marked(self, line: str) -> str:
        return f"{'>' * self._quotes} {line}".rstrip() if self._quotes else line

    def text(self) -> str:
        """All of it."""
        self._end_line()
        return _BLANKS.sub("\n\n", "\n".join(self._lines)).strip("\n")
