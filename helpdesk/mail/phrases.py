"""What mail programs write around quotes and below letters, in the languages they speak."""

from __future__ import annotations

import re

from helpdesk.mail.wording import Wording

WROTE = Wording(
    r"""(?:\bwrote|\bwrites?|\bsent|\bschrieb|\bgeschrieben|\bà?\s?[ée]crit|\bescrib(?:ió|io|i[óo]:)|\bescrita?\b
    |\bha\sscritto|\bscrive|\bscrisse|\bescreveu|\bschreef|\bgeschreven|\bskrev|\bskreiv|\bnapisa[łl]|\bpisze|\bnapsal|\bpíše
    |\bnap[íi]sal|\bnapisa(?:o|la)?\b|\bje\spisal|\bpiše|\bírta|\bkirjoitti|\byazdı|\byazmış|\bşunu\syazdı
    |\ba\sscris|\bрaшэ|\brašė|\bparašė|\brakstīja|\bkirjutas|\bviết|\bmenulis|\bsulat(?:\sni)?
    |\b(?:від|от)\s[^:<>]{1,80}<[^<>\s]+@|έγραψε|пишет|писал|напис(?:ал|а|ав)|пише|жазды|жазган|ёзди|бичсэн|գրել|დაწერა|כתב|كتب|نوشت
    |\byozdi|\byozgan|\bva\sescriure|\bshkroi|\bskrifaði|\bgeskryf|\bescribiu|\baliandika|\bidatzi
    |напиша|เขียน|लिखा|लिहिले|લખ્યું|ਲਿਖਿਆ|লিখেছেন|எழுதிய|எழுதின|వ్రాశారు|రాశారు|ಬರೆದ|എഴുതി|لکھا|სწერდა|წერს|写道|寫道|寫了|書きました|書いた|のメール|작성|썼습니다|님이\s쓴)"""
)
"""The verb of an attribution, as in ``On Monday, Ann wrote:``."""

_STARTS = (
    "On Am Le El Il Em Op Den På Dne Dňa Dana Dne: W Dnia Pe La În Στις Stis Ha Ngày Vào Pada"
    " Kuo Kell A В Во На Am: Il: Päivänä Tarihinde"
)
_WEEKDAYS = (
    "mon tue wed thu fri sat sun mo di mi do fr sa so lun mar mer jeu ven sam dim lunes martes"
    " miércoles jueves viernes sábado domingo seg ter qua qui sex pon wt śr czw pt sob niedz po"
    " út st čt pá ma ti ke to pe la su man tir ons tor lør søn mån tis fre lör sön пн вт ср чт"
    " пт сб вс понедельник вторник среда четверг пятница суббота воскресенье"
)
STARTS = Wording(
    rf"""(?:(?:{"|".join(map(re.escape, _STARTS.split()))})\b
    |בתאריך|ב-|في|يوم|在|於|于|วันที่|เมื่อ
    |(?:{"|".join(_WEEKDAYS.split())})[a-zäöüéáçşаеёиыя]{{0,9}}\.?,?\s
    |\d{{1,4}}\s?(?:[./-]\s?\d|年|년|-?[ат]?[йеря]?\s+\w|\s+de\s|\.?\s+\w+\.?,?\s+\d{{4}}))"""
)
"""How the first line of an attribution begins: a preposition, a weekday or a date."""

DATE = re.compile(
    r"\d{1,2}[:.]\d{2}|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\b(?:19|20)\d{2}\b|\d{4}[年년]|(?:19|20)\d{2}[年년]"
)
"""A time, a date or a year."""

_LABELS = {
    "from": "From Sender De Von Van Da Fra Från Od Lähettäjä Feladó Kimden Gönderen Expéditeur Remitente"
    " Mittente Remetente Nadawca Odesílatel Odosielateľ Pošiljatelj Afsender Avsender Avsändare"
    " Afzender Absender Από От Отправитель Від Кимден Kimnen Кімнен Šalje Nuo No Saatja"
    " Expeditor Dari Từ จาก 发件人 發件人 寄件者 寄件人 差出人 送信者 보낸사람 보낸|사람 מאת من از"
    " அனுப்புநர் அனுப்பியவர் Desde От|кого Жөнөтүүчү Yuboruvchi Жіберуші 発信者",
    "date": "Date Sent Sent|time Datum Gesendet Envoyé Enviado Enviada|em Enviado|el Inviato Data Verzonden"
    " Sendt Skickat Dato Wysłano Wysłane Odesláno Odoslané Dátum Fecha Lähetetty Päivämäärä"
    " Päiväys Küldve Elküldve Gönderildi Gönderme|Tarihi Tarih Trimis Poslano Poslato Išsiųsta Nosūtīts Saadetud"
    " Ημερομηνία Στάλθηκε Дата Отправлено Отправлен Надіслано Изпратено Күнү Жөнөтүлдү Tanggal"
    " Dikirim Ngày Đã|gửi วันที่ ส่ง 发送时间 发送日期 日期 時間 傳送時間 寄件日期 送信日時 日時 날짜 보낸날짜 보낸|날짜"
    " அனுப்பிய|தேதி அனுப்பியது தேதி Жіберілді Yuborildi"
    " תאריך נשלח التاريخ تاریخ Le Sendedatum Datum|und|Uhrzeit Sent|at Date|Sent",
    "to": "To À A An Aan Til Till Para Do Komu Per Pro Vastaanottaja Címzett Kime Alıcı Către Prima Za Kam"
    " Kellele Destinataire Destinatario Destinatário Adresat Empfänger Προς Кому До Кимге Алуучу Кімге Алушы Kimga பெறுநர் Kepada Đến"
    " ถึง 收件人 收件者 宛先 받는사람 받는|사람 אל إلى به Reply-To Responder|a Réponse|à Antwort|an",
    "subject": "Subject Betreff Objet Asunto Oggetto Onderwerp Assunto Emne Ämne Temat Předmět"
    " Predmet Aihe Tárgy Konu Subiect Tema Teema Θέμα Тема Относно Тақырып Тақырыбы Темасы Mavzu பொருள் தலைப்பு Perihal Subjek"
    " Chủ|đề Chủ|Đề เรื่อง 主题 主題 主旨 件名 제목 נושא الموضوع موضوع",
    "cc": "Cc CC Kopie Kopia Kopi Copie Copia Copie|à Cópia Kopya Копия Копія Másolat Kopio Kopija"
    " 抄送 副本 참조 Bcc Importance Attachments Anlagen Organization Reply|To",
}
LABELS = {
    label.replace("|", " ").casefold(): kind
    for kind, labels in _LABELS.items()
    for label in labels.split()
}
"""Labels of the lines above a quote, as in ``From:``, folded, with what they stand for."""

SENT = Wording(
    r"^\W*(?:sent|gesendet|envoyé|enviad[oa]|inviato|verzonden|sendt|skickat|wysłan[oe]|odesl[áa]no"
    r"|odoslané|lähetetty|küldve|elküldve|gönderildi|trimis|poslano|poslato|στάλθηκε|отправлено|отправлен"
    r"|надіслано|изпратено|жөнөтүлдү|жіберілді|yuborildi|dikirim|发送时间|傳送時間|寄件日期|送信日時"
    r"|보낸\s?날짜|அனுப்பியது|அனுப்பிய\sதேதி)(?:\s\w{1,3})?[\s*]{0,5}[:：]",
    "",
    re.NOFLAG | re.MULTILINE,
)
"""The label of when a mail was sent, which no travel plan has."""

_ORIGINAL = (
    "original message|original appointment|reply message|forwarded by|ursprüngliche nachricht"
    "|originalnachricht|original-?nachricht|antwort nachricht|original e-?mail|originální zpráva"
    "|message d.origine|message original|message initial|mensaje original|mensagem original"
    "|messaggio originale|messaggio original|oorspronkelijk bericht|origineel bericht|oprindelig meddelelse"
    "|originalmeddelelse|opprinnelig melding|ursprungligt meddelande|originalmeddelande"
    "|alkuperäinen viesti|oryginalna wiadomość|wiadomość oryginalna|původní zpráva|původní e-?mail"
    "|pôvodná správa|eredeti üzenet|mesajul original|mesaj original|orijinal mesaj|özgün ileti|asıl ileti"
    "|originalna poruka|izvorno sporočilo|izvorna poruka|originalus laiškas|algne kiri|algsõnum"
    "|αρχικό μήνυμα|исходное сообщение|исходное письмо|оригинальное сообщение|оригинал сообщения"
    "|пересылаемое исходное сообщение|початкове повідомлення|оригинално съобщение|pesan asli"
    "|tin nhắn gốc|thư gốc|ข้อความต้นฉบับ|原始邮件|原始郵件|回复的原邮件|原邮件|原郵件|元のメッセージ|原文|original"
    "|원본 메시지|원본 메일|원래 메시지|הודעה מקורית|الرسالة الأصلية|quoted text|mensaje citado"
)
ORIGINAL = Wording(_ORIGINAL, flags=re.NOFLAG)
"""What stands between the dashes of ``-----Original Message-----``."""

_FORWARDED = (
    "forwarded message|forwarded mail|weitergeleitete nachricht|message transféré|message réexpédié"
    "|mensaje reenviado|mensagem encaminhada|messaggio inoltrato|doorgestuurd bericht"
    "|videresendt (?:besked|meddelelse|melding)|vidarebefordrat meddelande|välitetty viesti"
    "|edelleenlähetetty viesti|wiadomość przekazana|przekazana wiadomość|přeposlaná zpráva"
    "|preposlaná správa|továbbított (?:üzenet|levél)|mesaj redirecționat|iletilen mesaj"
    "|iletilmiş mesaj|proslijeđena poruka|posredovano sporočilo|προωθημένο μήνυμα"
    "|пересылаемое (?:сообщение|письмо)|пересланное сообщение|переслане повідомлення"
    "|препратено съобщение|pesan terusan|pesan yang diteruskan|thư được chuyển tiếp|转发的邮件|转发邮件"
    "|轉寄的郵件|転送されたメッセージ|転送メッセージ|전달된 메시지|전달된 메일|הודעה שהועברה|رسالة محولة|رسالة مُعاد توجيهها"
)
FORWARDED = Wording(
    rf"{_FORWARDED}"
    r"|(?:begin forwarded message|anfang der weitergeleiteten (?:e-?mail|nachricht)"
    r"|début du message (?:transféré|réexpédié)|inizio messaggio inoltrato|inicio del mensaje reenviado"
    r"|início da mensagem (?:re)?encaminhada|begin doorgestuurd bericht|start på videresendt besked"
    r"|vidarebefordrat brev|välitetty viesti alkaa|początek przekazywanej wiadomości"
    r"|начало переадресованного сообщения|下面是被转发的邮件|転送されたメッセージ|전달된 메시지 시작)",
    flags=re.NOFLAG,
)
"""The words above a forwarded message, which is what the sender wants read."""

FORWARD_SUBJECT = Wording(
    r"\s*\[?(?:fwd?|wg|tr|rv|i|enc|doorst|vs|vb|vl|pd|přep|fs|továbbítás|ynt-il|ilt|πρθ|пересл|转发|轉寄|転送|전달)"
    r"\]?\s*[:：]",
    flags=re.NOFLAG,
)
"""The beginning of a forwarded message's subject."""

REPLY_ABOVE = Wording(
    r"(?:please (?:type|write|enter) your reply above|(?:please )?(?:reply|respond) above this line"
    r"|write above this line|type your response above|do not (?:write|type) below this line"
    r"|bitte (?:antworten sie|schreiben sie) oberhalb|antwort oberhalb dieser linie"
    r"|répondez au-dessus de cette ligne|responda? (?:por )?(?:encima|arriba|acima) d)",
    flags=re.NOFLAG,
)
"""What help desks write above the text that is to be cut off."""

DECORATION = " \t-_=*~#+|>[]()<.:：–—•\u2500\xa0"
"""What stands around such words in their line."""

LIST_FOOTER = Wording(r"https?://|mailing\ list|unsubscribe|listinfo")
"""What the lines say that a mailing list puts below a letter."""
