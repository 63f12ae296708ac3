"""`ingest`: one message, as a mail server's pipe delivers it."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from helpdesk import hand_in
from helpdesk.commands.handing_in import form_of
from helpdesk.commands.options import DESK_PATH, desk_path, json_option, record_start
from helpdesk.commands.output import json_line_of, line_of
from helpdesk.commands.streams import write_if_heard

if TYPE_CHECKING:
    from helpdesk.desk.inbound import Taken
    from helpdesk.mail_settings import MailSection


@click.command()
@click.option("--dry-run", is_flag=True, help="Read the message and write nothing.")
@json_option
@click.option("--desk", "after", type=DESK_PATH, metavar="PATH", hidden=True)
@click.pass_context
def ingest(context: click.Context, dry_run: bool, as_json: bool, after: Path | None) -> None:
    """Take in one mail message from standard input, as a mail server's pipe delivers it.

    Ends with 0 only when the message is safely kept, and with 75 for any trouble of the desk, so
    that the mail server tries again. The same message given again changes nothing.
    """
    gc.disable()  # one message leaves little, and all that is imported would be gone through
    from helpdesk.desk import arriving, inbound
    from helpdesk.desk.desk import open_desk

    path = desk_path(context, after)
    record_start(context)
    raw = arriving.message(sys.stdin.buffer)
    if dry_run:
        taken = inbound.look(raw, _settings(path))
    else:
        with open_desk(path) as desk:
            taken = inbound.take(desk, raw)
    write_if_heard(said(taken, form_of(as_json), dry_run=dry_run))  # it is kept all the same


def _settings(path: Path) -> MailSection:
    """The desk's settings on mail, if there is one: a message can be looked at without a desk."""
    from helpdesk.config import load
    from helpdesk.glance import SETTINGS_FILE
    from helpdesk.mail_settings import MailSection

    settings = path / SETTINGS_FILE
    return load(settings).mail if settings.is_file() else MailSection()


def said(taken: Taken, form: str, *, dry_run: bool = False) -> str:
    """What is written of what became of a message, in one of the forms of ``hand_in``."""
    if form == hand_in.WORDS:
        return line_of(_words(taken, dry_run))
    return json_line_of(taken_object(taken), escaped=form == hand_in.ESCAPED)


def taken_object(taken: Taken) -> dict[str, Any]:
    """What became of a message as ``--json`` has it; what is absent is null."""
    letter = taken.letter
    return {
        "ticket": taken.ticket,
        "customer": taken.customer,
        "new_ticket": taken.new_ticket,
        "duplicate": taken.duplicate,
        "automatic": taken.automatic,
        "acknowledged": taken.acknowledged,
        "message": {
            "from_email": letter.from_email,
            "from_name": letter.from_name,
            "subject": letter.subject or None,
            "message_id": letter.message_id,
            "in_reply_to": letter.in_reply_to,
            "references": list(letter.references),
            "text": letter.text,
            "visible_text": letter.visible_text,
            "attachments": [
                {"name": a.name, "type": a.type, "bytes": a.size, "sha256": a.sha256}
                for a in letter.attachments
            ],
        },
    }


def _words(taken: Taken, dry_run: bool) -> str:
    letter = taken.letter
    kind = "automatic mail" if taken.automatic else "a message"
    what = f"{kind} from {letter.from_email or 'nobody'}: {letter.subject or 'no subject'}"
    if dry_run:
        return f"Read {what}"
    if taken.duplicate:
        return f"Ticket {taken.ticket}: has that message already"
    how = "opened by" if taken.new_ticket else "got"
    told = "; acknowledged" if taken.acknowledged else ""
    return f"Ticket {taken.ticket}: {how} {what}{told}"
