"""Whether a letter was written by a program, and how one can tell.

Any sign is enough not to acknowledge it: two programs that answer each other do so for ever. That
nobody waits for an answer takes a sure one: a person's letter may come by a list, from the form of
a shop, or have a subject that programs use too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import NamedTuple

from helpdesk.mail import absence, set_phrases
from helpdesk.mail.letter import Letter
from helpdesk.mail.wording import Wording


class Kind(StrEnum):
    """What an automatic letter is."""

    BOUNCE = "bounce"
    """Mail of ours did not arrive, or late."""
    RECEIPT = "receipt"
    """Mail of ours was read or deleted."""
    REPLY = "reply"
    """An automatic reply, such as an absence notice."""
    LIST = "list"
    """A mailing list, a newsletter or other bulk mail."""
    NOTICE = "notice"
    """Any other program."""
    OWN = "own"
    """Our own mail that came back."""


class Automatic(NamedTuple):
    """That a letter seems automatic: of which kind, and by which sign, without the letter's words.

    Only if it is ``sure``, nobody waits for an answer.
    """

    kind: Kind
    why: str
    sure: bool = False
    absence: bool = False
    """Whether its text is an absence notice and nothing else."""


_MAILER = re.compile(
    r"(?:mailer-?daemon|mail-?daemon|postmaster|mail-delivery|bounces?|mdaemon)\b", re.I
)
_DAEMON = re.compile(r"(?:mailer-?daemon|postmaster)@", re.I)
_NO_REPLY = Wording(
    r"(?:^|[._+-])(?:no|not|never|ne|do|don[o']?t|dont|pas|nicht|nao|non)[._-]?"
    r"(?:pas[._-]?|not[._-]?)?(?:re+pl[yi](?:es)?|respond(?:er|a|ere)?|rispondere|respuesta|answer"
    r"|antworten|repondre|odpowiadaj|reponse)(?:$|[._+\d-])"
    r"|^(?:keine?-?antwort|nobody|auto-?(?:reply|responder|matic|notify)|noresponse)",
    "pl respon rispond respuest answer antwort repond odpowiad reponse nobody auto",
    re.NOFLAG,
)
_LIST_SENDER = re.compile(
    r"^(?:owner-|listserv|majordomo|mailman)|-(?:request|owner|bounces)$", re.I
)
_DAEMON_NAME = re.compile(r"mail delivery (?:sub)?system|mailer[- ]daemon|mail administrator", re.I)

_ABSENT = Wording(
    r"""\W*(?:
    i\sam\son\s(?:vacation|holiday|leave)\b|[^:]{1,60}:\sавтожооп\Z
    |out\sof\s(?:the\s)?office(?!\s+(?:hours|furniture))|out-of-office|ooo\b[:!]|on\s(?:vacation|leave|holiday)\s*[:!]
    |(?:automatic|automated|auto|vacation|away)[\s-]*(?:reply|response|responder|message|answer)
    |auto:|autoreply|autoresponse|i\sam\s(?:out\sof|away\sfrom)\s(?:the\s)?office
    |abwesenheitsnotiz|abwesenheits(?:meldung|nachricht|assistent)|automatische\s(?:antwort|r[üu]ckantwort)|automatisch(?:\santwoord|e\sreactie)
    |autoantwort|nicht\sim\s(?:b[üu]ro|haus)
    |r[ée]ponse\sautomatique|absence\sdu\sbureau|message\sd.absence|absent[e]?\sdu\sbureau
    |respuesta\sautom[áa]tica|fuera\sde\s(?:la\s)?oficina|autorespuesta
    |risposta\sautomatica|fuori\s(?:sede|ufficio)
    |resposta\sautom[áa]tica|fora\sdo\sescrit[óo]rio
    |ausente\sde\sla\soficina|assente\sdall.ufficio|resposta\sautom[àá]tica
    |autosvar|automatisk[t]?\s(?:svar|svarmelding|besvarelse)|ikke\stil\sstede
    |automaattinen\s(?:poissaolo)?vastaus
    |odpowied[źz]\sautomatyczna|automatyczna\sodpowied[źz]|autoodpowied[źz]
    |automatick[áa]\sodpov[ěe][ďd]|mimo\skancel[áa][řr]
    |automatikus\sv[áa]lasz|h[áa]zon\sk[íi]v[üu]l|r[ăa]spuns\sautomat
    |automatski\sodgovor|samodejni\sodgovor|automaatvastus|autom[āa]tisk[āa]\satbilde
    |automatinis\satsakymas|(?:otomatik|avtomatik)\s(?:yan[ıi]t|cevap|cavab|javob)|sjálfvirkt\ssvar|erantzun\sautomatikoa|ofis\sd[ıi][şs][ıi]nda
    |авто(?:матический|матична|матичен)?[\s-]?(?:ответ|відповідь|отговор|одговор)|меня\sнет\sв\sофисе
    |отсутстви[ея]\s(?:на\sрабочем|в\sофисе)|вне\sофиса|авто(?:маттык\s)?жооп|автоматты\sжауап
    |αυτόματη\sαπάντηση|εκτός\sγραφείου|תשובה\sאוטומטית|מענה\sאוטומטי|رد\sتلقائي|الرد\sالتلقائي|پاسخ\sخودکار
    |ავტომატური\sპასუხი|ავტოპასუხი|ավտոմատ\sպատասխան|স্বয়ংক্রিয়\sউত্তর
    |自动(?:答复|回复|回覆)|自動(?:回覆|回复|応答|返信)|不在(?:通知|連絡|のお知らせ)
    |(?:부재\s?중\s)?자동\s?(?:회신|응답|답장)|ตอบกลับอัตโนมัติ|การตอบกลับอัตโนมัติ|trả\slời\stự\sđộng|thư\strả\slời\stự\sđộng
    |balasan\s(?:otomatis|automatik)|jawapan\sautomatik|स्वचालित\s(?:उत्तर|जवाब)|தானியங்(?:கு|கி)\sபதில்
    |(?:abwesenheit|abwesend|afwezig(?:heid)?|ausencia|assenza|aus[êe]ncia|fr[åa]nvaro|frånvarande|frav[æa]r(?:ende)?
      |poissa(?:olo(?:ilmoitus)?)?|nieobecno[śs][ćc]|nep[řr][íi]tomnost|absen[țt][ăa]|odsotnost|absent|vacation|urlaub
      |отсутствие|отпуск|外出|休暇|부재\s?중)(?=\s*(?:[:：!]|$))
    )(?:(?<=\W)|(?![^\W\u3040-\u9fff\uac00-\ud7af]))""",
    "ავტო ավտոմատ স্বয়ংক্রিয় sjálfvirkt erantzun avtomat ausente assente"
    " office ooo vacation leave holiday auto away abwesen nicht absen bureau fuera fuori fora ikke"
    " odpov mimo házon hazon otomat ofis авто меня отсутстви офиса αυτόματη εκτός εκτόσ אוטומט"
    " تلقائي خودکار 自动 自動 不在 자동 อัตโนมัติ ự balasan jawapan स्वचालित தானியங் отпуск afwezig"
    " ausencia assenza ausência ausencia nvar frav poissa nieobecno nep"
    " odsotnost urlaub 外出 休暇 부재 samodejni",
)
_UNDELIVERED = Wording(
    r"""\W*(?:
    undeliverable\s*:|undelivered\s(?:(?:e-?)?mail|message)|unzustellbar\s*:|delivery\sstatus\snotification
    |mail\s(?:delivery\s(?:fail|error|system|problem|status)|system\serror|could\snot\sbe\sdelivered)
    |(?:message|mail)\s(?:delivery\s)?(?:undeliverable|delayed|status\s-\sundeliverable)
    |failure\snotice\s*\Z|returned\s(?:mail|message)\s*:|mail\sreturned|non-?delivery\s(?:report|notification|receipt)
    |(?:warning:\s)?(?:could\snot\ssend\smessage|message\s.{0,60}\sdelayed)
    |недоставленн(?:ое\s(?:сообщение|письмо)|ая\sпочта)|сообщение\sне\sдоставлено|系统退信
    )""",
    "deliver unzustell mail message failure return недостав сообщение 系统退信",
)
_OF_A_PARCEL_TOO = Wording(
    r"""\W*(?:
    undeliver(?:able|ed)|unzustellbar|delivery\s(?:failure|has\sfailed|failed|delayed|problem|report|unsuccessful)
    |failure\snotice|returned\s(?:to\ssender|mail|message)|non-?delivery|nondeliverable
    |non\sremis|[ée]chec\sde\s(?:la\s)?(?:remise|distribution)|no\sse\s(?:puede|pudo)\sentregar|no\sentregado
    |mancato\srecapito|non\srecapitabile|impossibile\srecapitare|n[ãa]o\s(?:é\sposs[íi]vel\sentregar|entregue)
    |onbestelbaar|niet\sbezorgd|kan\sinte\slevereras|olevererbart|ikke\slevert|kunne\sikke\sleveres
    |niedostarczon|nedoru[čc]iteln|k[ée]zbes[íi]thetetlen|nelivrabil|teslim\sedilemedi
    |недоставлен|не\sудалось\sдоставить|не\sдоставлено
    |无法投递|退信|無法傳遞|配信不能|送信できません|配信できません|배달되지\s않음|반송
    )""",
    "deliver unzustell failure return non chec entreg mancato impossibile onbestelbaar"
    " nelivrabil niet kan olevere ikke kunne niedostarczon nedoru zbes teslim достав 无法投递 退信"
    " 無法傳遞 配信不能 できません 배달 반송",
)
_MAIL_SERVER = re.compile(
    r"(?:\b[45]\d\d[ -]#?|[#(:=]\s?)[45]\.\d\.\d{1,3}\b"
    r"|\bsmtp\b|mailer.?daemon|\bpostmaster\b"
    r"|\bmail ?(?:server|system|box)|\bmessage-id:|почтов|邮件|メール|메일",
    re.I,
)
"""What the text of a bounce holds, and hardly that of somebody who waits for a parcel."""

_READ = re.compile(
    r"\W*(?:read|gelesen|lu|le[íi]do|letto|lida|gelezen|l[äæ]st|luettu|przeczytano|přečteno|прочитано"
    r"|not\sread|ungelesen|return receipt \(displayed\)|已读|已讀|開封済み|읽음)\s?[:：]"
    r"|\W*return receipt\b",
    re.I,
)
_SIGNS = {
    "x-autoreply": Kind.REPLY,
    "x-autoreply-from": Kind.REPLY,
    "x-autorespond": Kind.REPLY,
    "x-autoresponder": Kind.REPLY,
    "x-auto-reply": Kind.REPLY,
    "x-auto-reply-from": Kind.REPLY,
    "x-mail-autoreply": Kind.REPLY,
    "x-autogenerated": Kind.REPLY,
    "x-vacation": Kind.REPLY,
    "x-fc-machinegenerated": Kind.NOTICE,
    "x-cron-env": Kind.NOTICE,
    "x-failed-recipients": Kind.BOUNCE,
    "x-campaign": Kind.LIST,
    "x-campaignid": Kind.LIST,
    "x-ms-exchange-generated-message-source": Kind.NOTICE,
}
_HINTS = {"x-loop": Kind.NOTICE, "x-mailing-list": Kind.LIST}
_SUPPRESSED = frozenset({"all", "autoreply", "oof"})
_ROBOT = re.compile(r"vacation|autorespond|auto-?reply|cron|majordomo|mailman", re.I)
_NO = re.compile(r"no\b|\Z", re.I)
_ASKS = re.compile(
    r"[?？](?:\s|\Z)|\bmy (?:order|money|parcel|refund)|\b(?:i|we) (?:need|want)\b|\brefund\b"
    r"|\bbrauche|\bmeine? (?:paket|geld|bestellung|zelt)|\bмо[йяи] (?:заказ|деньг|посылк)|верните"
    r"|\bхочу\b|\bмне нужн|акчамды|буйрутмам",
    re.I,
)
"""What somebody says who waits for an answer."""
_BEGINNING = 20_000
"""Characters of a text that are looked through."""


def automatic(letter: Letter, own: Collection[str] = ()) -> Automatic | None:
    """How one can tell that ``letter`` is automatic, or None if a person seems to have written it.

    ``own`` are the desk's own addresses. The surest sign is told; the kind is the most telling.
    """
    signs = list(_signs(letter, frozenset(address.casefold() for address in own)))
    if not signs:
        return None
    kinds = [sign.kind for sign in signs]
    kind = next(kind for kind in _MOST_TELLING if kind in kinds)
    why = next(sign.why for sign in signs if sign.kind is kind)
    sure = any(sign.sure for sign in signs)
    return Automatic(kind, why, sure, any(sign.absence for sign in signs))


_MOST_TELLING = (Kind.OWN, Kind.BOUNCE, Kind.RECEIPT, Kind.REPLY, Kind.LIST, Kind.NOTICE)


def _signs(letter: Letter, own: frozenset[str]) -> Iterator[Automatic]:
    yield from _of_parts(letter)
    yield from _of_headers(letter)
    yield from _of_sender(letter, own)
    yield from _of_wording(letter)


def _of_parts(letter: Letter) -> Iterator[Automatic]:
    types = letter.part_types
    if "message/delivery-status" in types or "message/global-delivery-status" in types:
        yield Automatic(Kind.BOUNCE, "it holds a delivery status", True)
    if "message/disposition-notification" in types:
        yield Automatic(Kind.RECEIPT, "it holds a receipt", True)
    if "multipart/report" in types:
        stated = letter.headers.get("content-type") or ""
        kind = Kind.BOUNCE if "delivery-status" in stated.lower() else Kind.NOTICE
        yield Automatic(kind, "it is a report", True)
    if "message/feedback-report" in types:
        yield Automatic(Kind.NOTICE, "it holds a report of abuse", True)
    if letter.calendar_reply:
        yield Automatic(Kind.NOTICE, "it answers an invitation")


def _of_headers(letter: Letter) -> Iterator[Automatic]:
    headers = letter.headers
    for stated in headers.all("auto-submitted", 200):
        if not _NO.match(stated):
            kind = Kind.REPLY if stated.lower().startswith("auto-repl") else Kind.NOTICE
            yield Automatic(kind, "Auto-Submitted", True)
    if letter.return_path == "":
        yield Automatic(Kind.NOTICE, "a null Return-Path", _is_worded(letter))
    for name in ("precedence", "x-precedence"):
        stated = (headers.get(name, 100) or "").lower()
        if any(word in stated for word in ("bulk", "list", "junk")):
            yield Automatic(Kind.LIST, "Precedence", "list" not in stated)
        elif "auto" in stated:
            yield Automatic(Kind.REPLY, "Precedence", True)
    if any(name.startswith("list-") for name in headers.names()):
        yield Automatic(Kind.LIST, "a List header")
    stated = (headers.get("x-auto-response-suppress", 200) or "").lower()
    suppressed = _SUPPRESSED & set(re.findall(r"[a-z]+", stated))
    if suppressed:
        yield Automatic(Kind.NOTICE, "X-Auto-Response-Suppress", "all" in suppressed)
    yield from _of_marks(letter)


def _of_marks(letter: Letter) -> Iterator[Automatic]:
    headers = letter.headers
    names = headers.names()
    for name, kind in (*_SIGNS.items(), *_HINTS.items()):
        if name in names and not _NO.match(headers.get(name, 50) or ""):
            yield Automatic(kind, name.title(), name in _SIGNS)
    if _ROBOT.search(headers.get("x-mailer", 100) or ""):
        yield Automatic(Kind.REPLY, "X-Mailer", True)
    if any(_ROBOT.match(address) for address in letter.delivered_to):
        yield Automatic(Kind.REPLY, "Delivered-To")


def _of_sender(letter: Letter, own: frozenset[str]) -> Iterator[Automatic]:
    addresses = [*letter.senders, *([letter.sender] if letter.sender else [])]
    emails = {address.key for address in addresses}
    if own & emails:
        yield Automatic(Kind.OWN, "it comes from an address of ours", True)
    if letter.return_path and _DAEMON.match(letter.return_path):
        yield Automatic(Kind.BOUNCE, "a mail server sent it", _is_worded(letter))
    elif letter.return_path and _MAILER.match(letter.return_path):
        yield Automatic(Kind.NOTICE, "its bounces go to a program")
    for email in sorted(emails):
        local = email.rpartition("@")[0]
        if _MAILER.match(local):
            sure = "daemon" in local or _is_worded(letter)
            yield Automatic(Kind.BOUNCE, "a mail server sent it", sure)
        elif _LIST_SENDER.search(local):
            yield Automatic(Kind.LIST, "a mailing list sent it")
        elif _NO_REPLY.search(local):
            yield Automatic(Kind.NOTICE, "its sender takes no replies")
        elif local == "root":
            sure = letter.subject.startswith("Cron <")
            yield Automatic(Kind.NOTICE, "a system sent it", sure)
    if any(_DAEMON_NAME.search(address.name) for address in addresses):
        yield Automatic(Kind.BOUNCE, "a mail server sent it", _is_worded(letter))


def _of_wording(letter: Letter) -> Iterator[Automatic]:
    """By its words; they are sure only where the text says what the subject does, and nobody
    asks anything in it or is to be answered elsewhere, as with the form of a shop."""
    words = letter.visible_text[:_BEGINNING]
    told = set_phrases.OF_A_PROGRAM.search(words) is not None
    subject = next(_of_subject(letter.subject, letter.text), None)
    if subject is not None:
        fits = _has_set_phrase(words)
        elsewhere = {a.key for a in letter.reply_to} - {a.key for a in letter.senders}
        yield subject._replace(sure=fits and not elsewhere and not _ASKS.search(words))
    if absence.is_all(words):
        yield Automatic(Kind.REPLY, "its text is an absence notice", absence=True)
    elif told:
        yield Automatic(Kind.REPLY, "its text is that of a program")


def _is_worded(letter: Letter) -> bool:
    """Whether the letter has a subject or a text such as programs write."""
    subject = next(_of_subject(letter.subject, letter.text), None)
    return subject is not None or _has_set_phrase(letter.text)


def _of_subject(subject: str, text: str) -> Iterator[Automatic]:
    if _UNDELIVERED.match(subject) or (
        _OF_A_PARCEL_TOO.match(subject) and _MAIL_SERVER.search(text[:_BEGINNING])
    ):
        yield Automatic(Kind.BOUNCE, "its subject is that of a bounce")
    elif _ABSENT.match(subject):
        yield Automatic(Kind.REPLY, "its subject is that of an automatic reply")
    elif _READ.match(subject):
        yield Automatic(Kind.RECEIPT, "its subject is that of a receipt")
    elif set_phrases.CONFIRMED.match(subject) and _has_set_phrase(text):
        yield Automatic(Kind.REPLY, "another desk confirms a letter by it")


def _has_set_phrase(text: str) -> bool:
    beginning = text[:_BEGINNING]
    phrases = (set_phrases.OF_A_PROGRAM, set_phrases.WITH_A_SUBJECT)
    return any(phrase.search(beginning) for phrase in phrases)
