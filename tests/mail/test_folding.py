"""The sender's own words stay; quotes and signatures are folded; in doubt more is shown."""

from __future__ import annotations

import pytest

from helpdesk.mail.folding import fold, is_forward

QUOTED_AFTER = [
    "On Fri, May 6, 2011 at 6:03 PM, Ann Example <ann@example.org> wrote:",
    "On 11-Apr-2011, at 6:54 PM, Ann Example wrote:",
    "Am 05.03.2024 um 10:12 schrieb Ann Example <ann@example.org>:",
    "Am Di., 5. März 2024 um 10:12 Uhr schrieb Ann Example <ann@example.org>:",
    "Ann Example <ann@example.org> schrieb am Di., 5. März 2024, 10:12:",
    "Le 5 mars 2024 à 10:12, Ann Example <ann@example.org> a écrit :",
    "Le mar. 5 mars 2024 à 10:12, Ann Example <ann@example.org> a écrit :",
    "El mar, 5 mar 2024 a las 10:12, Ann Example (<ann@example.org>) escribió:",
    "El 05/03/2024 a las 10:12, Ann Example escribió:",
    "Il giorno mar 5 mar 2024 alle ore 10:12 Ann Example <ann@example.org> ha scritto:",
    "Il 05/03/2024 10:12, Ann Example ha scritto:",
    "Em ter., 5 de mar. de 2024 às 10:12, Ann Example <ann@example.org> escreveu:",
    "Op di 5 mrt 2024 om 10:12 schreef Ann Example <ann@example.org>:",
    "Op 17-feb.-2015, om 13:18 heeft Ann Example <ann@example.org> het volgende geschreven:",
    "Den tis 5 mars 2024 kl 10:12 skrev Ann Example <ann@example.org>:",
    "Den tirs. 5. mar. 2024 kl. 10.12 skrev Ann Example <ann@example.org>:",
    "tir. 5. mar. 2024 kl. 10:12 skrev Ann Example <ann@example.org>:",
    "ti 5. maalisk. 2024 klo 10.12 Ann Example (ann@example.org) kirjoitti:",
    "wt., 5 mar 2024 o 10:12 Ann Example <ann@example.org> napisał(a):",
    "W dniu 5.03.2024 o 10:12, Ann Example pisze:",
    "út 5. 3. 2024 v 10:12 odesílatel Ann Example <ann@example.org> napsal:",
    "Dne 5. 3. 2024 v 10:12 Ann Example napsal(a):",
    "ut 5. 3. 2024 o 10:12 Ann Example <ann@example.org> napísal(a):",
    "Ann Example <ann@example.org> ezt írta (időpont: 2024. márc. 5., K, 10:12):",
    "În mar., 5 mar. 2024 la 10:12, Ann Example <ann@example.org> a scris:",
    "5 Mar 2024 Sal 10:12 tarihinde Ann Example <ann@example.org> şunu yazdı:",
    "вт, 5 мар. 2024 г. в 10:12, Ann Example <ann@example.org>:",
    "5 марта 2024 г., в 10:12, Ann Example <ann@example.org> написал(а):",
    "05.03.2024 10:12, Ann Example пишет:",
    "вт, 5 бер. 2024 р. о 10:12 Ann Example <ann@example.org> пише:",
    "На вт, 5.03.2024 г. в 10:12 Ann Example <ann@example.org> написа:",
    "Στις Τρί 5 Μαρ 2024 στις 10:12 π.μ., ο χρήστης Ann Example <ann@example.org> έγραψε:",
    "‫בתאריך יום ג׳, 5 במרץ 2024 ב-10:12 מאת ‪Ann Example‬‏ <‪ann@example.org‬‏>:‬",
    "في الثلاثاء، 5 مارس 2024 في 10:12 ص تمت كتابة ما يلي بواسطة Ann <ann@example.org>:",
    "Vào Th 3, 5 thg 3, 2024 vào lúc 10:12 Ann Example <ann@example.org> đã viết:",
    "Pada Sel, 5 Mar 2024 pukul 10.12 Ann Example <ann@example.org> menulis:",
    "ในวันที่ อ. 5 มี.ค. 2024 เวลา 10:12 Ann Example <ann@example.org> เขียนว่า:",
    "2024年3月5日(火) 10:12 山田太郎 <ann@example.org>:",
    "2024/03/05 10:12、山田太郎 <ann@example.org>のメール:",
    "Ann Example <ann@example.org> 于2024年3月5日周二 10:12写道：",
    "在 2024年3月5日，10:12，Ann Example <ann@example.org> 写道：",
    "Ann Example <ann@example.org> 於 2024年3月5日 週二 上午10:12寫道：",
    "2024년 3월 5일 (화) 오전 10:12, 홍길동 <ann@example.org>님이 작성:",
    "2014-10-17 11:28 GMT+03:00 Ann Example <ann@example.org>:",
    "2011/4/7 Ann Example <ann@example.org>",
    "Ann Example wrote:",
    "--- On Tue, 5/3/24, Ann Example <ann@example.org> wrote:",
]


@pytest.mark.parametrize("line", QUOTED_AFTER)
def test_an_attribution_is_folded_with_the_quote(line: str) -> None:
    text = f"My own words.\n\n{line}\n\n> What was said before\n> on two lines\n"
    assert fold(text) == "My own words."


ATTRIBUTED = [
    '30.11.2026, 12:00, "Ann Example" <ann@example.org>:',
    "30 ноября 2026 г., 12:00, Ann Example <ann@example.org>:",
    "12:00, 30 ноября 2026 г., Ann Example <ann@example.org>:",
    "пн, 30 нояб. 2026 г. в 12:00, Ann Example <ann@example.org>:",
    "дүй, 30-ноя. 2026-ж. 12:00, Ann Example <ann@example.org> мындай деп жазды:",
    "2026-жылдын 30-ноябры, саат 12:00дө Ann Example <ann@example.org> мындай деп жазган:",
    "திங்., 30 நவ., 2026, பிற்பகல் 12:00 அன்று, Ann Example <ann@example.org> எழுதியது:",
    "திங்கள், 30 நவம்பர், 2026 அன்று 12:00 மணிக்கு Ann <ann@example.org> எழுதினார்:",
    '----------------\nКому: Help (help@desk.example);\nТема: Палатка;\n30.11.2026, 12:00, "Ann"'
    " <ann@example.org>:",
    "От кого: Ann <ann@example.org>\nДата: 30 ноября 2026 г., 12:00\nКому: Help\nТема: Палатка",
    "Жөнөтүүчү: Ann <ann@example.org>\nДата: 30.11.2026 12:00\nАлуучу: Help\nТемасы: Чатыр",
    "அனுப்புநர்: Ann <ann@example.org>\nஅனுப்பிய தேதி: 30 நவம்பர் 2026 12:00\nபெறுநர்: Help",
]


@pytest.mark.parametrize("lines", ATTRIBUTED)
@pytest.mark.parametrize("mark", ["", "> "])
def test_an_attribution_tells_of_a_quote_with_marks_and_without(lines: str, mark: str) -> None:
    text = f"My own words.\n\n{lines}\n\n{mark}What was said before\n{mark}on two lines\n"
    assert fold(text) == "My own words."


@pytest.mark.parametrize(
    "line",
    [
        "30.11.2026, 12:00, I told Ann about it:",
        "2 tents came on 30.11.2026 at 12:00, ask <ann@example.org>:",
        "At 12:00, 3 of us met <ann@example.org>:",
        "Call me 30.11.2026 12:00, or <ann@example.org>:",
    ],
)
def test_a_sentence_with_a_date_is_no_attribution(line: str) -> None:
    text = f"My own words.\n\n{line}\n\nMore of mine."
    assert fold(text) == text


LIST = "zip\npole\ncover\npegs\nbag\nrope\nstove\n+1 555-0123"


WITH_QUOTES = [
    "  On Mon, Jun 3, 2024 at 9:12 AM, Ann Example<ann@example.org> wrote:   Dear Bob,\n\nthanks",
    "  Am Mo., 3. Juni 2024 um 9:12 schrieb Ann Example<ann@example.org>:   Hallo Bob",
    "  Le lun. 3 juin 2024 à 9:12, Ann Example<ann@example.org> a écrit :   Bonjour",
]


@pytest.mark.parametrize("lines", WITH_QUOTES)
def test_a_quote_in_the_line_of_its_attribution_is_folded(lines: str) -> None:
    assert fold(f"My own words.\n\n{lines}\n") == "My own words."


def test_a_dutch_attribution_tells_of_a_quote_without_marks() -> None:
    line = "Op 3 jun. 2024, om 09:12 heeft Ann Example <ann@example.org> het volgende geschreven:"
    assert fold(f"My own words.\n\n{line}\n\nWhat was said.") == "My own words."


def test_an_attribution_between_dashes_is_folded_with_the_quote() -> None:
    assert fold("Mine.\n\n---- Ann Example wrote ----\n\n> one\n> two\n") == "Mine."
    text = "Mine.\n\n---- Ann Example and I ----\n\n> one\n> two\n"
    assert fold(text) == "Mine.\n\n---- Ann Example and I ----"


def test_a_rule_above_what_is_folded_goes_with_it() -> None:
    block = "From: Ann <ann@example.org>\nSent: Monday 10:12\nTo: b\nSubject: X\n\nText"
    assert fold(f"Mine.\n\n---\n\n{block}") == "Mine."
    assert fold("Ja gern\n-- \nGesendet mit der GMX Mail App\n") == "Ja gern"
    assert fold("Three things:\n---\none, two, three") == "Three things:\n---\none, two, three"


def test_a_card_below_a_rule_is_a_signature() -> None:
    card = "Sarah Johnson\nProduct Manager\nsarah@example.org\n+1 555-0123"
    assert fold(f"Thanks!\n\nSarah\n\n—————\n{card}") == "Thanks!\n\nSarah"
    for said in (
        "The zip broke. Call +1 555-0123.",
        "zip\npole\ncover",
        "sarah@example.org\nhi",
        LIST,
    ):
        text = f"Thanks!\n\n—————\n{said}"
        assert fold(text) == text


def test_a_block_without_an_address_is_a_mails_if_it_says_when_it_was_sent() -> None:
    sent = "От: Ann Example\nОтправлено: четверг, 26 июня 2014 г. 15:05\nКому: Help"
    assert fold(f"Own.\n\n{sent}\n\nOld") == "Own."
    plan = "Own.\n\nFrom: Berlin\nDate: 26.11.2026 10:12\nTo: Paris\n\nIs that right?"
    assert fold(plan) == plan


def test_a_sender_who_wrote_is_an_attribution_without_any_date() -> None:
    text = "That is fine\nAz iPhone-omról küldve\n\nann@example.org wrote:\n\nMay I?"
    assert fold(text) == "That is fine"
    mine = "My own words.\n\nI asked ann@example.org and she wrote:\n\nNo."
    assert fold(mine) == mine


WRAPPED = [
    "On Fri, May 6, 2011 at 6:03 PM, Ann Example from Far Away\n<ann@example.org> wrote:",
    "On Nov 30, 2011, at 12:47 PM, Somebody <\n416ffd3258d4d2fa4c85cfa4@example.org>\nwrote:",
    "Am Dienstag, den 5. März 2024 um 10:12 Uhr schrieb Ann Example\n<ann@example.org>:",
    "Le mar. 5 mars 2024 à 10:12, Ann Example\n<ann@example.org> a écrit :",
    "5 марта 2024 г., в 10:12, Анна Примерова\n<ann@example.org> написал(а):",
    "W dniu 28 stycznia 2015 01:53 użytkownik Ann <ann@example.org>\nnapisał:",
    "El mar, 5 mar 2024 a las 10:12, Ann Example\n(<ann@example.org>) escribió:",
]


@pytest.mark.parametrize("lines", WRAPPED)
def test_an_attribution_on_several_lines_is_folded(lines: str) -> None:
    text = f"My own words.\nSecond line.\n{lines}\n\n> What was said before\n> on two lines\n"
    assert fold(text) == "My own words.\nSecond line."


UNMARKED = [
    "On 5 Mar 2024, at 10:12, Ann Example <ann@example.org> wrote:",
    "Am 05.03.2024 um 10:12 schrieb Ann Example <ann@example.org>:",
    "Le 23 janv. 2015 à 22:03, Ann <ann@example.org<mailto:ann@example.org>> a écrit:",
    "Op 13-02-2014 3:18 schreef Ann Example <ann@example.org>:",
    "Den 14 september, 2015 02:23:18, Ann Example (ann@example.org) skrev:",
    "På 14 september 2015 på 02:23:18, Ann Example (ann@example.org) skrev:",
    "------On 12/29/1987 17:32 PM, Ann Example wrote-----",
    "05.03.2024 10:12, Анна Примерова пишет:",
    "-----Original Message-----",
    "-------- Original message --------",
    "-----Ursprüngliche Nachricht-----",
    "-----Message d'origine-----",
    "-----Mensaje original-----",
    "-----Исходное сообщение-----",
    "------------------ 原始邮件 ------------------",
    "-----元のメッセージ-----",
    "-----Oprindelig meddelelse-----",
    "From: Ann Example <ann@example.org>\nSent: Tuesday, March 5, 2024 10:12\n"
    "To: Help\nSubject: RE: Order",
    "________________________________\nFrom: Ann Example <ann@example.org>\n"
    "Sent: Tuesday, March 5, 2024 10:12 AM\nTo: help@desk.example\nSubject: Re: Order",
    "Von: ann@example.org\nGesendet: Dienstag, 25. November 2014 14:59\nAn: Help\nBetreff: Order",
    "De : Ann [mailto:ann@example.org]\nEnvoyé : vendredi 23 janvier 2015 16:39\nÀ : Help\n"
    "Objet : Order",
    "De: Ann Example\nEnviado el: martes, 5 de marzo de 2024 10:12\nPara: Help\nAsunto: Order",
    "De: Ann Example\nEnviada em: terça-feira, 5 de março de 2024 10:12\nPara: Help\nAssunto: X",
    "Da: Ann Example\nInviato: martedì 5 marzo 2024 10:12\nA: Help\nOggetto: Order",
    "Van: Ann Example\nVerzonden: dinsdag 5 maart 2024 10:12\nAan: Help\nOnderwerp: Order",
    "Fra: ann@example.org\nSendt: 19. march 2011 12:10\nTil: Help\nEmne: Order",
    "Från: Ann [mailto:ann@example.org]\nSkickat: den 26 augusti 2015 14:45\nTill: H\nÄmne: RE: X",
    "Lähettäjä: Ann\nLähetetty: tiistai 5. maaliskuuta 2024 10.12\nVastaanottaja: H\nAihe: VS: X",
    "From: Ann\nDate: Tuesday\nSubject: X",
    "Od: Ann Example\nWysłano: wtorek, 5 marca 2024 10:12\nDo: Help\nTemat: Order",
    "Od: Ann Example\nOdesláno: úterý 5. března 2024 10:12\nKomu: Help\nPředmět: Order",
    "Feladó: Ann Example\nKüldve: 2024. március 5. 10:12\nCímzett: Help\nTárgy: Order",
    "Kimden: Ann Example\nGönderildi: 5 Mart 2024 Salı 10:12\nKime: Help\nKonu: Order",
    "От: Анна Примерова\nОтправлено: 5 марта 2024 г. 10:12\nКому: Help\nТема: Заказ",
    "Від: Анна\nНадіслано: 5 березня 2024 р. 10:12\nКому: Help\nТема: Замовлення",
    "Από: Ann Example\nΣτάλθηκε: Τρίτη, 5 Μαρτίου 2024 10:12\nΠρος: Help\nΘέμα: X",
    "发件人: Ann Example\n发送时间: 2024年3月5日 10:12\n收件人: Help\n主题: 订单",
    "發件人： Ann Example\n日期： 2024年3月5日 10:12\n收件人： Help\n主旨： 訂單",
    "差出人: 山田太郎\n送信日時: 2024年3月5日 10:12\n宛先: Help\n件名: 注文",
    "보낸 사람: 홍길동\n보낸 날짜: 2024년 3월 5일 10:12\n받는 사람: Help\n제목: 주문",
    "*From:* ann@example.org [mailto:\nann@example.org]\n*Sent:* Wednesday\n*To:* h@desk.example",
    'Кому: Ann (ann@example.org);\nТема: X;\n05.03.2024, 10:12, "Desk" <help@desk.example> пишет:',
    "----------------\nКому: Ann (ann@example.org);\nТема: X;\n05.03.2024, 10:12, Desk пишет:",
    '5 березня 2024, 10:12:33, від "Desk" <help@desk.example>:',
    "  Original Message\nFrom: Desk\nSent: Tuesday, March 5, 2024 10:12\nTo: Ann\nSubject: X",
    '-----\nOriginal Email\nSender:"Desk"< help@desk.example >;\nSent Time:2024/3/5 10:12\n'
    'To:"Ann"< ann@example.org >;\nSubject:X',
    "---- 回复的原邮件 ----\n\n发件人  Desk<help@desk.example>\n日期  2024年03月05日 10:12",
    "##- Please type your reply above this line -##",
]


@pytest.mark.parametrize("separator", UNMARKED)
def test_what_follows_a_separator_is_folded(separator: str) -> None:
    text = f"My own words.\n\n{separator}\n\nWhat was said before.\n\nAnn\n"
    assert fold(text) == "My own words."


def test_answers_between_quoted_lines_stay_with_what_they_answer() -> None:
    text = (
        "On 5 Mar 2024, Ann Example wrote:\n> Is it the red one?\nYes, the red one.\n\n"
        "> And when?\n> This week?\nOn Friday.\n\n> Thanks\n> Ann"
    )
    shown = fold(text)
    assert "Yes, the red one." in shown
    assert "On Friday." in shown
    assert "> And when?" in shown
    assert "Thanks" not in shown


def test_an_answer_below_the_quote_stays() -> None:
    text = "On 5 Mar 2024, Ann Example wrote:\n\n>\n> Is it red?\nIt is red."
    assert fold(text) == "It is red."


def test_words_on_both_sides_of_a_quote_stay() -> None:
    text = "Above.\n\nOn 04/19/2011 07:10 AM, Ann wrote:\n\n>\n> Test\n\nBelow."
    assert fold(text) == "Above.\n\nBelow."


def test_an_attribution_behind_own_words_is_taken_apart() -> None:
    text = "reply On Wed, Apr 4, 2012 at 3:59 PM, ann@example.org wrote:\n> Hi"
    assert fold(text) == "reply"


def test_the_end_of_a_broken_quoted_line_is_no_answer() -> None:
    text = (
        "Mine.\n\nOn Monday, 24 September, 2012 at 3:46 PM, ann wrote:\n\n"
        "> View ticket (http://example.com/action\n_nonce=3dd518)\n>\n"
    )
    assert fold(text) == "Mine."


FORWARDS = [
    "FYI\n\n---------- Forwarded message ----------\nFrom: ann@example.org\n"
    "Date: Tue, Sep 4, 2012 at 1:35 PM\nSubject: Two\nTo: b@example.org\n\nText",
    "Zur Info\n\n-------- Weitergeleitete Nachricht --------\nVon: ann@example.org\n"
    "Datum: 5.3.2024\nBetreff: X\n\nText",
    "Begin forwarded message:\n\nFrom: Ann <ann@example.org>\nSubject: X\nDate: 5 May\n\nText",
    "From: Ann <ann@example.org>\nSent: Monday 10:12\nTo: b\nSubject: X\n\nText",
]


@pytest.mark.parametrize("text", FORWARDS)
def test_a_forwarded_message_is_shown(text: str) -> None:
    assert fold(text) == text


def test_a_subject_tells_of_forwarding() -> None:
    assert is_forward("Fwd: Order")
    assert is_forward("WG: Bestellung")
    assert not is_forward("Re: Fwd: Order")
    assert not is_forward("Forward planning")
    text = "Look:\n\n-----Original Message-----\nFrom: Ann <a@b.org>\nSubject: X\n\nText"
    assert fold(text, forwarded=True) == text


SIGNATURES = [
    "-- \nAnn Example\nCompany",
    "--\nAnn Example",
    "Sent from my iPhone",
    "Sent from Mail <https://go.example.com/fwlink/?LinkId=5> for Windows",
    "Sent from my Verizon Wireless BlackBerry",
    "Sent from Yahoo Mail on Android",
    "Get Outlook for iOS",
    "Von meinem iPhone gesendet",
    "Gesendet mit der GMX Mail App",
    "Envoyé de mon iPhone",
    "Enviado desde mi iPhone",
    "Enviado do meu iPhone",
    "Inviato da iPhone",
    "Verstuurd vanaf mijn iPhone",
    "Skickat från min iPhone",
    "Sendt fra min iPhone",
    "Lähetetty iPhonesta",
    "Wysłane z iPhone'a",
    "Odesláno z iPhonu",
    "Отправлено с iPhone",
    "Отправлено из Mail.ru для Android",
    "Надіслано з iPhone",
    "iPhone'umdan gönderildi",
    "发自我的 iPhone",
    "從我的 iPhone 傳送",
    "iPhoneから送信",
    "나의 iPhone에서 보냄",
    "Télécharger Outlook pour Android<https://aka.ms/o0ukef>",
    "Získať Outlook pre Android<https://aka.ms/o0ukef>",
    "Yahoo Mail: Search, Organize, Conquer",
    "Sent via Superhuman <https://mail.example.com/>",
    "-- \nSent with Tuta; enjoy secure & ad-free emails:\nhttps://mail.example.com",
    "Diese Nachricht wurde von meinem Android Mobiltelefon mit GMX Mail gesendet.",
    "发自我的华为手机",
    "_______________________________________________\nusers mailing list\nhttp://lists.example.org",
]


@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_signature_is_folded(signature: str) -> None:
    assert fold(f"My own words.\n\n{signature}\n") == "My own words."
    quote = "On 5 Mar 2024, Ann Example wrote:\n> before\n> that"
    assert fold(f"My own words.\n\n{signature}\n\n{quote}") == "My own words."


def test_what_is_added_below_a_signature_is_shown() -> None:
    text = "Hi\n\n-- \nBob\n\nP.S. Please also send the invoice to my accountant."
    assert fold(text) == "Hi\n\nP.S. Please also send the invoice to my accountant."


def test_the_fine_print_of_a_signature_is_folded_with_it() -> None:
    text = "Hi\n\n--\nBob Example\nAcme\nThis e-mail is confidential and meant for nobody else."
    assert fold(text) == "Hi"


OWN = [
    "Here is another one.\n\nSent from my desk, is much easier than my mobile phone.",
    "Visit us now\n>>> >>>  http://www.example.com <<<\nVisit our site by clicking the link above",
    "Blah-blah-blah\nOn blah-blah-blah",
    "I fly like this:\nFrom: Bishkek\nTo: Osh\nDate: 5 May 10:30\nPlease book it.",
    "My list:\n- one\n- two\n\n- three",
    "On Monday he wrote:\nthat it works. It does not.",
    "He said on 5 May 2024 that he wrote: nothing. Is it true?",
    "-- \nonly a signature",
    "> only\n> a quote",
    "Hello:\n\nmy order is late.\n\nBest regards\nAnn",
    "The mail I got:\n> one line only\nand it is wrong",
    "Dear desk,\nhere is what is wrong:\n--\nThe pole broke on day two.\n--\n"
    "The zip does not close, and I want my money back by Friday, or I go to court.",
    "Он сказал:\n—\nденьги вернём завтра\n—\nНо не вернул, и я очень недоволен.",
    "It is late.\n--\nPlease send me my money back now.",
    "Table:\n-- \nWe ordered ten tents on Monday and got only nine.\n\nPlease send the tenth.",
    "Здравствуйте.\n\n5 декабря 2026 г. менеджер Иван написал:\nчто деньги вернут.\nЖду ответа.",
    "My booking details:\n\nFrom: Bishkek\nTo: Osh\nDate: Friday\nSubject: two seats\n\n"
    "Please confirm. Also the driver was rude.",
    "My parcel:\nFrom: Osh\nSent: Monday\nTo: Bishkek\nSubject: tent\nIt did not arrive.",
    "",
    *(
        f"Hello,\n\n{words}"
        for words in (
            "Sent my phone to you last week",
            "Sent the tablet on Monday by DHL",
            "Sent from my bank account on Monday",
            "Get a new phone or my money back",
            "Download of the app fails",
            "Gesendet von Ihnen wurde das falsche Handy",
            "Envoyé avec le mauvais téléphone",
            "Enviado por correo, mi celular no llegó",
            "Skickat med PostNord, min mobil kom aldrig",
            "Отправлено с ошибкой, заказ 17 не пришел",
            "Wysłano z magazynu telefon, nie dotarł",
            "发自广州的货没有收到",
            "注文をアプリから送信",
        )
    ),
]


@pytest.mark.parametrize("text", OWN)
def test_own_words_are_all_shown(text: str) -> None:
    assert fold(text) == text


def test_folding_takes_no_time_on_hostile_text() -> None:
    for line in ("> a\nb\n", "From: x\n", "On x wrote:\n", "-- \n", ":\n", "___________\n", "On 1"):
        fold(line * 100_000)
