"""What a telephone or a mail program puts below every letter, told apart from a person's words."""

from __future__ import annotations

import re

from helpdesk.mail.phrases import DECORATION
from helpdesk.mail.wording import Wording

_NAMES = r"""
    i-?phon i-?pad i-?pod mac\b macbook apple android samsung galaxy blackberry huawei honor
    xiaomi redmi poco oppo vivo oneplus pixel nokia lumia htc lg\b sony xperia motorola
    moto\b windows outlook yahoo gmail aol gmx web\.de mail\.ru yandex яндекс proton\s?mail
    tuta mailbird spark bluemail aqua\s?mail k-9 nine\b thunderbird mobile phone
    smartphone handy tablet telefon t[ée]l[ée]phone teléfono celular móvil mobil телефон
    смартфон мобильн почт 手机 手機 携帯 スマホ スマートフォン 휴대폰 스마트폰
    אייפון آيفون ไอโฟน điện\sthoại
    wireless verizon at&t app\b ponsel superhuman front\b hey\b newton polymail mailspring
    fairemail zimbra libero orange tiscali proton sky\b
"""
_DEVICE = f"(?:{'|'.join(_NAMES.split())})"
_MOBILE = (
    (
        "sent get download yahoo",
        r"sent\sfrom\smy(?:[ '-]\w+){1,5}"
        rf"|sent\s(?:from|via|with|using|by)\b.{{0,40}}{_DEVICE}.{{0,60}}"
        rf"|(?:get|download)\s.{{0,30}}{_DEVICE}.{{0,20}}\sfor\s.{{2,30}}"
        r"|yahoo\smail:\ssearch,\sorganize,\sconquer",
    ),
    (
        "meinem gesendet nachricht",
        r"(?:von\smeinem|gesendet\s(?:von|mit|aus|mittels|über|per)"
        rf"|diese\snachricht\swurde\s(?:von|mit)).{{0,50}}{_DEVICE}.{{0,40}}",
    ),
    (
        "envoy obtenez",
        r"envoy[ée]\s(?:de(?:puis)?|[àa]\spartir|avec|par|via)"
        rf".{{0,50}}{_DEVICE}.{{0,40}}|obtenez\soutlook.{{0,40}}",
    ),
    (
        "enviad obt",
        r"enviad[oa]\s(?:desde|do|de|pelo|por|com|con|a\spartir)"
        rf".{{0,50}}{_DEVICE}.{{0,40}}|obt(?:ener|enha|er)\s(?:o\s)?outlook.{{0,40}}",
    ),
    (
        "inviato scarica ottieni",
        rf"inviato\s(?:da(?:l)?|con|tramite).{{0,50}}{_DEVICE}.{{0,40}}"
        r"|(?:scarica|ottieni)\soutlook.{0,40}",
    ),
    (
        "verstuurd verzonden outlook",
        r"(?:verstuurd|verzonden)\s(?:vana[fl]|vanuit|met|via|door)"
        rf".{{0,50}}{_DEVICE}.{{0,40}}|outlook\svoor\s.{{0,30}}downloaden",
    ),
    (
        "skickat sänt sendt hent hämta",
        r"(?:skickat|sänt|sendt)\s(?:från|fra|via|med)"
        rf".{{0,50}}{_DEVICE}.{{0,40}}|(?:hent|hämta)\soutlook.{{0,40}}",
    ),
    ("lähetetty hanki", rf"lähetetty.{{0,50}}{_DEVICE}.{{0,40}}|hanki\soutlook.{{0,40}}"),
    (
        "wys pobierz uzyskaj",
        r"wys[łl]an[eoy]\s(?:z|ze|przez)"
        rf".{{0,50}}{_DEVICE}.{{0,40}}|(?:pobierz|uzyskaj)\s.{{0,20}}outlook.{{0,40}}",
    ),
    (
        "odesl odosl posla",
        r"(?:odesl[áa]no|odoslan[ée]|poslano|poslato)\s(?:z|zo|s|sa|iz|pomo)"
        rf".{{0,50}}{_DEVICE}.{{0,40}}",
    ),
    (
        "küldve trimis",
        rf"elküldve.{{0,50}}{_DEVICE}.{{0,40}}|az\s.{{0,20}}{_DEVICE}.{{0,20}}küldve"
        rf"|trimis\s(?:de|din|cu).{{0,50}}{_DEVICE}.{{0,40}}",
    ),
    (
        "gönderildi gesendet から送信 에서",
        rf".{{0,30}}{_DEVICE}.{{0,20}}"
        r"(?:gönderildi|gesendet|から送信|에서\s(?:보냄|보낸\s메일))",
    ),
    (
        "ταλθηκε τάλθηκε отправлено надіслано изпратено",
        r"(?:στάλθηκε\sαπό|отправлено\s(?:с|со|из|от|через)|надіслано\s(?:з|із|через)"
        rf"|изпратено\sот).{{0,50}}{_DEVICE}.{{0,40}}",
    ),
    (
        "发自 發自 傳送 寄自 から送信 에서",
        rf"(?:发自|發自|(?:傳送|寄)自).{{0,12}}{_DEVICE}.{{0,12}}|從我的.{{0,12}}{_DEVICE}.{{0,8}}傳送"
        rf"|.{{0,12}}{_DEVICE}.{{0,12}}(?:から送信|에서\s보냄)",
    ),
    (
        "נשלח رسل ส่งจาก gửi dikirim",
        r"(?:נשלח\s(?:מ|באמצעות)|(?:أُ?رسلت|مرسل)\sمن|ส่งจาก|(?:đã\s)?gửi\stừ|dikirim\sdari)"
        rf".{{0,20}}{_DEVICE}.{{0,20}}",
    ),
)
MOBILE = tuple(Wording(pattern, needs) for needs, pattern in _MOBILE)
"""The sentences that telephones and mail programs write, and a person's that begin like them."""

_SMALL = frozenset(
    """
    from via with using by my an a the on of for and new your free secure email e-mail mail
    mobile phone smartphone cell cellphone device app version wireless handheld network search
    organize conquer von mit aus mittels über per meinem meiner mein einem einer dem der das
    auf für vom wurde gesendet de depuis à partir avec par mon ma mes un une la le les du des
    pour sur appareil téléphone telephone tablette tablet application ordinateur messagerie
    courrier desde do da pelo pela por com con mi mis meu minha una um uma el o para no na en
    em dispositivo móvil celular teléfono telefone aplicativo aplicación correo aparelho dal
    dalla il mio mia uno su tramite telefono cellulare vanaf vanuit met door mijn het een voor
    op telefoon från fra med min mitt mina et ett til till för på mobil mobilen telefon enhet
    enhed z ze za pomocą przez mojego mojej mój dla telefonu aplikacji urządzenia komórki zo s
    sa mého môjho mobilu pro pre iz mog mojeg pomoću az én din cu prin mea pentru gönderildi
    elküldve από το μου κινητό για с со из от через моего моей мобильного мобильной мобильных
    телефона смартфона приложения устройства планшета почты для на із мого моєї мобільного
    телефону смартфону пристрою додатка пошти моя з từ tôi của gửi điện thoại dari ponsel saya
    perangkat küldve készülékemről smartfonu smartphonu telefonul telefona mojega telefonumdan
    akıllı älypuhelimesta umdan umden dan den omról emről ról l d all capable dell enjoy ad emails
    """.split()
)
"""What stands around the names in such a sentence."""

_MOST_WORDS = 12
_BETWEEN = re.compile(r"[\s/'’,-]+")
_LINK = re.compile(r"\s?<https?://[^<>\s]{1,500}>")
_OUTLOOK = re.compile(r"[^<>]{0,60}\boutlook\b[^<>]{0,40}<https?://aka\.ms/\w{1,20}>\W{0,3}", re.I)
"""Where to get Outlook, which it writes in every language."""
_DEVICES = re.compile(_DEVICE, re.I)


def is_of_device(line: str) -> bool:
    """Whether a telephone or a mail program wrote a line: it says from what a letter was sent, and
    nothing besides names."""
    if len(line) > 200:
        return False
    if _OUTLOOK.fullmatch(line):
        return True
    words = _LINK.sub("", line).strip(DECORATION)
    return any(wording.fullmatch(words) for wording in MOBILE) and _is_of_names(words)


def _is_of_names(words: str) -> bool:
    """Whether all behind the first word are names, of devices or others, and what joins them."""
    tokens = _BETWEEN.split(words)[1:]
    return len(tokens) <= _MOST_WORDS and all(map(_is_name, tokens))


def _is_name(token: str) -> bool:
    word = token.strip('.()"')
    return (
        word.casefold() in _SMALL
        or any(c.isupper() or c.isdigit() for c in word)
        or not any(c.islower() for c in word)
        or _DEVICES.match(word) is not None
    )
