"""What every store does with mail: the archive, and finding where a mail belongs."""

from hashlib import sha256
from pathlib import Path

import pytest

from helpdesk.domain.errors import InvalidInput, NotFound
from helpdesk.domain.message import Attachment, MailFacts
from helpdesk.domain.ticket import Ticket
from helpdesk.store.archive import Kept
from helpdesk.store.base import Store
from tests.store.contract.stores import Opener
from tests.store.making import after, customer, save, ticket

RAW = Kept.of(b"From: aigul@example.com\n\nThe zip broke.\n")
PICTURE = Kept.of(bytes(range(256)) * 5000)


def mailed(
    number: int, customer: int = 1, *, raw: Kept = RAW, files: tuple[Kept, ...] = (), **facts: str
) -> Ticket:
    """A ticket that came in by mail and was never saved."""
    made = ticket(number, customer)
    attached = tuple(Attachment(name="a.png", bytes=f.size, sha256=f.sha256) for f in files)
    mail = MailFacts.model_validate({"raw": raw.sha256, "origin": f"pipe:{raw.sha256}", **facts})
    first = made.messages[0].model_copy(update={"mail": mail, "attachments": attached})
    return made.model_copy(update={"messages": (first, *made.messages[1:])})


def take(store: Store, ticket: Ticket, *files: Kept) -> None:
    """Save a ticket with the files that it refers to."""
    with store.writing() as writing:
        for file in files:
            writing.keep(file)
        writing.put(ticket)


def read(store: Store, sha: str) -> bytes:
    with store.archived(sha) as file:
        return file.read()


def test_what_was_kept_with_a_ticket_can_be_read_by_its_hash(store: Store, opener: Opener) -> None:
    save(store, customer(1))
    take(store, mailed(1, files=(PICTURE,)), RAW, PICTURE)
    assert sha256(read(opener(), RAW.sha256)).hexdigest() == RAW.sha256
    assert read(opener(), PICTURE.sha256) == bytes(range(256)) * 5000
    assert opener().check() == []


def test_a_hundred_files_at_once_are_kept_as_one_is(store: Store) -> None:
    files = [Kept.of(b"letter %d" % number) for number in range(100)]
    save(store, customer(1))
    with store.writing() as writing:
        for number, file in enumerate(files, start=1):
            writing.keep(file)
            writing.put(mailed(number, raw=file))
    assert [read(store, file.sha256) for file in files] == [b"letter %d" % n for n in range(100)]
    assert store.check() == []


def test_a_file_that_is_not_there_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        store.archived(RAW.sha256)
    for name in ("../desk.toml", "", "ab" * 31, RAW.sha256.upper()):
        with pytest.raises(InvalidInput):
            store.archived(name)


def test_nothing_is_kept_when_the_change_is_given_up(store: Store) -> None:
    with pytest.raises(KeyError), store.writing() as writing:
        writing.keep(RAW)
        writing.put(customer(1))
        raise KeyError
    with pytest.raises(NotFound):
        store.archived(RAW.sha256)


def test_a_ticket_is_found_by_the_ids_of_its_mail(store: Store, opener: Opener) -> None:
    save(store, customer(1), mailed(1, message_id="a@x"), mailed(2, message_id="b@x"), ticket(3))
    save(opener(), mailed(4, message_id="a@x"))
    assert store.by_mail_ids(["a@x", "b@x", "c@x"]) == {"a@x": [1, 4], "b@x": [2]}
    assert store.by_mail_ids(["A@x"]) == {}
    store.reindex()
    assert store.by_mail_ids(["b@x"]) == {"b@x": [2]}


def test_a_mail_is_known_by_where_it_came_from_and_by_its_hash(store: Store) -> None:
    fetched = mailed(2, origin="imap:main/INBOX/7/12")
    save(store, customer(1), fetched)
    asked = ["imap:main/INBOX/7/12", f"pipe:{RAW.sha256}", "imap:main/INBOX/7/13"]
    assert store.by_origins(asked) == {asked[0]: 2, asked[1]: 2}


def test_tickets_that_share_a_file_are_both_known_to(store: Store) -> None:
    save(store, customer(1), customer(2))
    take(store, mailed(1, files=(PICTURE,)), RAW, PICTURE)
    take(store, mailed(2, 2, raw=Kept.of(b"other"), files=(PICTURE,)), Kept.of(b"other"), PICTURE)
    assert store.referring_to(PICTURE.sha256) == [1, 2]
    assert store.referring_to(RAW.sha256) == [1]


def test_a_file_goes_with_the_change_that_lets_it_go(store: Store) -> None:
    save(store, customer(1))
    take(store, mailed(1), RAW)
    with store.writing() as writing:
        bare = writing.ticket(1)
        messages = tuple(m.model_copy(update={"mail": None}) for m in bare.messages)
        writing.put(bare.model_copy(update={"messages": messages}))
        writing.let_go(RAW.sha256)
    with pytest.raises(NotFound):
        store.archived(RAW.sha256)
    assert store.check() == []


def test_promises_are_counted_by_customer_and_since_when(store: Store) -> None:
    save(store, customer(1), customer(2), ticket(1), ticket(2, opened=1), ticket(3, 2, opened=1))
    assert store.promises_told(1, after(0)) == 2
    assert store.promises_told(1, after(0.5)) == 1
    assert store.promises_told(2, after(2)) == 0


# What only files can suffer


def place(tmp_path: Path, file: Kept) -> Path:
    return tmp_path / "archive" / file.sha256[:2] / file.sha256


def test_a_check_names_files_that_are_missing_changed_or_nobodys(tmp_path: Path) -> None:
    from helpdesk.store.open import open_store

    store = open_store(tmp_path)
    save(store, customer(1))
    take(store, mailed(1, files=(PICTURE,)), RAW, PICTURE, Kept.of(b"nobody's"))
    place(tmp_path, RAW).write_bytes(b"changed")
    place(tmp_path, PICTURE).unlink()
    (tmp_path / "archive" / "notes.txt").write_text("mine")
    (tmp_path / "archive" / RAW.sha256[:2] / ".x.123.tmp").write_text("cut sh")
    found = {fault.place.rpartition("/")[2]: fault.what for fault in store.check(repair=True)}
    assert "another thing" in found[RAW.sha256]
    assert "not there" in found[PICTURE.sha256]
    assert "no ticket" in found[Kept.of(b"nobody's").sha256]
    assert "no file of the archive" in found["notes.txt"]
    assert "left over" in found[".x.123.tmp"]
    # Only what never finished is cleared away.
    assert place(tmp_path, RAW).read_bytes() == b"changed"
    assert place(tmp_path, Kept.of(b"nobody's")).exists()
    assert not (tmp_path / "archive" / RAW.sha256[:2] / ".x.123.tmp").exists()
    store.close()


def test_a_file_that_was_cut_short_is_written_again(tmp_path: Path) -> None:
    from helpdesk.store.open import open_store

    store = open_store(tmp_path)
    save(store, customer(1))
    take(store, mailed(1), RAW)
    place(tmp_path, RAW).write_bytes(b"")
    take(store, mailed(2), RAW)
    assert sha256(read(store, RAW.sha256)).hexdigest() == RAW.sha256
    store.close()
