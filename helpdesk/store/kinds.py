"""The kinds of documents that a desk keeps, each in a folder of its own.

Another kind takes a line in ``KINDS``, its rows in ``rows.py`` and its tables in ``schema.py``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from helpdesk.domain.customer import Customer
    from helpdesk.domain.outgoing import Outgoing
    from helpdesk.domain.ticket import Ticket

    AnyDocument: TypeAlias = Ticket | Customer | Outgoing


class DocumentKind(NamedTuple):
    """A kind of document: its folder, what one is called, and its model, imported when needed.

    ``tables`` are those of the index, besides ``words``, that hold what it keeps of one.
    """

    folder: str
    noun: str
    model_name: str
    module: str
    tables: tuple[str, ...]

    def model(self) -> type[Any]:
        """The model; pydantic comes with it, which the first paint does not wait for."""
        model: type[Any] = getattr(import_module(self.module), self.model_name)
        return model


KINDS = {
    kind.folder: kind
    for kind in (
        DocumentKind(
            "customers", "customer", "Customer", "helpdesk.domain.customer",
            ("customers", "contacts"),
        ),
        DocumentKind(
            "tickets", "ticket", "Ticket", "helpdesk.domain.ticket",
            ("tickets", "tags", "promises", "mail_ids", "origins", "archived"),
        ),
        DocumentKind(
            "outbox", "message of the outbox", "Outgoing", "helpdesk.domain.outgoing",
            ("outbox",),
        ),
    )
}  # fmt: skip
"""Every kind by its folder."""

_BY_MODEL = {kind.model_name: kind.folder for kind in KINDS.values()}


def folder_of(document: AnyDocument) -> str:
    """The folder that a document belongs in."""
    return _BY_MODEL[type(document).__name__]
