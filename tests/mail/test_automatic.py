"""Programs are told from people, so that two programs never answer each other."""

from __future__ import annotations

import pytest

from helpdesk.mail.automatic import Kind, automatic
from helpdesk.mail.parsing import read


def of(headers: str, sender: str = "ann@example.org", subject: str = "My order") -> Kind | None:
    """The kind of a letter with those headers."""
    raw = f"{headers}From: {sender}\nSubject: {subject}\n\nhi"
    found = automatic(read(raw.encode()), own=["Help@desk.example"])
    return found.kind if found else None


HEADERS = {
    "X-POST-MessageClass: 9; Autoresponder": Kind.REPLY,
    "Auto-Submitted: auto-replied (vacation)": Kind.REPLY,
    "Auto-Submitted: auto-generated": Kind.NOTICE,
    "Return-Path: <>": Kind.NOTICE,
    "Precedence: bulk": Kind.LIST,
    "Precedence: junk": Kind.LIST,
    "Precedence: auto_reply": Kind.REPLY,
    "List-Unsubscribe: <mailto:x@y.z>": Kind.LIST,
    "List-Id: <x.y.z>": Kind.LIST,
    "X-Auto-Response-Suppress: DR, OOF, AutoReply": Kind.NOTICE,
    "X-Auto-Response-Suppress: All": Kind.NOTICE,
    "X-Autoreply: yes": Kind.REPLY,
    "X-Autorespond: vacation": Kind.REPLY,
    "X-Loop: example.org": Kind.NOTICE,
    "X-Failed-Recipients: gone@example.org": Kind.BOUNCE,
    "Content-Type: multipart/report; report-type=delivery-status; boundary=x": Kind.BOUNCE,
    "Content-Type: multipart/report; report-type=feedback-report; boundary=x": Kind.NOTICE,
    "Content-Type: message/disposition-notification": Kind.RECEIPT,
}


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_tells(header: str) -> None:
    body = "--x\n\nhi\n--x--"
    raw = f"{header}\nFrom: ann@example.org\nSubject: My order\n\n{body}"
    found = automatic(read(raw.encode()))
    assert found is not None
    assert found.kind is HEADERS[header]


@pytest.mark.parametrize(
    ("sender", "kind"),
    [
        ("MAILER-DAEMON@example.org", Kind.BOUNCE),
        ("Mail Delivery System <postmaster@example.org>", Kind.BOUNCE),
        ("post_master@example.org", Kind.BOUNCE),
        ("MAILER-DAEMON <>", Kind.BOUNCE),
        ("MAILER-DAEMON (Mail Delivery System)", Kind.BOUNCE),
        ("Daemon Miller", None),
        ("no-reply@example.org", Kind.NOTICE),
        ("noreply+123@example.org", Kind.NOTICE),
        ("do_not_reply@example.org", Kind.NOTICE),
        ("ne-pas-repondre@example.org", Kind.NOTICE),
        ("news-request@example.org", Kind.LIST),
        ("owner-news@example.org", Kind.LIST),
        ("Ann <help@desk.example>", Kind.OWN),
        ("help@desk.example.org", None),
        ("noreen@example.org", None),
        ("Norah Reply <norah@example.org>", None),
    ],
)
def test_a_sender_tells(sender: str, kind: Kind | None) -> None:
    assert of("", sender) is kind


AUTOMATIC_SUBJECTS = [
    "[EXTERNAL] Automatic reply: Order",
    "[EXT] Undeliverable: Order",
    "EXTERN: Abwesenheitsnotiz: Bestellung",
    "***EXTERNAL*** Out of Office: Order",
    "メールエラー通知",
    "メッセージを配信できません。",
    "Out of office",
    "Automatic reply: My order",
    "AUTO: I am away",
    "Abwesenheitsnotiz: Order",
    "Abwesenheit",
    "Automatische Antwort: Order",
    "Réponse automatique : commande",
    "Respuesta automática: pedido",
    "Risposta automatica: ordine",
    "Resposta automática: pedido",
    "Automatisch antwoord: order",
    "Autosvar: order",
    "Automatiskt svar: order",
    "Automaattinen vastaus: tilaus",
    "Odpowiedź automatyczna: zamówienie",
    "Automatická odpověď: objednávka",
    "Automatikus válasz: rendelés",
    "Otomatik Yanıt: sipariş",
    "Автоматический ответ: заказ",
    "Автоответ: заказ",
    "Αυτόματη απάντηση: παραγγελία",
    "自动回复: 订单",
    "自動返信: 注文",
    "자동 회신: 주문",
    "Undelivered Mail Returned to Sender",
    "Mail delivery failed: returning message to sender",
    "Undeliverable: Your order",
    "Unzustellbar: Ihre Bestellung",
    "failure notice",
    "Avtomatik javob: buyurtma",
    "Avtomatik cavab: sifariş",
    "ავტომატური პასუხი: შეკვეთა",
    "স্বয়ংক্রিয় উত্তর: অর্ডার",
    "Automātiskā atbilde: pasūtījums",
    "Sjálfvirkt svar: pöntun",
    "Resposta automàtica: comanda",
    "Ausente de la oficina: pedido",
    "Assente dall'ufficio",
    "Fraværende: ordre",
    "Poissaoloilmoitus",
    "부재중 자동응답",
    "Недоставленное сообщение",
    "系统退信",
    "Read: Your order",
    "Gelesen: Ihre Bestellung",
]
PERSONS_SUBJECTS = [
    "Re: Automatic reply: My order",
    "Out of office hours?",
    "Automatic door does not open",
    "Read this please",
    "Delivery of my order",
    "Absence of an answer",
    "Abwesenheit der Lieferung",
    "Urlaubsbuchung",
    "Returned my order, when is the refund?",
    "Delivery problem with order 12",
    "Delivery delayed again!",
    "Delivery failed: nobody was at the door",
    "Delivery report for my order",
    "Undelivered parcel",
    "Returned to sender, why?",
    "Failure notice from your website?",
    "External automatic reply does not work",
    "Не доставлен заказ",
    "Не удалось доставить посылку",
    "Niet bezorgd",
    "No entregado",
    "Niedostarczona paczka",
    "반송",
    "退信",
]


@pytest.mark.parametrize("subject", AUTOMATIC_SUBJECTS)
def test_a_subject_tells_of_a_program(subject: str) -> None:
    assert of("", subject=subject) is not None


@pytest.mark.parametrize("subject", PERSONS_SUBJECTS)
def test_a_persons_subject_is_let_alone(subject: str) -> None:
    assert of("", subject=subject) is None


@pytest.mark.parametrize(
    "text",
    [
        "550 5.1.1 unknown",
        "no such user (#5.1.1)",
        "Status: 5.1.1",
        "the mail system at example.org",
        "smtp; 550 no such user",
        "邮件被退回",
    ],
)
def test_a_subject_of_a_parcel_too_tells_of_a_program_with_a_text_of_a_mail_server(
    text: str,
) -> None:
    found = automatic(read(f"From: ann@example.org\nSubject: Delivery failure\n\n{text}".encode()))
    assert found is not None
    assert found.kind is Kind.BOUNCE


@pytest.mark.parametrize("text", ["Am 4.11.25 bestellt.", "Since 5.1.26 I wait.", "v4.10.2"])
def test_a_date_in_the_text_of_who_waits_for_a_parcel_is_no_code_of_a_mail_server(
    text: str,
) -> None:
    letter = f"From: ann@example.org\nSubject: Delivery failed\n\n{text}"
    assert automatic(read(letter.encode())) is None


def test_what_says_no_is_no_sign() -> None:
    assert of("Auto-Submitted: no\nX-Auto-Response-Suppress: DR, RN\n") is None


def sure(subject: str, text: str, headers: str = "") -> bool | None:
    """Whether it is sure that nobody waits; None if there is no sign of a program at all."""
    head = f"{headers}From: ann@example.org\nSubject: {subject}\n"
    found = automatic(read(f"{head}\n{text}".encode()))
    return found.sure if found else None


@pytest.mark.parametrize(
    "subject",
    [
        "Read: the manual is wrong",
        "Mail could not be delivered to my address",
        "Nicht im Haus gewesen, wo ist mein Paket?",
        "Vacation: tent for two?",
        "Returned message: my order",
        "Message delayed, where is my order",
        "Auto response missing",
        "Urlaub",
        "Your request form is broken",
    ],
)
@pytest.mark.parametrize("headers", ["", "Return-Path: <ann@example.org>\n"])
def test_a_subject_alone_is_never_sure(subject: str, headers: str) -> None:
    assert not sure(subject, "The pole broke on day two. Please send another.", headers)


def test_a_word_that_goes_on_is_another() -> None:
    assert sure("Автоответчик сломан", "Купил у вас автоответчик.") is None


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "Your request has been received [#4711]",
            "We will get back to you. This is an automated message, please do not reply.",
        ),
        ("[Ticket#20261130] Re: hi", "Thank you for contacting us. A ticket has been created."),
        (
            "Ваше обращение зарегистрировано",
            "Ваше обращение принято. Это письмо сформировано автоматически.",
        ),
        ("Отпуск: Re: Question", "Я в отпуске до 5 декабря."),
        ("Автожооп: Суроо", "Мен эмгек өргүүдөмүн."),
        ("Тапшырык: Автожооп", "Мен эмгек өргүүдөмүн."),
        ("I am on vacation", "I am on vacation until 5 December."),
        ("Read: Re: My tent", "Your message was read on Monday."),
        ("தானியங்கி பதில்: கேள்வி", "நான் விடுப்பில் உள்ளேன்"),
        ("Automatic reply: Question", "I am away until Monday."),
        ("Undeliverable: x", "Delivery has failed to these recipients: bob@example.org"),
    ],
)
def test_a_subject_whose_text_says_the_same_is_sure(subject: str, text: str) -> None:
    assert sure(subject, text)
    assert not sure(subject, f"{text}\nWhere is my order?"), "somebody asks"
    assert not sure(subject, text, "Reply-To: bob@example.org\n"), "somebody is to be answered"


def test_who_waits_is_a_person_whatever_else_the_letter_says() -> None:
    assert sure("Urlaub", "Ich bin im Urlaub und brauche mein Zelt bis Freitag.") is False
    text = "Your mail came back: 550 5.1.1 user unknown. The address is right."
    assert sure("Mail could not be delivered to my address", text) is False


@pytest.mark.parametrize(
    ("subject", "text", "headers"),
    [
        ("Re: Question", "I am currently out of the office with no access to e-mail.", ""),
        ("Accepted: Meeting", "hi", "Return-Path: <bounces+12@mail.example>\n"),
        ("ご注文", "このメールは自動配信です。このメールには返信できません。", ""),
        ("订单", "此邮件由系统自动发送，请勿回复。", ""),
        ("주문", "본 메일은 발신전용입니다.", ""),
    ],
)
def test_what_is_not_sure_is_a_sign_all_the_same(subject: str, text: str, headers: str) -> None:
    assert sure(subject, text, headers) is False


def test_an_answer_to_an_invitation_is_a_sign() -> None:
    raw = (
        b"From: ann@example.org\nSubject: Accepted\nContent-Type: text/calendar; method=REPLY\n\nx"
    )
    assert automatic(read(raw)) is not None
    assert automatic(read(raw.replace(b"REPLY", b"REQUEST"))) is None


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Declined: Fitting @ Mon 5 Dec", "Ann Example has declined this invitation."),
        ("Zugesagt: Termin", "Ann hat diese Einladung angenommen."),
        ("Отклонено: Встреча", "Анна отклонила ваше приглашение."),
        ("Accepté : Rendez-vous", "Ann a accepté cette invitation."),
    ],
)
def test_a_calendar_that_sends_no_calendar_is_known_by_its_words(subject: str, text: str) -> None:
    assert sure(subject, text)


@pytest.mark.parametrize(
    "subject",
    [
        "Accepted: Fitting",
        "Mit Vorbehalt: Termin",
        "Принято: Встреча",
        "已接受：会议",
        "수락: 회의",
    ],
)
def test_an_answer_to_an_invitation_without_a_word_is_perhaps_a_persons(subject: str) -> None:
    assert sure(subject, " ") is False


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Declined: my card", "I tried to pay three times."),
        ("Отклонено: мой платёж", "Пробовала трижды."),
        ("Accepted: but the tent leaks", "I took the parcel and it leaks."),
        ("Accepted the parcel", ""),
    ],
)
def test_who_says_what_was_declined_is_a_person(subject: str, text: str) -> None:
    assert sure(subject, text) is None


def test_who_is_absent_by_the_subject_is_so_in_russian_too() -> None:
    for subject in ("Отсутствую: Re: Вопрос", "В отпуске до 5 декабря", "Нет на месте: Вопрос"):
        assert sure(subject, "Меня не будет в офисе до понедельника."), subject
        assert not sure(subject, "Палатка протекла, верните деньги."), subject
    assert sure("В отпуске сломалась палатка", "Стойка треснула.") is None


def test_a_null_return_path_is_sure_only_with_the_words_of_a_program() -> None:
    assert sure("My order", "The pole broke.", "Return-Path: <>\n") is False
    assert sure("Away", "I am on vacation until Monday.", "Return-Path: <>\n")


def test_what_a_system_sends_by_the_clock_is_sure() -> None:
    raw = b"From: root@host.example\nSubject: Cron <root@host> backup\n\ndone"
    found = automatic(read(raw))
    assert found is not None
    assert found.sure


@pytest.mark.parametrize(
    "text",
    [
        "I am currently out of the office with no access to e-mail.",
        "Hello,\n\nThank you for your email. I am out of the office from 12 to 18 December"
        " with limited access\nto email. I will be back on Monday, 21 December. For urgent matters"
        " please contact Jane Doe at jane@example.org.\n\nBest regards,\nJohn Smith\nExample Ltd",
        "I’m on annual leave until 3rd January and will respond to your email upon my return.",
        "Vielen Dank für Ihre Nachricht. Ich bin derzeit im Urlaub und ab dem 5. Januar wieder"
        " erreichbar.\nIn dringenden Fällen: meier@example.org.\n\nMit freundlichen Grüßen\nHans",
        "Bonjour,\n\nJe suis absente du bureau jusqu'au 5 janvier.\n\nCordialement,\nMarie",
        "Estoy de vacaciones hasta el 5 de enero. Para asuntos urgentes, contacte con Ana.",
        "Здравствуйте!\n\nЯ в отпуске до 5 декабря. Отвечу после возвращения."
        "\n\nС уважением,\nИван Петров",
        "Добрый день!\nМеня не будет в офисе с 1 по 10 декабря включительно.",
        "Саламатсызбы! Мен эмгек өргүүдөмүн 5 декабрга чейин.",
        "வணக்கம். நான் விடுப்பில் உள்ளேன்.",
        "Ich bin bis zum 5. Juni nicht im Büro und habe keinen Zugriff auf meine E-Mails. Ihre"
        " Nachricht wird nicht weitergeleitet.",
        "Hola:\n\nEstaré fuera de la oficina hasta el 5 de junio, sin acceso al correo.\n\nSaludos",
        "Sono assente dall'ufficio fino al 5 giugno. Risponderò al mio rientro.\n\nSaluti",
        "Olá,\n\nEstou de férias até 5 de junho e responderei quando voltar.\n\nObrigado",
        "Beste,\n\nIk ben afwezig tot 5 juni. Voor dringende zaken: mijn collega.\n\nGroeten\nJan",
        "Hej,\n\nJag är på semester till den 5 juni och läser inte min e-post.\n\nMvh\nEva",
        "Hej,\n\nJeg er på ferie til den 5. maj.\n\nMed venlig hilsen\nBo",
        "Hei,\n\nOlen lomalla 5.6. asti enkä lue sähköposteja.\n\nYstävällisin terveisin\nAino",
        "Dzień dobry,\n\njestem na urlopie do 5 czerwca. W pilnych sprawach: biuro.\n\nPozdrawiam",
        "Dobrý den,\n\njsem na dovolené do 5. června.\n\nS pozdravem\nJan",
        "Tisztelt Feladó!\n\nJúnius 5-ig szabadságon vagyok.\n\nÜdvözlettel\nAnna",
        "Merhaba,\n\n5 Haziran'a kadar izinliyim.\n\nSaygılarımla\nAli",
    ],
)
def test_a_text_may_be_an_absence_notice_and_nothing_else(text: str) -> None:
    found = automatic(read(f"From: ann@example.org\nSubject: Re: Zip\n\n{text}".encode()))
    assert found is not None
    assert (found.absence, found.sure) == (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "I'm out of the office this week, please send it to my neighbour.",
        "I am away until Monday. Cancel my order.",
        "I am on vacation until 5 December. Where is my order?",
        "I am away.\n\nRegards,\nBob\n\nPS: please refund me",
        "Ich bin im Urlaub und brauche mein Zelt bis Freitag.",
        "Я в отпуске до 5 декабря, доставьте после.",
        "Мен өргүүдөмүн, чатырды дүйшөмбүгө жөнөтүңүз.",
        "The office is away.",
        "I am away until Friday. In urgent cases, may I call you?",
        "Jag är på semester till den 5 juni, skicka tältet sedan.",
        "Jestem na urlopie do 5 czerwca, proszę wysłać później.",
        "Estou de férias até 5 de junho. Cancele o meu pedido.",
        "Olen lomalla 5.6. asti, lähettäkää teltta sitten.",
        "Jsem na dovolené do 5. června, prosím prosím.",
    ],
)
def test_who_is_away_and_says_anything_more_is_a_person(text: str) -> None:
    found = automatic(read(f"From: ann@example.org\nSubject: Re: Zip\n\n{text}".encode()))
    assert found is None or not found.absence


CONFIRMATIONS = [
    (
        "Ticket Received - 286614 - Tent",
        "We have received your request and a ticket has been created.",
    ),
    ("[Request received] Tent", "Your request (12345) has been received and is being reviewed."),
    ("Support Ticket Opened [#17]", "A request for support has been created and assigned #17."),
    ("[## 17 ##] Tent", "We have received your request."),
    ("Incident INC0010045 -- opened", "Incident INC0010045 has been opened on your behalf."),
    ("Eingangsbestätigung: Zelt", "Wir haben Ihre Nachricht erhalten und melden uns bald."),
    ("Accusé de réception : tente", "Nous avons bien reçu votre demande."),
    ("Hemos recibido su solicitud [#17]", "Hemos recibido su solicitud."),
]


@pytest.mark.parametrize(("subject", "text"), CONFIRMATIONS)
def test_what_another_desk_confirms_is_not_acknowledged(subject: str, text: str) -> None:
    assert sure(subject, text) is not None
    assert sure(f"Re: {subject}", "The pole broke.") is None
    assert sure("My order", text) is not True


def test_who_speaks_of_a_case_of_his_own_waits_for_an_answer() -> None:
    text = "The case has been opened by customs, and the tent is torn."
    assert sure("Case 00012345: torn tent", text) is False
    assert sure("Case 00012345: torn tent", "The tent is torn.") is None
    assert sure("Ticket received no answer", "Please help.") is None
    quoted = "It is torn.\n\nOn 5 May 2026, A <a@b.example> wrote:\n> We have received your mail"
    assert sure("[#17] Tent", quoted) is None, "the quote is no words of the sender"
