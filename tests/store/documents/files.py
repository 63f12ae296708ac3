"""The files of documents, as they lie on the disk."""

from pathlib import Path

from helpdesk.store.documents import FolderTable


def file_of(desk: Path, doc_id: int) -> Path:
    return desk / "tickets" / f"{doc_id // 1000:04d}" / f"{doc_id:06d}.json"


def broken(desk: Path, doc_id: int, raw: bytes = b"{") -> Path:
    path = file_of(desk, doc_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    return path


def ids(table: FolderTable) -> list[int]:
    return [document.doc_id for document in table]
