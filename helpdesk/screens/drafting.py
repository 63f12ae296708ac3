"""Drafts and what agents make of them: where to write, whether anything was written, the apology.

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


def after_greeting(text: str, paragraph: str) -> str:
    """``text`` with a paragraph after its first, which is the greeting."""
    greeting, parted, rest = text.partition("\n\n")
    return f"{greeting}\n\n{paragraph}{parted}{rest}" if parted else f"{text}\n\n{paragraph}"


def before_signature(text: str, signature: str, paragraph: str) -> str:
    """``text`` with a paragraph before the signature; at its end if the signature is gone."""
    place = text.rfind(signature) if signature else -1
    if place < 0:
        return f"{text.rstrip()}\n\n{paragraph}"
    return f"{text[:place].rstrip()}\n\n{paragraph}\n\n{text[place:]}"
