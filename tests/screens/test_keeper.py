"""A draft is kept on the disk in a thread, and given away to whoever sends it."""

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
        keeper.give_away()
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
