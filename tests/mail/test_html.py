"""HTML of mail becomes text that says what the reader of the letter would see."""

import pytest

from helpdesk.mail.html import to_text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('<p>See <img alt="the tent">now</p>', "See the tent now"),
        ('<img alt="Logo">Hi', "Logo Hi"),
        ("<noscript>Open it in a browser</noscript>", "Open it in a browser"),
        ("<object>no player</object> <math><mi>x</mi></math>", "no player x"),
        ("<svg><text>drawn</text></svg><script>x()</script>Hi", "Hi"),
        ("<textarea>typed</textarea>", "typed"),
        ("<option>one</option>Hi", "Hi"),
    ],
)
def test_what_is_seen_is_told(source: str, text: str) -> None:
    assert to_text(source) == text


@pytest.mark.parametrize(
    ("shown", "target", "told"),
    [
        ("bank.example", "https://k.ex", "bank.example <https://k.ex>"),
        (
            "https://bank.example/",
            "https://evil.example/",
            "https://bank.example/ <https://evil.example/>",
        ),
        ("https://bank.example/", "http://bank.example", "https://bank.example/"),
        ("(see bank.example/a)", "https://bank.example/a", "(see bank.example/a)"),
        ("ann@x.example", "mailto:ann@x.example", "ann@x.example"),
        ("Ann", "mailto:ann@x.example", "Ann <ann@x.example>"),
        ("here", "javascript:alert(1)", "here"),
    ],
)
def test_where_a_link_leads_is_told_unless_it_says_so(shown: str, target: str, told: str) -> None:
    assert to_text(f'<a href="{target}">{shown}</a>') == told
