"""A draft is kept on the disk in a thread, and given away to whoever sends it."""

from dataclasses import replace
from threading import Event, Thread

import pytest

from helpdesk.desk import drafts
from helpdesk.desk.desk import Desk
from helpdesk.domain.draft import Draft, DraftKind
from helpdesk.screens.keeper import Keeper


def test_a_draft_is_given_away_only_once_nothing_is_written_to_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what is sent would be a draft again, to be sent a second time."""
    gate, saving, save = Event(), Event(), drafts.save

    def slowly(desk: Desk, draft: Draft) -> Draft:
        saving.set()
        assert gate.wait(timeout=20)
        return save(desk, draft)

    def send() -> None:
        keeper.give_away(draft)
        drafts.discard(desk, draft)

    draft = drafts.begin(desk, DraftKind.NEW)
    keeper = Keeper(desk, draft)
    keeper.want(draft)
    with monkeypatch.context() as patched:
        patched.setattr(drafts, "save", slowly)
        settling = Thread(target=keeper.settle)
        settling.start()
        assert saving.wait(timeout=20)
        sending = Thread(target=send)
        sending.start()
        sending.join(0.1)
        gate.set()
        settling.join()
        sending.join()
    assert drafts.load(desk) == []


def test_whose_words_are_written_over_in_another_window_keeps_them_as_a_draft_of_their_own(
    desk: Desk,
) -> None:
    """An agent's link hangs; he goes on at another, and comes back to the first one."""
    begun = replace(drafts.begin(desk, DraftKind.NEW), text="The tent")
    first = Keeper(desk, begun)
    first.keep(begun)
    (found,) = drafts.load(desk)
    second = Keeper(desk, found, found)
    second.want(replace(found, text="The tent leaks."))
    second.settle()
    assert texts(desk) == {"The tent leaks."}
    first.want(replace(begun, text="The tent is torn."))
    first.settle()
    assert texts(desk) == {"The tent leaks.", "The tent is torn."}
    first.keep_now(replace(begun, text="The tent is torn and wet."))
    assert texts(desk) == {"The tent leaks.", "The tent is torn and wet."}


def test_whose_words_were_sent_in_another_window_keeps_his_own_as_he_leaves(desk: Desk) -> None:
    begun = replace(drafts.begin(desk, DraftKind.NEW), text="The tent")
    first = Keeper(desk, begun)
    first.keep(begun)
    (found,) = drafts.load(desk)
    second = Keeper(desk, found, found)
    second.keep(replace(found, text="The tent leaks."))
    own = first.give_away(begun)
    drafts.discard(desk, own)
    assert texts(desk) == {"The tent leaks."}
    second.finish()
    assert texts(desk) == set()
    first.take_again()
    first.keep(begun)
    assert texts(desk) == {"The tent"}
    drafts.discard(desk, begun)
    drafts.discard(desk, first.draft)
    first.keep(begun)
    assert texts(desk) == {"The tent"}


def test_what_is_thrown_away_in_one_window_stays_in_the_other(desk: Desk) -> None:
    begun = replace(drafts.begin(desk, DraftKind.NEW), text="The tent")
    first = Keeper(desk, begun)
    first.keep(begun)
    (found,) = drafts.load(desk)
    Keeper(desk, found, found).keep(replace(found, text="The tent leaks."))
    first.want(None)
    first.settle()
    assert texts(desk) == {"The tent leaks."}


def test_who_leaves_without_another_word_keeps_what_was_written_over_meanwhile(desk: Desk) -> None:
    begun = replace(drafts.begin(desk, DraftKind.NEW), text="The tent")
    first = Keeper(desk, begun)
    first.keep(begun)
    (found,) = drafts.load(desk)
    Keeper(desk, found, found).keep(replace(found, text="The tent leaks."))
    first.keep(begun)
    assert texts(desk) == {"The tent", "The tent leaks."}


def texts(desk: Desk) -> set[str]:
    """What is kept."""
    return {draft.text for draft in drafts.load(desk)}
