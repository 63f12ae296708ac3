"""`check` and `reindex`: looking after the documents of the desk."""

import click

from helpdesk.commands.options import json_option, with_desk
from helpdesk.commands.output import json_line, line, progress
from helpdesk.desk.desk import Desk

BAD_DOCUMENTS = 65


def catch_up(desk: Desk) -> None:
    """Take in what was changed from outside, so that a list shows every document as it is."""
    with progress("Taking in documents:") as report:
        desk.store.catch_up(progress=report)


@click.command()
@click.option("--repair", is_flag=True, help="Put right what can be put right.")
@json_option
@with_desk
def check(desk: Desk, repair: bool, as_json: bool) -> int:
    """Verify every document, the index and the settings, and say what is wrong.

    Documents that were changed, added or removed by hand are taken in first.
    Ends with 0 if nothing is wrong, or all of it was repaired; else with 65, or 78 for settings
    that cannot be read.
    """
    with progress("Taking in documents:") as report:
        taken_in = desk.store.catch_up(thorough=True, progress=report)
    if taken_in and not as_json:
        line(f"Taken in: {taken_in} changed from outside.")
    with progress("Checking:") as report:
        faults = desk.store.check(repair=repair, progress=report)
    for fault in faults:
        if as_json:
            json_line({"place": fault.place, "what": fault.what, "repaired": fault.repaired})
        else:
            line(f"{fault.place}: {fault.what}{' (repaired)' if fault.repaired else ''}")
    left = sum(not fault.repaired for fault in faults)
    _ = desk.settings  # raises what is wrong with them
    if not as_json:
        line(_summary(len(faults), left, repair))
    return BAD_DOCUMENTS if left else 0


def _summary(found: int, left: int, repair: bool) -> str:
    if not found:
        return "Nothing is wrong."
    faults = "1 fault" if found == 1 else f"{found} faults"
    if not left:
        return f"{faults}, all repaired."
    if repair:
        return f"{faults}, {left} left that only a person can put right."
    return f"{faults}; 'helpdesk check --repair' puts right what can be put right."


@click.command()
@json_option
@with_desk
def reindex(desk: Desk, as_json: bool) -> None:
    """Build the index anew from the documents."""
    with progress("Reading documents:") as report:
        documents = desk.store.reindex(report)
    if as_json:
        json_line({"documents": documents})
    else:
        line(f"Index built anew from {documents} document{'s' if documents != 1 else ''}.")
