"""What lies in the archive goes out with an export, and away with the person."""

from pathlib import Path

import pytest

from helpdesk.desk import erasing, exporting_files, matters
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import CannotCreate, InvalidInput, NotFound
from helpdesk.domain.message import Attachment, MailFacts
from helpdesk.domain.words import Channel, Kind
from helpdesk.store.archive import Kept
from tests.desk.people import whoever_has

RAW = Kept.of(b"From: aigul@example.com\n\nThe zip broke.\n")
LOGO = Kept.of(b"a picture that everybody sends")


def mailed(desk: Desk, address: str, raw: Kept) -> int:
    """A customer who wrote a mail with the picture; gives the number of the customer."""
    number = whoever_has(desk, address)
    ticket = matters.new_ticket(
        desk, number, kind=Kind.REQUEST, channel=Channel.EMAIL, subject="Zip", text="It broke."
    )
    with desk.writing() as writing:
        file = Attachment(name="logo.png", bytes=LOGO.size, sha256=LOGO.sha256)
        mail = MailFacts(raw=raw.sha256, origin=f"pipe:{raw.sha256}")
        first = ticket.messages[0].model_copy(update={"mail": mail, "attachments": (file,)})
        writing.keep(raw)
        writing.keep(LOGO)
        writing.put(ticket.model_copy(update={"messages": (first, *ticket.messages[1:])}))
    return number


def test_an_erasure_removes_what_nobody_else_refers_to(desk: Desk) -> None:
    aigul = mailed(desk, "aigul@example.com", RAW)
    bakyt = mailed(desk, "bakyt@example.com", Kept.of(b"another mail"))
    erasing.erase(desk, aigul)
    with pytest.raises(NotFound):
        desk.store.archived(RAW.sha256)
    with desk.store.archived(LOGO.sha256) as file:
        assert file.read() == b"a picture that everybody sends"
    # Her mail stays known, so that she does not come in again when it is delivered once more.
    assert desk.store.by_origins([f"pipe:{RAW.sha256}"]) == {f"pipe:{RAW.sha256}": 1}
    assert desk.store.check() == []
    erasing.erase(desk, bakyt)
    assert not [path for path in (desk.path / "archive").rglob("*") if path.is_file()]


def test_files_go_out_by_their_hash_those_of_one_person_or_all(desk: Desk, tmp_path: Path) -> None:
    aigul = mailed(desk, "aigul@example.com", RAW)
    mailed(desk, "bakyt@example.com", Kept.of(b"another mail"))
    assert exporting_files.copy(desk, tmp_path / "hers", aigul) == []
    assert {path.name for path in (tmp_path / "hers").iterdir()} == {RAW.sha256, LOGO.sha256}
    assert exporting_files.copy(desk, tmp_path / "all") == []
    assert len(list((tmp_path / "all").iterdir())) == 3
    with pytest.raises(CannotCreate):
        exporting_files.copy(desk, tmp_path / "all")


def test_what_is_missing_is_told_and_the_rest_goes_out(desk: Desk, tmp_path: Path) -> None:
    mailed(desk, "aigul@example.com", RAW)
    (desk.path / "archive" / RAW.sha256[:2] / RAW.sha256).unlink()
    assert exporting_files.copy(desk, tmp_path / "all") == [RAW.sha256]
    assert [path.name for path in (tmp_path / "all").iterdir()] == [LOGO.sha256]


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("", "say where to"),
        ("~nobody-of-that-name/logo.png", "write the whole path"),
        ("logo.png", "write the whole path"),
        ("/tmp/lo\0go.png", "say where to"),
        ("/nowhere/lo\x1b[31mgo.png", "hidden characters"),
        ("/nowhere/lo\ud800go.png", "hidden characters"),
        ("/proc/self/logo.png", "cannot"),
    ],
)
def test_where_no_file_can_be_saved_that_is_said(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, said: str
) -> None:
    mailed(desk, "aigul@example.com", RAW)
    folder = tmp_path / "removed meanwhile"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    with pytest.raises((InvalidInput, CannotCreate), match=said):
        exporting_files.save(desk, LOGO.sha256, place)
