"""Bytes to text, when the charset is stated, missing, or a lie."""

from __future__ import annotations

import codecs
import re

from helpdesk.mail import misstated

_ALIASES = {
    "ascii": "utf-8",
    "us-ascii": "utf-8",
    "ansi_x3.4-1968": "utf-8",
    "7bit": "utf-8",
    "8bit": "utf-8",
    "utf8": "utf-8",
    "utf8mb4": "utf-8",
    "x-utf-8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "x-unicode-2-0-utf-7": "utf-7",
    "unicode": "utf-16",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "ansi": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "iso-8859-8-i": "iso8859_8",
    "iso-8859-8-e": "iso8859_8",
    "iso-8859-6-i": "iso8859_6",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "euc-cn": "gb18030",
    "chinesebig5": "big5hkscs",
    "big5": "big5hkscs",
    "cn-big5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601-1989": "cp949",
    "ksc_5601": "cp949",
    "korean": "cp949",
    "x-windows-949": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "csiso2022jp": "iso2022_jp_ext",
    "iso-2022-jp-1": "iso2022_jp_ext",
    "hz-gb-2312": "hz",
    "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-japanese": "cp932",
    "x-cp1251": "cp1251",
    "win-1251": "cp1251",
    "koi8r": "koi8-r",
    "koi": "koi8-r",
}
# Codecs that are no charsets of mail: escapes, transformations, and idna, which is slow.
_REFUSED = frozenset({"unicode-escape", "raw-unicode-escape", "idna", "punycode", "undefined"})
_NAME = re.compile(r"[a-z0-9][a-z0-9_.:+-]{0,40}")
_WINDOWS = re.compile(r"(?:x-|ms-)?(?:windows|win|cp|ibm)[-_]?(\d{3,5})")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BOMS_OF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ISO_2022 = re.compile(rb"\x1b(?:\$[@B(A]|\([BJI])")
_SHIFTS = re.compile(rb"(\x1b(?:\$[@B]|\$\(D|\([BJIH]))")
_ENOUGH_TO_GUESS = 24  # bytes beyond ASCII; a guess by fewer is no better than cp1252
_GUESS_BY = 16_384
_NOT_ASCII = ("utf-7", "utf-16", "utf-32", "hz", "cp037", "cp273", "cp424", "cp500", "cp1140")
_GUESSES = (
    "cp1251 koi8_r cp1252 cp1250 cp1253 cp1254 cp1255 cp1256 cp866 iso8859_2 gb18030 big5"
    " shift_jis euc_jp euc_kr".split()
)
_SINGLE_BYTE = re.compile(r"cp125\d|iso8859|koi8|mac_|mac-|cp8\d\d|latin")


def codec(charset: str | None) -> str | None:
    """The name of Python's codec for a stated charset; None if there is none to trust."""
    if not charset:
        return None
    name = charset.strip(" \t\"'<>;").lower()
    if name in _ALIASES:
        return _ALIASES[name]
    if not _NAME.fullmatch(name):
        return None
    windows = _WINDOWS.match(name)
    for candidate in (name, f"cp{windows[1]}" if windows else ""):
        try:
            found = codecs.lookup(candidate)
        except (LookupError, ValueError):
            continue
        if getattr(found, "_is_text_encoding", True) and found.name not in _REFUSED:
            return _ALIASES.get(found.name, found.name)
    return None


def decode(data: bytes, charset: str | None, hint: str | None = None) -> str:
    """The text of ``data``; never raises. ``hint`` is tried where ``charset`` is none or wrong.

    What no charset explains is shown as the replacement character.
    """
    stated = codec(charset)
    if stated is not None and stated.startswith("utf-16") and not data.startswith(_BOMS_OF_16):
        text = misstated.utf_8(data)
        if text is not None:
            return text
    if data.isascii() and b"\x1b" not in data and not (stated or "").startswith(_NOT_ASCII):
        return data.decode("ascii")
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(
                name if name == "utf-8" else _ordered(name, mark), "replace"
            )
    if stated is None or stated == "utf-8":
        return _unstated(data, hint if stated is None else None, stated is not None)
    return _stated(data, stated, hint)


def spoken(data: bytes, text: str) -> str | None:
    """The codec, of those that are guessed, by which ``data`` was read as ``text``."""
    return next((name for name in _GUESSES if _strictly(data, name) == text), None)


def _ordered(name: str, mark: bytes) -> str:
    return name + ("-be" if mark == codecs.BOM_UTF16_BE else "-le")


def _stated(data: bytes, stated: str, hint: str | None) -> str:
    if _SINGLE_BYTE.match(stated):
        # Text of a one-byte charset is next to never valid UTF-8 by chance.
        text = _strictly(data, "utf-8")
        if text is not None:
            return text
    elif stated in misstated.OF_CHINESE:
        text = misstated.utf_8(data)
        if text is not None:
            return text
    text = _strictly(data, stated)
    if text is not None:
        other = misstated.OTHERS.get(stated)
        if other is not None:
            return misstated.likelier(text, _strictly(data, other))
        return _other_than_western(data, text) if stated == "cp1252" else text
    if stated == "cp1252":
        return _western(data)
    if stated == "iso2022_jp_ext":
        return _japanese(data) if b"\x1b" in data else _unstated(data, hint, False)
    if stated.startswith("utf-"):
        return _strictly(data, "utf-8") or data.decode(stated, "replace")
    text = _first_of(data, ("utf-8",))
    if text is not None:
        return text
    replaced = data.decode(stated, "replace")
    if replaced.count("�") * 20 <= len(replaced):
        return replaced
    return _unstated(data, hint, False)


def _other_than_western(data: bytes, text: str) -> str:
    """The text of what is in no Western language, as it has more letters with an accent than
    without, or signs amid its words; old mail programs call any charset Latin-1."""
    sample = data[:_GUESS_BY]
    accented = len(sample) - len(sample.translate(None, _ACCENTED))
    plain = len(sample) - len(sample.translate(None, _PLAIN))
    if accented < _ENOUGH_TO_GUESS or accented <= plain:
        return misstated.other_latin(data, text)
    name = guess(sample)
    return (_strictly(data, name) if name else None) or text


def _unstated(data: bytes, hint: str | None, said_utf8: bool) -> str:
    text = _strictly(data, "utf-8")
    if text is not None:
        if b"\x1b" in data and _ISO_2022.search(data):
            return _strictly(data, "iso2022_jp_ext") or text
        return text
    if said_utf8:
        replaced = data.decode("utf-8", "replace")
        if replaced.count("�") * 5 <= sum(not c.isascii() for c in replaced):
            return replaced  # damaged UTF-8 rather than another charset
    name = codec(hint)
    if name is not None and name != "utf-8":
        text = _strictly(data, name)
        if text is not None:
            return _other_than_western(data, text) if name == "cp1252" else text
    return _guessed(data)


def _guessed(data: bytes) -> str:
    sample = data[:_GUESS_BY]
    if len(sample) - len(sample.translate(None, _HIGH)) >= _ENOUGH_TO_GUESS:
        name = guess(sample)
        text = _strictly(data, name) if name else None
        if text is not None:
            return text
    return _western(data)


def guess(sample: bytes) -> str | None:
    """The codec that explains the bytes best, if one does."""
    from charset_normalizer import from_bytes  # 30 ms to import, and next to no mail needs it

    try:
        best = from_bytes(sample, steps=5, chunk_size=512, cp_isolation=_GUESSES).best()
    except Exception:
        return None
    return codec(best.encoding) if best else None


_HIGH = bytes(range(128, 256))
_ACCENTED = bytes(range(192, 256))
_PLAIN = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _first_of(data: bytes, names: tuple[str, ...]) -> str | None:
    return next((text for name in names if (text := _strictly(data, name)) is not None), None)


def _strictly(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (ValueError, LookupError):
        return None


def _japanese(data: bytes) -> str:
    """ISO-2022-JP with the characters of vendors, by way of Windows' Shift JIS."""
    pieces = _SHIFTS.split(data)
    texts = [pieces[0].decode("cp932", "replace")]
    for shift, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        if shift.startswith(b"\x1b$"):
            piece = b"".join(map(_shift_jis, piece[::2], piece[1::2]))
        elif shift.endswith(b"I"):
            piece = bytes(byte | 0x80 for byte in piece)
        texts.append(piece.decode("cp932", "replace"))
    return "".join(texts)


def _shift_jis(first: int, second: int) -> bytes:
    """One character of JIS X 0208 as Shift JIS."""
    if not (0x21 <= first <= 0x7E and 0x21 <= second <= 0x7E):
        return b"?"
    lead = (first + 1) // 2 + (0x70 if first < 0x5F else 0xB0)
    if first % 2:
        return bytes((lead, second + (0x1F if second < 0x60 else 0x20)))
    return bytes((lead, second + 0x7E))


def _western(data: bytes) -> str:
    """Windows-1252, the usual one; the five bytes it leaves open as in Latin-1."""
    return _strictly(data, "cp1252") or data.decode("latin-1")
