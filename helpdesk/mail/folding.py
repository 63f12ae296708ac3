"""A letter's own words."""


def is_forward(subject: str) -> bool:
    return False


def fold(text: str, *, forwarded: bool = False) -> str:
    return text
