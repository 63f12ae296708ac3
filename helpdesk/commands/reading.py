"""What is typed at options, read against the desk: agents, times ahead and times past."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from helpdesk.desk.desk import Desk
from helpdesk.domain.errors import InvalidInput


def read_agent(desk: Desk, text: str) -> str | None:
    """The login of ``me``, ``none`` (nobody) or an agent. Raises InvalidInput."""
    from helpdesk.desk.upkeep import require_agent

    if text.lower() == "none":
        return None
    login = desk.agent if text.lower() == "me" else text
    require_agent(desk, login)
    return login


def read_due(desk: Desk, text: str) -> datetime:
    """The moment ahead (UTC) that WHEN means. Raises InvalidInput, with examples."""
    from helpdesk.domain.when import read_when

    return read_when(text, desk.now(), desk.settings.policy.hours)


def read_past(desk: Desk, text: str) -> datetime:
    """A moment (UTC) as ``read_moment``, in the desk's zone. Raises InvalidInput."""
    return read_moment(text, desk.zone)


def read_since(desk: Desk, text: str) -> datetime:
    """A moment (UTC) as ``read_past``, or the beginning of a day: ``2026-11-25``, ``today``,
    ``yesterday``, ``7d`` (seven days ago). Raises InvalidInput."""
    words = text.strip().lower()
    ago = {"today": "0d", "yesterday": "1d"}.get(words, words)
    days = ago.removesuffix("d")
    if ago.endswith("d") and days.isascii() and days.isdigit() and len(days) <= 4:
        day = desk.local(desk.now()).date() - timedelta(days=int(days))
        return read_moment(f"{day.isoformat()} 00:00", desk.zone)
    if len(words) == len("2026-11-25"):
        return read_moment(f"{words} 00:00", desk.zone)
    return read_moment(text, desk.zone)


def read_moment(text: str, zone: ZoneInfo) -> datetime:
    """A date and time (UTC), such as ``2026-11-25 14:00``; without an offset, in ``zone``.

    Of a time shown twice the first is meant. Raises InvalidInput for what cannot be read, and for
    a time that the zone's clocks skip.
    """
    from helpdesk.domain.hours import as_utc, wall_exists, wall_to_utc

    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        moment = None
    if moment is None or len(text.strip()) <= len("2026-11-25"):
        raise InvalidInput(
            f"{text[:40]!r} cannot be read as a date and time: write it like "
            "'2026-11-25 14:00' or '2026-11-25T14:00:00+06:00'"
        )
    moment = moment.replace(microsecond=0)
    if moment.tzinfo is not None:
        return as_utc(moment)
    as_utc(moment.replace(tzinfo=UTC))  # refuses years out of reach
    if not wall_exists(moment, zone):
        raise InvalidInput(f"{text[:40]!r} does not exist in {zone.key}: clocks skip that time")
    return wall_to_utc(moment, zone)
