"""Times as a table writes them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from helpdesk.domain.hours import FIRST_YEAR, LAST_YEAR, wall_exists, wall_to_utc

_END_OF_DAY = time(23, 59, 59)
_DAY_LENGTH = len("2026-12-31")
_IN_UTC = " UTC"


class Dates:
    """Reads ISO 8601 (with "T" or a space; " UTC" is an offset), then each of ``formats`` in turn.

    A time without an offset is one that clocks in ``zone`` show. Where they go back, it is the
    first of the two; where they go forward over it, the first instant after the gap: so that the
    order in which the table has its times is never reversed. Times are whole seconds: parts of
    one are cut off.
    """

    def __init__(self, zone: ZoneInfo, formats: Sequence[str]) -> None:
        self._zone = zone
        self._formats = tuple(formats)
        self._days = tuple(_is_day(form) for form in formats)

    def instant(
        self, text: str, *, end_of_day: bool = False, after: datetime | None = None
    ) -> datetime:
        """The instant in UTC; a day without a time begins, or with ``end_of_day`` ends, it.

        A time shown twice is the second of the two if only that one does not lie before ``after``,
        the instant of what came first.

        Raises:
            ValueError: if it cannot be read, or is beyond the calendar.
        """
        read, is_day = self._read(text)
        if is_day and end_of_day:
            read = datetime.combine(read, _END_OF_DAY)
        if not FIRST_YEAR <= read.year <= LAST_YEAR:
            raise ValueError("is beyond the calendar")
        read = read.replace(microsecond=0)
        if read.tzinfo is not None:
            return read.astimezone(UTC)
        first = wall_to_utc(read, self._zone)
        if after is None or first >= after or not wall_exists(read, self._zone):
            return first
        second = read.replace(tzinfo=self._zone, fold=1).astimezone(UTC)
        return second if second >= after else first

    def day(self, text: str) -> date:
        """The date that is written. Raises ValueError if it cannot be read."""
        return self._read(text)[0].date()

    def _read(self, text: str) -> tuple[datetime, bool]:
        if text[4:5] == "-":
            in_utc = text.endswith(_IN_UTC) and len(text) > _DAY_LENGTH + len(_IN_UTC)
            iso = f"{text.removesuffix(_IN_UTC)}Z" if in_utc else text
            try:
                return datetime.fromisoformat(iso), len(text) == _DAY_LENGTH
            except ValueError:
                pass
        for form, is_day in zip(self._formats, self._days, strict=True):
            try:
                return datetime.strptime(text, form), is_day  # noqa: DTZ007 - the zone comes later
            except ValueError:
                continue
        raise ValueError(
            "cannot be read as a date; write it as 2026-12-31 14:00, or add its format"
        )


def _is_day(form: str) -> bool:
    return not any(part in form for part in ("%H", "%I", "%M", "%S", "%X", "%c", "%s"))
