"""`check` and `reindex`: looking after the documents of the desk."""

from collections.abc import Sequence

import click

from helpdesk.commands.options import json_option, with_desk, with_desk_as_it_is
from helpdesk.commands.output import json_line, line, progress, warn
from helpdesk.desk import amiss, audit, drafts, mail_faults, own_texts, preferences
from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import BadConfiguration
from helpdesk.domain.words import Channel, Kind, Priority
from helpdesk.glance import SETTINGS_FILE
from helpdesk.store import home
from helpdesk.store.base import Fault
from helpdesk.store.index import FOLDER as INDEX
from helpdesk.text import clean_line

BAD_DOCUMENTS = 65

_NAMED = 5


def catch_up(desk: Desk) -> None:
    """Take in what was changed from outside, so that a list shows every document as it is."""
    with progress("Taking in documents:") as report:
        desk.store.catch_up(progress=report)


def tell_amiss(desk: Desk) -> None:
    """Say what hinders the desk, and which documents cannot be read, and so are missing in what
    was listed."""
    tell_hindrance(desk)
    places = [fault.place for fault in desk.store.unreadable()]
    if places:
        warn(f"{counted(places)} cannot be read: {named(places)}; see 'helpdesk check'")


def tell_hindrance(desk: Desk) -> None:
    """Say why the desk can only be read, if it was met."""
    why = desk.store.hindrance()
    if why is not None:
        warn(f"the desk can only be read, and that takes longer: {why}")


def counted(places: Sequence[str]) -> str:
    """How many documents: ``1 document``, ``2 documents``."""
    return f"{len(places)} document{'' if len(places) == 1 else 's'}"


def named(places: Sequence[str], most: int = _NAMED) -> str:
    """The first of the places, ``most`` of them; of the others how many there are."""
    more = len(places) - most
    return ", ".join(places[:most]) + (f" and {more} more" if more > 0 else "")


def shared_by(numbers: Sequence[int], goes: int, stays: int) -> str:
    """That these customers have an e-mail address in common, and what makes one profile of two."""
    named = ", ".join(map(str, numbers[:-1]))
    return (
        f"customers {named} and {numbers[-1]} have one e-mail address; if that is one person, "
        f"'helpdesk customer merge {goes} {stays}' makes one profile"
    )


@click.command()
@click.option("--repair", is_flag=True, help="Put right what can be put right.")
@json_option
@with_desk_as_it_is
def check(desk: Desk, repair: bool, as_json: bool) -> int:
    """Verify every document, the index and the settings, and say what is wrong.

    Documents that were changed, added or removed by hand are taken in first.
    Ends with 0 if nothing is wrong, or all of it was repaired; else with 65, or 78 for settings
    that cannot hold or by which no answer can be promised.
    """
    with progress("Taking in documents:") as report:
        taken_in = desk.store.catch_up(thorough=True, progress=report)
    if taken_in and not as_json:
        line(f"Taken in: {taken_in} changed from outside.")
    with progress("Checking:") as report:
        if repair:
            faults = desk.changing().check(repair=True, progress=report)
        else:
            faults = desk.store.check(progress=report)
    faults += audit.faults(desk.path)
    # Whom a copy knows as erased may have drafts about him in it that were copied before.
    faults += drafts.faults(desk, repair=repair or desk.store.put_right() is not None)
    faults += preferences.faults(desk)
    wrong = (each.partition(": ") for each in own_texts.faults(desk.path))
    faults += [Fault(place, what) for place, _, what in wrong]
    settings = _settings_fault(desk)
    if settings is not None:
        faults.append(settings)
    mail = [Fault(SETTINGS_FILE, what) for what in mail_faults.faults(desk)]
    faults += mail
    for fault in faults:
        if as_json:
            place, what = clean_line(fault.place, 1000), clean_line(fault.what, 1000)
            said = {"place": place, "what": what, "repaired": fault.repaired, "advice": False}
            json_line(said)
        else:
            line(f"{fault.place}: {fault.what}{' (repaired)' if fault.repaired else ''}")
    if not any(fault.place.startswith(INDEX) for fault in faults if not fault.repaired):
        _advise(desk, as_json)
    if not as_json:
        line(_summary(faults, repair))
    tell_hindrance(desk)
    if faults and home.is_copy(desk.path):
        warn("this is a copy: what it holds by half is put right where it can be written")
    if settings is not None or mail:
        return BadConfiguration.exit_code
    return 0 if all(fault.repaired for fault in faults) else BAD_DOCUMENTS


def _advise(desk: Desk, as_json: bool) -> None:
    """Name what is no fault of the desk: letters that could not leave, and profiles that may be of
    one person. A family may share an address, and only who knows them can tell."""
    for numbers in desk.store.shared_addresses():
        what = shared_by(numbers, goes=numbers[1], stays=numbers[0])
        _advice("customers", what, as_json)
    for what in amiss.letter_lines(desk):
        _advice("outbox", what, as_json)


def _advice(place: str, what: str, as_json: bool) -> None:
    if as_json:
        json_line({"place": place, "what": what, "repaired": False, "advice": True})
    else:
        line(what)


def _settings_fault(desk: Desk) -> Fault | None:
    """What is wrong with the settings, or with what they promise from now on."""
    wrong: dict[str, None] = {}
    try:
        policy = desk.settings.policy
    except BadConfiguration as error:
        return Fault(SETTINGS_FILE, error.message.removeprefix(f"{SETTINGS_FILE}: "))
    for channel in Channel:
        for kind in Kind:
            for priority in Priority:
                try:
                    policy.due(desk.now(), channel, kind, priority)
                except BadConfiguration as error:
                    wrong[error.message] = None
    if not wrong:
        return None
    more = len(wrong) - _NAMED
    told = [*list(wrong)[:_NAMED], *([f"and {more} more"] if more > 0 else [])]
    return Fault(SETTINGS_FILE, "; ".join(told))


def _summary(faults: list[Fault], repair: bool) -> str:
    if not faults:
        return "Nothing is wrong."
    count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    left = sum(not fault.repaired for fault in faults)
    if not left:
        return f"{count}, all repaired."
    if repair:
        return f"{count}, {left} left that only a person can put right."
    mendable = sum(fault.repairable for fault in faults)
    if not mendable:
        return f"{count} that only a person can put right."
    what = "it" if mendable == len(faults) == 1 else "them all"
    if mendable < len(faults):
        what = f"{mendable} of them"
    return f"{count}; 'helpdesk check --repair' puts {what} right."


@click.command()
@json_option
@with_desk
def reindex(desk: Desk, as_json: bool) -> None:
    """Build the index anew from the documents."""
    with progress("Reading documents:") as report:
        documents = desk.changing().reindex(report) - len(list(desk.store.unreadable()))
    tell_amiss(desk)
    if as_json:
        json_line({"documents": documents})
    else:
        line(f"Index built anew from {documents} document{'s' if documents != 1 else ''}.")
