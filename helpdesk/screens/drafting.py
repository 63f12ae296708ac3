"""Drafts and what agents make of them: where to write, whether anything was written.

Pure: from texts to texts.
"""


def gap(draft: str) -> int:
    """Where in a drafted reply its own words go: the empty place before the signature."""
    place = draft.rfind("\n\n\n\n")
    return place + 2 if place >= 0 else len(draft)


def same_words(text: str, other: str) -> bool:
    """Whether both say the same, apart from white space."""
    return text.split() == other.split()


def put_in(draft: str, text: str) -> str:
    """The draft with ``text`` in the empty place before the signature."""
    place = gap(draft)
    return f"{draft[:place]}{text}{draft[place:]}"
