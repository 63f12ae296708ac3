"""`texts`: what a customer would read."""

from __future__ import annotations

import click

from helpdesk.commands.options import LINE, json_option, with_desk
from helpdesk.commands.output import block, json_line, line, warn
from helpdesk.desk.desk import Desk


@click.command()
@click.argument("customer", type=LINE, metavar="WHO")
@json_option
@with_desk
def texts(desk: Desk, customer: str, as_json: bool) -> None:
    """Show every text as a customer would read it, in WHO's language and time zone.

    WHO is a number, an e-mail address, a phone or a handle. The ticket and the dates are made up.
    With --json one object a line: name, language, text.
    """
    from helpdesk.desk import customers, own_texts
    from helpdesk.desk.text_preview import preview

    found = desk.store.customer(customers.find(desk, customer))
    for name, text in preview(desk, found):
        if as_json:
            json_line({"name": name, "language": desk.texts.language(found), "text": text})
        else:
            line(f"{name}:")
            block(text)
            line()
    for fault in own_texts.faults(desk.path):
        warn(f"{fault}; the file is left aside")
