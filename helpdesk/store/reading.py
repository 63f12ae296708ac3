"""From the file of a document to the model of it, and to what the index keeps of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from helpdesk.domain.errors import InvalidInput
from helpdesk.store.folder import Documents, FileStamp, UnreadableDocument, decode
from helpdesk.store.indexing import Taken
from helpdesk.store.kinds import KINDS
from helpdesk.store.rows import rows_of
from helpdesk.text import clean_line

if TYPE_CHECKING:
    from pydantic import ValidationError

    from helpdesk.domain.customer import Customer
    from helpdesk.domain.outgoing import Outgoing
    from helpdesk.domain.ticket import Ticket
    from helpdesk.store.kinds import AnyDocument


_READ_LAST = 4
"""So many documents are kept as they were read: a ticket and its customer, and what was before."""


def ticket_of(raw: bytes, number: int) -> Ticket:
    """The ticket that a file holds. Raises UnreadableDocument."""
    return cast("Ticket", document_of("tickets", raw, number))


def customer_of(raw: bytes, number: int) -> Customer:
    """The customer that a file holds. Raises UnreadableDocument."""
    return cast("Customer", document_of("customers", raw, number))


def outgoing_of(raw: bytes, number: int) -> Outgoing:
    """The message on its way out that a file holds. Raises UnreadableDocument."""
    return cast("Outgoing", document_of("outbox", raw, number))


@lru_cache(maxsize=_READ_LAST)
def document_of(kind: str, raw: bytes, number: int) -> AnyDocument:
    """What a file of table ``kind`` holds. Raises UnreadableDocument.

    Whoever answers a ticket has just read it: the same bytes are not parsed and checked again.
    """
    return model_of(kind, decode(raw, kind, number), number)


def model_of(kind: str, fields: Mapping[str, Any], number: int) -> AnyDocument:
    """What a document of table ``kind`` is. Raises UnreadableDocument."""
    return cast("AnyDocument", _model(KINDS[kind].model(), kind, fields, number))


def take(documents: Documents, number: int) -> Taken | None:
    """A document as the index takes it in, readable or not; None if there is none."""
    stamp = stamp_of(documents, number)
    if stamp is None:
        return None
    try:
        document = document_of(documents.table, documents.read_bytes(number), number)
        return Taken(documents.table, stamp, rows_of(documents.table, document))
    except KeyError:
        return None
    except UnreadableDocument as error:
        return Taken(documents.table, stamp, None, error.reason)
    except InvalidInput as error:
        return Taken(documents.table, stamp, None, error.message)


def stamp_of(documents: Documents, number: int) -> FileStamp | None:
    """How the file of a document lies; None if there is none."""
    try:
        found = os.lstat(documents.file_of(number))
    except FileNotFoundError:
        return None
    return FileStamp(number, found.st_mtime_ns, found.st_size)


def _model(model: type[Any], kind: str, fields: Mapping[str, Any], number: int) -> Any:
    from pydantic import ValidationError

    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise UnreadableDocument(kind, number, _reason(error)) from None


def _reason(error: ValidationError) -> str:
    """What is wrong with a document, without a word of what it says."""
    from helpdesk.domain.values import plain_fault

    fault = error.errors(include_url=False, include_input=False)[0]
    place = clean_line(".".join(str(part) for part in fault["loc"] if part != "[key]"), 80)
    if fault["type"] == "extra_forbidden":
        what = "is not known to this version"
    elif fault["type"] == "value_error":
        what = "cannot be what it is"  # the words of a rule may quote what is there
    else:
        what = plain_fault(fault)
    return f"{place or 'the document'} {what}"
