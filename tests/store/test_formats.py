"""A desk of an older format is brought forward, with a copy kept; a newer one is refused.

The older format is made up: in it the subject of a ticket was called its title.
"""

import errno
import json
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk.domain import formats as domain_formats
from helpdesk.domain.errors import BadConfiguration, CannotCreate, NotPermitted
from helpdesk.domain.formats import FORMAT, Fields
from helpdesk.store import durable, formats, redo
from helpdesk.store.files import FileStore
from helpdesk.store.folder import UnreadableDocument
from tests.store.injecting import FailingFiles, KillingFiles
from tests.store.making import asked, customer, found, noted, save, ticket
from tests.store.programs import file_of, opened, processes, run

OLDER = FORMAT - 1
NUMBERS = (1, 2, 3)
COPIES = f"{formats.FORMER}/[!.]*"


def from_title_to_subject(folder: str, fields: Fields) -> Fields:
    if folder == "tickets":
        fields["subject"] = fields.pop("title")
    return fields


@pytest.fixture(autouse=True)
def made_up_format(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(domain_formats.STEPS, OLDER, from_title_to_subject)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """An older desk of a customer and three tickets."""
    desk = tmp_path / "desk"
    desk.mkdir()
    with opened(desk) as store:
        save(store, customer(1), *(ticket(number, subject=f"Tent {number}") for number in NUMBERS))
        store.catch_up()
    for path in desk.glob("*/0000/*.json"):
        make_older(path)
    (desk / formats.FORMAT_FILE).write_text(json.dumps({"format": OLDER}))
    return desk


def make_older(path: Path) -> None:
    fields = json.loads(path.read_text("utf-8")) | {"format": OLDER}
    if "subject" in fields:
        fields["title"] = fields.pop("subject")
    path.write_text(json.dumps(fields, ensure_ascii=False), "utf-8")


def documents(desk: Path) -> dict[str, bytes]:
    """What lies in the folders of the documents, by its place."""
    return {
        path.relative_to(desk).as_posix(): path.read_bytes()
        for kind in ("customers", "tickets")
        for path in (desk / kind).rglob("*")
        if path.is_file()
    }


def the_copy(desk: Path) -> dict[str, bytes]:
    """What the one copy of the desk holds."""
    (copy,) = desk.glob(COPIES)
    assert json.loads((copy / formats.FORMAT_FILE).read_bytes()) == {"format": OLDER}
    return documents(copy)


def assert_forward(desk: Path) -> None:
    """The desk is whole in the newest format, and the next who opens it can go on working."""
    with opened(desk) as store:
        assert store.brought_forward() is None
        store.catch_up()
        assert store.check() == []
        assert [row.subject for row in store.queue(asked())] == [f"Tent {n}" for n in NUMBERS]
        save(store, noted(store.ticket(2), "work goes on"))
        assert found(store, "goes") == [2]
    assert json.loads((desk / formats.FORMAT_FILE).read_bytes()) == {"format": FORMAT}
    for data in documents(desk).values():
        assert json.loads(data)["format"] == FORMAT


# An older desk


def test_it_is_brought_forward_on_opening_and_kept_as_it_was(desk: Path) -> None:
    before = documents(desk)
    with opened(desk) as store:
        (copy,) = desk.glob(COPIES)
        assert store.brought_forward() == (
            f"the desk was brought forward from format {OLDER} to {FORMAT}; "
            f"{formats.FORMER}/{copy.name} holds it as it was"
        )
        assert store.ticket(1).rev == 1  # what agents have on their screens still holds
    assert the_copy(desk) == before
    assert_forward(desk)


def test_its_copy_can_be_put_back(desk: Path) -> None:
    before = documents(desk)
    with opened(desk):
        pass
    (copy,) = desk.glob(COPIES)
    shutil.copytree(copy, desk, dirs_exist_ok=True)
    assert documents(desk) == before
    with opened(desk) as store:
        assert store.brought_forward() is not None
        assert len(list((desk / formats.FORMER).iterdir())) == 2  # each copy has a name of its own
    assert_forward(desk)


def test_a_desk_that_does_not_say_its_format_is_of_the_first(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        save(store, customer(1))
        assert store.brought_forward() is None
    assert not (tmp_path / formats.FORMER).exists()


def bring_forward_and_be_killed(desk: Path, at: int) -> None:
    domain_formats.STEPS[OLDER] = from_title_to_subject
    durable.files = KillingFiles(at)
    FileStore(desk).close()


def test_whoever_is_killed_at_any_step_of_it_the_next_goes_on(desk: Path, tmp_path: Path) -> None:
    before = documents(desk)
    stages = set()
    for at in range(1, 200):
        copy = tmp_path / f"desk {at}"
        shutil.copytree(desk, copy, symlinks=True)
        killed = run(bring_forward_and_be_killed, copy, at) == -signal.SIGKILL
        old = sum(json.loads(data)["format"] == OLDER for data in whole(copy).values())
        stages.add((old, (copy / formats.FORMER).exists()))
        with opened(copy) as store:
            assert [one.subject for one in store.tickets()] == [f"Tent {n}" for n in NUMBERS]
        assert the_copy(copy) == before
        assert not list(copy.rglob("*.tmp"))
        assert_forward(copy)
        shutil.rmtree(copy)
        if not killed:
            break
    assert at > 40
    assert {(4, False), (4, True), (3, True), (0, True)} <= stages


def whole(desk: Path) -> dict[str, bytes]:
    return {name: data for name, data in documents(desk).items() if name.endswith(".json")}


def test_many_programs_that_open_it_at_once_make_one_copy(desk: Path) -> None:
    before = documents(desk)
    programs = [processes.Process(target=read_along, args=(desk,), daemon=True) for _ in range(8)]
    for program in programs:
        program.start()
    for program in programs:
        program.join(60)
    assert [program.exitcode for program in programs] == [0] * len(programs)
    assert the_copy(desk) == before
    with opened(desk) as store:
        assert len(store.ticket(1).messages) == 2 + len(programs)
        store.catch_up()
        assert store.check() == []


def read_along(desk: Path) -> None:
    domain_formats.STEPS[OLDER] = from_title_to_subject
    with opened(desk) as store:
        store.catch_up()
        assert len(store.queue(asked())) == len(NUMBERS)
        with store.writing() as writing:
            writing.put(noted(writing.ticket(1), "seen"))


def test_what_cannot_be_read_is_kept_and_not_written(desk: Path) -> None:
    broken = file_of(desk, 2)
    broken.write_text('{"id": 2, "format": 0, "title": ["none"]}')
    unknown = file_of(desk, 3)
    unknown.write_text('{"id": 3, "format": -5}')
    before = documents(desk)
    with opened(desk) as store:
        with pytest.raises(UnreadableDocument, match="is of format -5 and cannot be brought"):
            store.ticket(3)
        assert [one.id for one in store.tickets()] == [1]
    assert the_copy(desk) == before
    for path in (broken, unknown):
        assert path.read_bytes() == before[path.relative_to(desk).as_posix()]


@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_where_nothing_can_be_written_it_is_read_as_it_is(
    desk: Path, monkeypatch: pytest.MonkeyPatch, number: int, at: int
) -> None:
    before = documents(desk)
    with monkeypatch.context() as patched:
        patched.setattr(durable, "files", FailingFiles(at, number, for_good=True))
        with opened(desk) as store:
            assert store.brought_forward() is None
            assert [one.subject for one in store.tickets()] == ["Tent 1", "Tent 2", "Tent 3"]
            with pytest.raises((CannotCreate, NotPermitted)):
                save(store, noted(store.ticket(1), "no room"))
    assert documents(desk) == before
    assert not list(desk.glob(COPIES))
    with opened(desk):
        assert the_copy(desk) == before
    assert_forward(desk)


def test_a_disk_that_fills_up_in_the_midst_of_it_loses_nothing(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = documents(desk)
    for at in range(1, 60):
        with monkeypatch.context() as patched:
            patched.setattr(durable, "files", FailingFiles(at, errno.ENOSPC, for_good=True))
            with opened(desk) as store:
                assert [one.subject for one in store.tickets()] == [f"Tent {n}" for n in NUMBERS]
    with opened(desk):
        assert the_copy(desk) == before
    assert_forward(desk)


def test_check_says_that_it_is_older_and_brings_it_forward(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(durable, "files", FailingFiles(1, errno.EROFS, for_good=True))
        store = FileStore(desk)
    store.catch_up()
    store.close()
    with opened(desk) as again:
        assert again.check(repair=True) == []
    assert_forward(desk)


# A document of it


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FileStore]:
    """A desk of the newest format, with a customer and a ticket."""
    folder = tmp_path / "newest"
    folder.mkdir()
    with opened(folder) as made:
        save(made, customer(1), ticket(1), ticket(2))
        made.catch_up()
        yield made


def test_an_older_document_that_is_copied_in_is_read_and_saved_in_the_newest_format(
    store: FileStore, tmp_path: Path
) -> None:
    path = file_of(tmp_path / "newest", 2)
    path.write_text(path.read_text("utf-8").replace("jacket", "mitten"), "utf-8")
    make_older(path)
    before = path.read_bytes()
    assert store.catch_up() == 1
    assert [row.subject for row in store.queue(asked("mitten"))] == ["Zip of the mitten is broken"]
    assert store.check() == []
    assert path.read_bytes() == before
    save(store, noted(store.ticket(2), "work goes on"))
    saved = json.loads(path.read_bytes())
    assert (saved["format"], saved["rev"]) == (FORMAT, 2)
    assert saved["subject"] == "Zip of the mitten is broken"
    assert "title" not in saved


# A newer one


def make_newer(desk: Path) -> None:
    (desk / formats.FORMAT_FILE).write_text(json.dumps({"format": FORMAT + 1}))


def test_a_newer_desk_is_refused_with_one_line(store: FileStore, tmp_path: Path) -> None:
    make_newer(tmp_path / "newest")
    with pytest.raises(BadConfiguration) as caught:
        FileStore(tmp_path / "newest")
    assert caught.value.exit_code == 78
    assert caught.value.message == (
        f"the desk is of format {FORMAT + 1}, written by a newer helpdesk; "
        f"this one knows formats up to {FORMAT}: update it"
    )


def test_a_newer_desk_is_refused_though_a_change_was_cut_short_in_it(
    store: FileStore, tmp_path: Path
) -> None:
    make_newer(tmp_path / "newest")
    plan = b'{"format": 1, "write": [], "remove": []}'
    (tmp_path / "newest" / redo.REDO_FILE).write_bytes(plan)
    with pytest.raises(BadConfiguration, match="update it"):
        FileStore(tmp_path / "newest")
    assert (tmp_path / "newest" / redo.REDO_FILE).read_bytes() == plan


def test_who_has_the_desk_open_while_a_newer_program_takes_it_over_writes_nothing_more(
    store: FileStore, tmp_path: Path
) -> None:
    seen = store.ticket(1)
    before = documents(tmp_path / "newest")
    make_newer(tmp_path / "newest")
    with pytest.raises(BadConfiguration, match="update it"):
        save(store, noted(seen, "too old"))
    with pytest.raises(BadConfiguration, match="update it"):
        store.check(repair=True)
    assert documents(tmp_path / "newest") == before


def test_a_newer_document_is_set_aside_and_never_written_over(
    store: FileStore, tmp_path: Path
) -> None:
    seen = store.ticket(2)
    path = file_of(tmp_path / "newest", 2)
    path.write_text(json.dumps({"id": 2, "format": FORMAT + 1, "rev": 1}))
    before = path.read_bytes()
    with pytest.raises(UnreadableDocument, match="written by a newer helpdesk; update this"):
        store.ticket(2)
    with pytest.raises(UnreadableDocument):
        save(store, noted(seen, "over it"))
    store.catch_up()
    assert [fault.place for fault in store.unreadable()] == ["tickets/0000/000002.json"]
    assert found(store) == [1]
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "[" * 100_000, '{"format": "1"}', '{"format": -1}',
        '{"format": 0, "copy": 1}',
        '{"format": 0, "copy": "../outside"}', '{"format": 0, "copy": "former/.."}',
    ],
)  # fmt: skip
def test_a_desk_whose_format_cannot_be_told_is_not_guessed_at(
    store: FileStore, tmp_path: Path, text: str
) -> None:
    (tmp_path / "newest" / formats.FORMAT_FILE).write_text(text)
    with pytest.raises(BadConfiguration, match=r"^format\.json cannot be read: restore it"):
        FileStore(tmp_path / "newest")
