"""Making a desk: its folder and its settings."""

import json
import os
import re
import shutil
import stat
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from string import Template

from pydantic import TypeAdapter, ValidationError

from helpdesk.config import WEEKDAYS, Settings, parse
from helpdesk.domain.errors import BadConfiguration, CannotCreate, HelpdeskError, InvalidInput
from helpdesk.domain.hours import parse_day
from helpdesk.domain.values import Language, Zone
from helpdesk.glance import SETTINGS_FILE
from helpdesk.resources import data_folder
from helpdesk.store import formats
from helpdesk.store.durable import reporting, shown
from helpdesk.store.open import open_store
from helpdesk.text import clean_line

DEFAULT_HOURS = "mon-fri 09:00-18:00"
HOURS_EXAMPLE = "'mon-fri 09:00-13:00,14:00-18:00; sat 10:00-14:00'"

_DAYS = re.compile(r"(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))?")


def found(
    folder: Path,
    *,
    name: str,
    timezone: str,
    hours: str = DEFAULT_HOURS,
    country: str | None = None,
    language: str = "en",
) -> Settings:
    """Make a desk in ``folder``, which only its owner may enter from then on.

    If it fails, nothing of it stays behind.

    Args:
        folder: the folder; it is made if it is not there, and has to be empty if it is.
        name: the name of the desk, as customers read it.
        timezone: the zone that the desk works in, such as Asia/Bishkek.
        hours: opening hours, as ``read_week`` takes them.
        country: whose public holidays are kept, such as KG or US-MA.
        language: of texts to customers whose own is not known.

    Raises:
        InvalidInput: naming what cannot be taken.
        CannotCreate: if there is a desk already, or another holds the folder, or it is not empty,
            or cannot be written.
    """
    text = settings_text(
        name=name, timezone=timezone, hours=hours, country=country, language=language
    )
    try:
        checked = parse(tomllib.loads(text))
    except BadConfiguration as error:
        raise InvalidInput(error.message) from None
    _require_free(folder)
    with _taken_away_on_failure(folder):
        with reporting(folder, None):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
        _make_store(folder)
        # Only what has its settings is a desk: they come last.
        _write_new(folder / SETTINGS_FILE, text.encode())
    return checked


def settings_text(
    *, name: str, timezone: str, hours: str, country: str | None, language: str
) -> str:
    """The text of desk.toml. Raises InvalidInput."""
    if not clean_line(name):
        raise InvalidInput("a desk takes a name: customers read it")
    template = Template((data_folder() / "desk.toml.template").read_text(encoding="utf-8"))
    week = read_week(hours)
    return template.substitute(
        name=_quoted(clean_line(name)),
        timezone=_quoted(read_zone(timezone)),
        language=_quoted(_read_language(language)),
        week="\n".join(f"{day} = {json.dumps(list(week[day]))}" for day in WEEKDAYS if day in week),
        country=f"country = {_quoted(country)}" if country else '# country = "KG"',
    )


def read_zone(text: str) -> str:
    """The name of a time zone. Raises InvalidInput."""
    try:
        return TypeAdapter(Zone).validate_python(text.strip())
    except ValidationError:
        raise InvalidInput(
            f"{text[:40]!r} is not a time zone; write one like Asia/Bishkek"
        ) from None


def read_week(text: str) -> dict[str, tuple[str, ...]]:
    """Opening hours by weekday, from text such as HOURS_EXAMPLE.

    Parts are divided by ``;``, each with its days (``mon``, ``mon-fri``, ``mon,wed``) and its
    openings. Raises InvalidInput for what cannot be read, and for a day that comes twice.
    """
    week: dict[str, tuple[str, ...]] = {}
    for part in filter(None, (part.strip().lower() for part in text.split(";"))):
        days, _, openings = part.partition(" ")
        named = tuple(_read_days(days))
        if not openings.strip():
            raise InvalidInput(f"{days} has no opening hours: write them like {HOURS_EXAMPLE}")
        times = tuple(opening.strip() for opening in openings.split(","))
        try:
            parse_day(times)
        except BadConfiguration as error:
            raise InvalidInput(error.message) from None
        for day in named:
            if day in week:
                raise InvalidInput(f"the opening hours of {day} are given twice")
            week[day] = times
    if not week:
        raise InvalidInput(f"opening hours are missing: write them like {HOURS_EXAMPLE}")
    return week


def _read_days(text: str) -> Iterator[str]:
    for part in text.split(","):
        match = _DAYS.fullmatch(part)
        first, last = (match["first"], match["last"] or match["first"]) if match else ("", "")
        if first not in WEEKDAYS or last not in WEEKDAYS:
            raise InvalidInput(
                f"{text[:40]!r} are no days of the week: write opening hours like {HOURS_EXAMPLE}"
            )
        start = WEEKDAYS.index(first)
        for step in range((WEEKDAYS.index(last) - start) % 7 + 1):
            yield WEEKDAYS[(start + step) % 7]


def _read_language(text: str) -> str:
    try:
        return TypeAdapter(Language).validate_python(text.strip())
    except ValidationError:
        raise InvalidInput(f"{text[:40]!r} is not a language; write one like en or ky") from None


def _quoted(text: str) -> str:
    """The text as a TOML string: what JSON escapes, TOML escapes alike."""
    return json.dumps(text, ensure_ascii=False)


def _make_store(folder: Path) -> None:
    store = open_store(folder)
    try:
        store.catch_up()
    finally:
        store.close()
    formats.note(folder)


def _require_free(folder: Path) -> None:
    """Raises CannotCreate if the folder belongs to a desk, or holds anything."""
    for desk in (folder, *folder.absolute().resolve().parents):
        if (desk / SETTINGS_FILE).exists():
            where = "already" if desk == folder else f"which holds {shown(folder, None)}"
            raise CannotCreate(
                f"there is a desk in {shown(desk, None)} {where}: name another folder"
            )
    if folder.exists() and not folder.is_dir():
        raise CannotCreate(f"{shown(folder, None)} is no folder: name a new folder or an empty one")
    with reporting(folder, None):
        try:
            held = sorted(path.name for path in folder.iterdir())
        except FileNotFoundError:
            return
    if held:
        raise CannotCreate(
            f"{shown(folder, None)} is not empty: it holds {clean_line(held[0], 80)!r}; "
            "name a new folder or an empty one"
        )


@contextmanager
def _taken_away_on_failure(folder: Path) -> Iterator[None]:
    """If the block fails, put the place back as it was: no folder, or an empty one."""
    mode = stat.S_IMODE(folder.stat().st_mode) if folder.exists() else None
    first_made = folder
    while not first_made.parent.exists():
        first_made = first_made.parent
    try:
        yield
    except BaseException:
        # If somebody else has just made a desk there, it is not ours to take away.
        if not (folder / SETTINGS_FILE).exists():
            _take_away(folder, first_made, mode)
        raise


def _take_away(folder: Path, first_made: Path, mode: int | None) -> None:
    if mode is None:
        shutil.rmtree(first_made, ignore_errors=True)
        return
    with suppress(OSError):
        for path in folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        folder.chmod(mode)


def _write_new(path: Path, data: bytes) -> None:
    """Write a file that must not be there yet, durably; a failed one is taken away again."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CannotCreate(
            f"there is a desk in {path.parent} already: name another folder"
        ) from None
    except OSError as error:
        with reporting(path, None):
            raise error
    try:
        with reporting(path, None), os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except HelpdeskError:
        with suppress(OSError):
            path.unlink()
        raise
