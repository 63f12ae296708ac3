"""Words that are said again twice a second as time goes by."""

from textual.content import Content
from textual.widgets import Static


def say(line: Static, words: Content) -> None:
    """Show ``words``, unless they stand there already: whatever is drawn goes over the line."""
    shown = line.content
    if not isinstance(shown, Content) or not shown.is_same(words):
        line.update(words)
