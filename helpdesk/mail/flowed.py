"""format=flowed (RFC 3676): lines that were only broken to be sent are made whole again."""

from __future__ import annotations

import re

_QUOTE = re.compile(r">*")


def unflow(text: str, *, delsp: bool = False) -> str:
    """``text`` with its paragraphs in one line each; quote marks stay before each line."""
    out: list[str] = []
    depth_before, open_line = 0, False
    for line in text.splitlines():
        quote = _QUOTE.match(line)
        depth = quote.end() if quote else 0
        content = line[depth:]
        if content.startswith(" "):
            content = content[1:]  # space-stuffing
        if content == "-- ":
            open_line = False
            out.append(_marked(depth, content))
            continue
        flows = content.endswith(" ")
        if flows and delsp:
            content = content[:-1]
        if open_line and depth == depth_before:
            out[-1] += content
        else:
            out.append(_marked(depth, content))
        depth_before, open_line = depth, flows
    return "\n".join(out)


def _marked(depth: int, content: str) -> str:
    return f"{'>' * depth} {content}" if depth else content
