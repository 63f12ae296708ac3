"""Hostile text, as it may arrive from any customer, and what must never come of it.

Written without the program's own patterns, so that a gap in those shows.
"""

import re

_FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"

PAYLOADS: dict[str, str] = {
    # Sequences that make a terminal act or answer.
    "device query": "\x1b[c\x1b[>c\x1b[5n\x1b[6n",
    "clipboard (OSC 52)": "\x1b]52;c;aG9zdGlsZQ==\x07",
    "window title (OSC 0)": "\x1b]0;hostile\x07\x1b]2;hostile\x1b\\",
    "link (OSC 8)": "\x1b]8;;http://hostile.example/\x1b\\press here\x1b]8;;\x1b\\",
    "colour query (OSC 4 and 11)": "\x1b]4;1;?\x07\x1b]11;?\x1b\\",
    "device control string": "\x1bP$q q\x1b\\\x1bP+q544e\x1b\\",
    "other strings (APC, PM, SOS)": "\x1b_Ga=q;\x1b\\\x1b^x\x1b\\\x1bXx\x1b\\",
    "clear and home": "\x1b[2J\x1b[H\x1b[3J",
    "leave the alternate screen": "\x1b[?1049l\x1b[?25h",
    "full reset": "\x1bc",
    "colour": "\x1b[31;41mred\x1b[0m",
    "mouse reports": "\x1b[?1003h\x1b[?1006h",
    "lone escape": "before\x1b",
    "C1 control sequence": "\x9b31mred\x9b0m\x9bc",
    "C1 operating system command": "\x9d52;c;aG9zdGlsZQ==\x9c",
    "C1 device control": "\x90$q q\x9c",
    # Single characters that terminals or programs stumble over.
    "nul": "before\x00after",
    "bell, backspace, tab, feeds": "a\x07b\x08\x08c\td\x0be\x0cf\x7fg",
    "shifts": "a\x0eb\x0fc",
    "every control": "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0)])),
    "lone surrogate": "half \ud83d an emoji",
    "surrogate pair": "\ud83d\ude00",
    "undecodable byte": "caf\udce9",
    "not a character": "a\ufffeb\uffffc\ufdd0d",
    "annotation": "a\ufff9b\ufffac\ufffbd\ufffc",
    # Characters that hide or turn round what is read.
    "bidi override": "invoice\u202egpj.exe",
    "bidi embedding and isolates": "\u202aa\u202bb\u202c\u2066c\u2067d\u2068e\u2069f",
    "bidi marks": "a\u200eb\u200fc\u061cd",
    "zero width": "pay\u200bment\ufeff of\u2060 10\u2063000",
    "idle joiners": "a\u200db\u200dc" * 200,
    "tag characters": "hello" + "".join(chr(0xE0000 + ord(c)) for c in "ignore the rules"),
    "combining marks": "z" + "\u0301\u0316\u0334" * 3400,
    "combining marks between joiners": "z" + ("\u0301" * 8 + "\u200d") * 1200,
    "a mark with no base": "\u0301\u0489a",
    # Lines.
    "line and paragraph separators": "one\u2028two\u2029three\x85four",
    "line ends mixed": "one\r\ntwo\rthree\n\rfour\r\r\nfive",
    "overwriting": "all is well\rall is lost",
    "flood of newlines": "\n" * 10_000,
    "very long line": "x" * 100_000,
    "very long word of wide characters": "\u5b57" * 20_000,
    "only spaces": " \t\u00a0\u3000 ",
    "nothing": "",
    # Text that a program may take for its own language.
    "markup with an action": "[@click=app.quit]press[/] [@click='app.bell']x[/]",
    "markup closed": "[/]",
    "markup closed by name": "[/bold]",
    "markup opened": "[bold",
    "markup of colour": "[red on white]sale[/red on white] [link=http://hostile.example]x[/link]",
    "markup escaped": "\\[bold] \\\\[/] \\",
    "templates": "$x ${x} $user $$ $1",
    "braces": "{braces} {0} {{}} {x!r:>{y}} {",
    "percent": "%s %d %(name)s %n %",
    "html": "<script>alert(1)</script><b>bold</b>&amp;<img src=x onerror=alert(1)>",
    "markdown": "# head\n[x](javascript:alert(1))\n```\n![i](http://hostile.example/i.png)",
    "spreadsheet formula": "=cmd|' /C calc'!A0",
    "spreadsheet formulas": '+1+1\t@SUM(A1)\t-2+3\t=HYPERLINK("http://hostile.example")',
    "sql": "'; DROP TABLE tickets; -- \" ` OR 1=1",
    "full text query": '" OR NEAR(a b) * ^ subject: -x AND (',
    "shell": "$(reboot) `reboot` ; reboot | reboot & > /tmp/x",
    "path": "../../../../etc/passwd",
    "option": "--help",
    "json": '{"id": 1, "rev": 99} \\u001b[c "',
    "toml": 'name = "x"\n[desk]\n""" \'\'\'',
    "mail headers": "Hello\r\nBcc: everyone@hostile.example\r\n\r\nbody",
    # Honest text that programs get wrong.
    "tamil": "வணக்கம், என் பொருள் இன்னும் வரவில்லை. க்ஷ ஸ்ரீ",
    "kyrgyz": "Саламатсызбы! Буйрутмам келген жок. Өтө кеч, үч күн күттүм, ыңгайсыз.",
    "chinese": "你好，我的订单还没有到，请帮忙查询。",
    "arabic": "السَّلامُ عَلَيْكُمْ، لَمْ يَصِلْ طَلَبِي",
    "hebrew": "שָׁלוֹם, הַהַזְמָנָה לֹא הִגִּיעָה",
    "persian": "می\u200cخواهم سفارشم را لغو کنم",
    "thai": "สวัสดีครับ ผมยังไม่ได้รับสินค้าที่สั่ง",
    "hindi": "नमस्ते, क्षमा करें, मेरा ऑर्डर नहीं आया",
    "sinhala": "ශ්\u200dරී ලංකා",
    "skin tones": "\U0001f44d\U0001f3fd thanks \U0001f64f\U0001f3ff",
    "family": f"{_FAMILY} bought for us",
    "variation selectors": "\u2764\ufe0f \u260e\ufe0e 1\ufe0f\u20e3",
    "flags": "\U0001f1f0\U0001f1ec\U0001f1f9\U0001f1ef\U0001f1f0",
    "not composed": "cafe\u0301 \u1112\u1161\u11ab \u212b",
    "case that grows": "Straße İstanbul ŉ ﬃ ǅ",
}
"""Hostile and hard texts by what they are."""


def _is_argument(text: str) -> bool:
    try:
        encoded = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return b"\x00" not in encoded and len(encoded) < 100_000


ARGUMENTS: dict[str, str] = {name: text for name, text in PAYLOADS.items() if _is_argument(text)}
"""Those that the system lets a process be given as an argument."""

_HIDDEN = (
    "\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff"
)
FORBIDDEN = re.compile(f"[\x00-\x09\x0b-\x1f\x7f-\x9f{_HIDDEN}]")
"""What must never stand in text shown: every control but newline, and what hides or turns text."""

FORBIDDEN_IN_OUTPUT = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_HIDDEN}]")
"""The same for the plain output of a command, which may part columns by tabs."""

FORBIDDEN_TO_TERMINAL = re.compile(
    f"[\x00-\x06\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f{_HIDDEN}]"
    r"|\x1b\](?:0|2|4|8|11|52);|\x1b\[>?c|\x1b\[[56]n|\x1b[P_^Xc]|\x1b\[3J"
)
"""What must not stand in the raw bytes, decoded, of a whole screen program, which writes escape
sequences of its own: those of the payloads, and every forbidden character but the escape."""

_STACKED = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{9}")


def assert_harmless(output: str, forbidden: re.Pattern[str] = FORBIDDEN) -> None:
    """Fail when ``output`` holds anything ``forbidden`` or a heap of combining marks."""
    for pattern in (forbidden, _STACKED):
        if found := pattern.search(output):
            around = output[max(0, found.start() - 40) : found.end() + 40]
            raise AssertionError(f"{found[0]!a} at {found.start()} of {around!a}")
