"""What changed on the disk is told by whatever hand."""

import os
from pathlib import Path

from helpdesk.store.documents import Document, FolderDB, FolderTable
from tests.store.documents.files import file_of, ids


def test_a_scan_tells_what_changed_by_whatever_hand(tmp_path: Path, tickets: FolderTable) -> None:
    storage = FolderDB(tmp_path).storage
    tickets.put([Document({"n": n}, n) for n in (1, 2, 1500)])
    before = {stamp.doc_id: stamp for stamp in storage.scan("tickets")}
    assert list(before) == [1, 2, 1500]
    found = file_of(tmp_path, 2).stat()
    assert (before[2].mtime_ns, before[2].size) == (found.st_mtime_ns, found.st_size)

    file_of(tmp_path, 2).write_text('{"id": 2, "n": 2, "by": "hand"}', "utf-8")
    file_of(tmp_path, 1).unlink()
    after = {stamp.doc_id: stamp for stamp in storage.scan("tickets")}
    assert list(after) == [2, 1500]
    assert after[2] != before[2]
    assert after[1500] == before[1500]
    assert [stamp.doc_id for stamp in storage.scan("tickets", "0001")] == [1500]


def test_a_folder_s_time_changes_with_every_save_in_it(
    tmp_path: Path, tickets: FolderTable
) -> None:
    storage = FolderDB(tmp_path).storage
    assert storage.folders("tickets") == {}
    tickets.put([Document({"n": n}, n) for n in (1, 1500)])
    for name in ("0000", "0001"):
        os.utime(tmp_path / "tickets" / name, ns=(5, 5))
    assert storage.folders("tickets") == {"0000": 5, "0001": 5}
    tickets.update({"n": 2}, doc_ids=[1500])
    changed = storage.folders("tickets")
    assert changed["0000"] == 5
    assert changed["0001"] > 5
    assert storage.folders("customers") == {}


def test_what_is_no_document_is_named_as_stray_and_left_alone(
    tmp_path: Path, tickets: FolderTable
) -> None:
    tickets.insert({"n": 1})
    folder = tmp_path / "tickets" / "0000"
    leftover = folder / ".000001.json.0a1b2c.tmp"
    others = [
        folder / "000001.json~",
        folder / "1.json",
        folder / "0000002.json",
        folder / "000000.json",
        folder / "001000.json",
        folder / "٠٠٠٠٠٢.json",
        tmp_path / "tickets" / "notes.txt",
        tmp_path / "tickets" / "0002",
    ]
    for path in (leftover, *others):
        path.write_text("{}", "utf-8")
    loop = tmp_path / "tickets" / "0003"
    loop.symlink_to(loop)
    (tmp_path / "tickets" / "00000").mkdir()

    strays = {stray.path: stray.leftover for stray in FolderDB(tmp_path).storage.strays()}
    unfit = [*others, loop, tmp_path / "tickets" / "00000"]
    assert strays == {leftover: True} | dict.fromkeys(unfit, False)
    assert ids(tickets) == [1]
    assert [stamp.doc_id for stamp in FolderDB(tmp_path).storage.scan("tickets")] == [1]
    assert tickets.next_id() == 2
