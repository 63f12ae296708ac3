"""What is known not to match without building a pattern would not have matched."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.mail import automatic, phrases
from helpdesk.mail.wording import Wording

SUBJECTS = {"absent": automatic._ABSENT, "undelivered": automatic._UNDELIVERED}
SENDERS_AND_DEVICES = (automatic._NO_REPLY, *phrases.MOBILE)


@pytest.mark.parametrize("name", SUBJECTS)
@settings(max_examples=250, deadline=None)
@given(data=st.data())
def test_no_subject_that_tells_is_passed_over(name: str, data: st.DataObject) -> None:
    assert is_looked_at(SUBJECTS[name], data)


@pytest.mark.parametrize("place", range(len(SENDERS_AND_DEVICES)))
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_no_sender_or_device_that_tells_is_passed_over(place: int, data: st.DataObject) -> None:
    assert is_looked_at(SENDERS_AND_DEVICES[place], data)


def is_looked_at(wording: Wording, data: st.DataObject) -> bool:
    """Whether a text made by the pattern is not left aside."""
    found = wording.pattern.search(data.draw(st.from_regex(wording.pattern)))
    return found is None or wording.may_match(found[0])


@pytest.mark.parametrize("text", ["SENT FROM MY PHONE", "ſent from my phone", "sent from my Fold"])
def test_case_is_no_matter(text: str) -> None:
    assert any(wording.fullmatch(text) for wording in phrases.MOBILE)
    assert Wording("otomatik", "otomatik").match("OTOMATİK")


def test_a_pattern_is_built_only_for_a_text_that_may_match() -> None:
    wording = Wording(r"out\sof\soffice", "office")
    assert wording.match("My order") is None
    assert "pattern" not in vars(wording)
    assert wording.match("Out of office")
    assert "pattern" in vars(wording)
