"""Absence notices that are nothing else, told by their text alone.

Each of their sentences is a set phrase and a time. One that says anything more may be a person's,
who is away and wants something all the same.
"""

from __future__ import annotations

import re

from helpdesk.mail.wording import Wording

_LONGEST = 1500
_MOST_OF_SIGNATURE = 6
_LONGEST_OF_SIGNATURE = 60

_AWAY = Wording(
    r"""(?:
    \b(?:i|we)(?:\sam|\sare|['’]m|['’]re|\swill\sbe|['’]ll\sbe)
      (?:\s(?:currently|presently|now|also))?
      \s(?:out\sof(?:\sthe)?\soffice|not\sin\s(?:the\s)?office|out\sof\stown|unavailable|travell?ing
        |away(?:\sfrom\s(?:the\soffice|my\s(?:desk|office|e-?mail)))?
        |on\s(?:(?:annual|sick|parental|maternity|paternity|a)\s)*
          (?:leave|vacation|holidays?|business\strip))
    |\bich\s(?:bin|befinde\smich)\s(?:(?:derzeit|zurzeit|zur\szeit|momentan|aktuell|leider)\s)*
      .{0,40}?(?:nicht\s(?:im\s(?:b[üu]ro|haus)|erreichbar)
        |im\surlaub|in\selternzeit|abwesend|au(?:ß|ss)er\shaus)
    |\bje\s(?:suis|serai)\s(?:actuellement\s)?
      (?:absente?(?:\sdu\sbureau)?|en\s(?:cong[ée]s?|vacances|d[ée]placement))
    |\b(?:estoy|estar[ée])\s(?:actualmente\s)?
      (?:fuera\sde\s(?:la\s)?oficina|de\svacaciones|ausente)
    |\b(?:sono|sar[òo])\s(?:attualmente\s)?
      (?:fuori\s(?:ufficio|sede)|in\sferie|assente(?:\sdall['’]ufficio)?)
    |\b(?:estou|estarei)\s(?:fora\sdo\sescrit[óo]rio|de\sf[ée]rias|ausente)
    |\bik\sben\s(?:momenteel\s)?
      (?:afwezig|niet\s(?:op\skantoor|aanwezig)|(?:met|op)\s(?:vakantie|verlof))
    |\b(?:jestem|przebywam|b[ęe]d[ęe])\s(?:obecnie\s)?
      (?:na\surlopie|poza\sbiurem|nieobecn[ay])
    |\b(?:[şs]u\sanda\s)?ofis\sd[ıi][şs][ıi]nday[ıi]m|\b(?:yıllık\s)?izin(?:deyim|liyim)\b
    |\bjag\sär\s(?:på\s(?:semester|tjänsteresa)|borta\sfrån\skontoret|inte\spå\skontoret|föräldraledig)
    |\bjeg\s(?:er\s(?:på\sferie|ikke\spå\skontoret|ute\sav\skontoret)|holder\sferie|har\sferie)
    |\bolen\s(?:vuosi)?lomalla\b|\bolen\spoissa\stoimistolta\b
    |\bjsem\s(?:na\sdovolené|mimo\skancelář)|\bsom\sna\sdovolenke
    |\bszabadságon\svagyok|\bnem\svagyok\saz\sirodában|\bsunt\s[îi]n\sconcediu
    |(?:\bя\s)?(?:(?:сейчас|временно|в\sданный\sмомент)\s)?(?:(?:нахожусь|буду)\s)?
      (?:\bв\s(?:\w+\s)?(?:отпуске|командировке)\b|\bвне\sофиса\b
        |\bотсутствую(?:\s(?:на\sрабочем\sместе|в\sофисе))?)
    |\bменя\s(?:нет|не\sбудет)\s(?:в\sофисе|на\s(?:рабочем\sместе|работе))
    |\b(?:я\s)?(?:зараз\s)?(?:перебуваю\s)?у\s(?:відпустці|відрядженні)\b
    |\b(?:мен\s)?(?:азыр\s|учурда\s|эмгек\s)*
      (?:өргүүдө\s?мүн|кеңседе\sжокмун|иш\sсапардамын|жумушта\sжокмун)
    |நான்\s(?:தற்போது\s)?(?:விடுப்பில்|விடுமுறையில்|அலுவலகத்தில்\sஇல்லை)
      (?:\s(?:உள்ளேன்|இருக்கிறேன்|இருப்பேன்))?
    )""",
    "office town away leave vacation holiday trip travel unavailable büro buro haus erreichbar"
    " urlaub elternzeit abwesend absent congé conge vacances déplac deplac oficina vacaciones"
    " ausente ufficio sede ferie assente escrit férias ferias afwezig kantoor aanwezig vakantie"
    " semester tjänsteresa kontoret föräldra lomalla toimistolta dovolen kancelář szabadságon"
    " irodában concediu izinli verlof urlop biurem nieobecn ofis izinde отпуск командировк"
    " отсутствую офис меня відпуст відряджен өргүүдө кеңседе сапарда жумушта விடு அலுவலக",
)
"""That somebody is away, as a program says it."""

_BESIDES = Wording(
    r"""(?:
    \b(?:hi|hello|dear\s(?:sender|all|colleagues?|sir\sor\smadam)|good\s(?:day|morning|afternoon))\b
    |\b(?:thank\syou|thanks)(?:\s(?:very|so)\smuch)?\sfor
      \s(?:your\s(?:e-?mail|message|mail|note)|contacting\s(?:me|us)|reaching\sout)
    |\bplease\snote\sthat\b
    |\b(?:and\s)?(?:i\s)?(?:will|['’]ll)\s(?:be\s(?:back|returning)|return)
      (?:\s(?:in|to)\s(?:the\s)?office)?
    |\b(?:and\s)?(?:(?:i\s)?(?:will\s)?have|with)\s(?:only\s|very\s)?(?:limited|no|intermittent)
      \saccess\sto\s(?:my\s)?(?:e-?mails?|mail)
    |\b(?:and\s)?(?:i\s)?(?:will|shall|['’]ll)\s(?:reply|respond|answer|get\sback)
      (?:\sto\s(?:your\s(?:e-?mail|message)|you|it)\b)?
      (?:\s(?:as\ssoon\sas\spossible|when\si\s(?:return|am\sback)
        |(?:(?:up)?on|after)\smy\sreturn|then))*
    |\bthis\s(?:is\san\sautomatic\s(?:reply|message)|e-?mail\sis\sautomatic)
    |\b(?:hallo|guten\stag|liebe\skolleg\w+|sehr\sgeehrte\s(?:damen\sund\sherren|absender))\b
    |\b(?:vielen\sdank|danke)\sf[üu]r\sihre\s(?:e-?mail|nachricht)
    |\bund\sab\b.{0,25}\bwieder\s(?:erreichbar|im\sb[üu]ro|da)
    |\b(?:ihre\s)?(?:e-?mails?|nachricht(?:en)?)\s(?:wird|werden)\snicht\sweitergeleitet
    |\bich\s(?:werde\s)?(?:ihre\s(?:e-?mail|nachricht)\s)?(?:nach\smeiner\sr[üu]ckkehr\s)?
      (?:beantworten|antworten|melde\smich)(?:\s(?:ihnen|nach\smeiner\sr[üu]ckkehr))*
    |\b(?:und\s)?(?:ich\s)?habe\s(?:nur\s|keinen\s|eingeschränkten\s)+zugriff\sauf\smeine\s
      (?:e-?mails?|nachrichten)
    |\bsin\sacceso\sa(?:l|\smi)\scorreo(?:\selectr[óo]nico)?
    |\b(?:gentile\scliente|buongiorno|salve)\b
    |\brisponder[òo](?:\s(?:al\smio\s(?:rientro|ritorno)|appena\spossibile))*
    |\bol[áa]\b|\b(?:e\s)?responderei(?:\s(?:quando\svoltar|(?:no|ao)\smeu\sregresso))?
    |\bbeste\b|\bbedankt\svoor\s(?:uw|je)\s(?:e-?mail|bericht)
    |\b(?:hej|hei)\b|\btack\sför\sditt\s(?:mejl|mail|meddelande)|\btak\sfor\sdin\s(?:mail|besked)
    |\b(?:och\s)?(?:jag\s)?läser\sinte\s(?:min\s)?(?:e-?post|mejl|mail)
    |\b(?:enkä|en)\slue\ssähköpost\w+|\bvastaan\s(?:viestiisi\s)?palattuani
    |\bdzień\sdobry\b|\bdziękuję\sza\s(?:wiadomość|e-?mail)|\bodpowiem\spo\spowrocie
    |\bdobrý\sden\b|\bděkuji\sza\s(?:vaši\s)?(?:zprávu|e-?mail)
    |\btisztelt\sfeladó\b|\bmerhaba\b
    |\bbonjour\b|\bmerci\s(?:pour|de)\svotre\s(?:message|e-?mail|courriel)
    |\bje\svous\sr[ée]pondrai(?:\s[àa]\smon\sretour)?
    |\b(?:buenos\sd[íi]as|hola|gracias\spor\s(?:su|tu)\s(?:mensaje|correo))
    |\b(?:le|te)\sresponder[ée](?:\sa\smi\s(?:regreso|vuelta))?
    |\b(?:здравствуйте|добрый\sдень|спасибо\sза\s(?:ваше?\s)?(?:письмо|сообщение|обращение))
    |\b(?:я\s)?(?:отвечу(?:\s(?:вам|на\s(?:ваше\s)?(?:письмо|сообщение)))?
      (?:\sпосле\sвозвращения)?|вернусь|выйду)(?:\s(?:в\sофис|на\sработу))?
    |\b(?:с|имею)\sограниченны[мй]\sдоступ(?:ом)?\sк\s(?:почте|интернету)
    |\bсаламатсызбы|\bкатыңыз\s?(?:га|үчүн)\sрахмат
    |\bкайтып\sкел(?:генде|ем|генден\sкийин)|\bжооп\sбере(?:м|мин)
    |வணக்கம்|உங்கள்\sமின்னஞ்சலுக்கு\sநன்றி|திரும்பி\s(?:வந்ததும்|வருவேன்)
    |பதில(?:ளிப்பேன்|்\sதருகிறேன்)
    )"""
)
"""What such notices say besides."""

_URGENT = Wording(
    r"""\W*(?:
    (?:for|in|if)\b.{0,40}\b(?:urgent|emergenc|immediate|assistance)
    |(?:should|if)\syou\sneed\simmediate|(?:in|bei)\sdringenden
    |en\scas\sd['’]urgence|pour\stoute\surgence
    |(?:para|en)\s(?:asuntos|caso|temas)\s(?:urgentes?|de\surgencia)
    |per\s(?:urgenze|questioni\surgenti)|in\scaso\sdi\surgenza|em\scaso\sde\surg[êe]ncia
    |bij\sspoed|voor\sdringende|(?:vid|i)\sbrådskande|ved\s(?:haste|akutte)|kiireellis
    |w\s(?:sprawach\s)?pilnych|v\snaléhav|sürgős\sesetben|acil\sdurumlarda
    |(?:по|в)\s(?:всем\s)?(?:срочным|срочных|экстренных)|шашылыш|அவசர
    ).{0,200}\Z"""
)
"""The sentence that names somebody else for what cannot wait."""

_CLOSING = Wording(
    r"\W*(?:(?:(?:best|kind|warm|with\sbest|with\skind)\s)?(?:regards|wishes)|sincerely"
    r"|(?:many\s)?thanks|cheers"
    r"|(?:mit\s)?(?:freundlichen|besten|vielen|viele|liebe)\s(?:grü(?:ß|ss)en?)|cordialement"
    r"|bien\s[àa]\svous"
    r"|(?:un\s)?(?:cordial\s)?saludos?|saluti|cordiali\ssaluti|atenciosamente"
    r"|met\svriendelijke\sgroet(?:en)?|groet(?:en)?|pozdrawiam|obrigad[oa]|s\spozdravem|üdvözlettel"
    r"|mvh|(?:med\s)?vänliga\shälsningar|(?:med\s)?ven+lig\shilsen|(?:ystävällisin\s)?terveisin"
    r"|z\spoważaniem|с\sуважением|з\sповагою|урматтоо\sменен|saygılarımla|நன்றி)\b[\s,.!]*",
    "",
    re.NOFLAG,
)
"""What stands above a name."""

_WHEN = frozenset(
    "a am an and at back be between by date dates day days due for from in inclusive including"
    " next of on or since so starting the then this through thru till to today tomorrow until up"
    " week weeks weekend will am ab bis dem den der die einschließlich einschliesslich einschl"
    " heute ich im in inkl vom wieder von zum zur à a au aux de des du et inclus jusqu jusqu'au"
    " jusqu’au le la les partir retour hasta el del desde los y fino al dal alle e até o ao t"
    " tot en met van met vanaf do od dnia i kadar tarihine tarihinden до с со по включительно"
    " till den til fram og och asti saakka dne"
    " числа г года г. к на и в я чейин баштап күнү күнгө дейин வரை முதல் தேதி monday tuesday"
    " wednesday thursday friday saturday sunday mon tue wed thu fri sat sun montag dienstag"
    " mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi"
    " dimanche lunes martes miércoles jueves viernes sábado domingo понедельник понедельника"
    " вторник вторника среда среду среды четверг четверга пятница пятницу пятницы суббота"
    " субботу воскресенье дүйшөмбү дүйшөмбүгө திங்கள்".split()
)
"""Words of times, in the languages above."""

_MONTH = Wording(
    r"(?:jan|feb|fév|mar|mär|apr|avr|abr|may|mai|mayo|jun|juin|jul|juil|aug|août|ago|sep|oct"
    r"|okt|nov|dec|dez|déc|dic"
    r"|maj|czerw|led(?:en|na)|únor|březe?n|dub(?:en|na)|květ(?:en|na)|červ|srp(?:en|na)|září|říj(?:en|na)"
    r"|listopad|prosin(?:ec|ce)|stycz(?:eń|nia)|lut(?:y|ego)|kwie(?:cień|tnia)|lip(?:iec|ca)|sierp|wrze"
    r"|paźd|grud(?:zień|nia)|már|ápr|máj|jún|júl|ocak|şubat|nisan|haziran|temmuz|ağustos|eylül|ekim"
    r"|kasım|aralık|ene|gen|mag|giu|lug|set|ott|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)\w{0,8}(?:['’]\w{1,2})?\.?",
    "",
    re.NOFLAG,
)
_SENTENCE = re.compile(r"(?<=[^\d\s][.!])\s+|\n[ \t]*\n")
_POSTSCRIPT = re.compile(r"\W*(?:P\.?\s?P?\.?S|П\.?\s?С|З\.?Ы|N\.?\s?B)\b", re.IGNORECASE)
_EDGES = " \t.,;:!()–—-\"'’"


def is_all(text: str) -> bool:
    """Whether ``text`` says that somebody is away, and nothing else that anybody might mean."""
    if len(text) > _LONGEST or "?" in text or "؟" in text or not _AWAY.may_match(text):
        return False
    pieces = [" ".join(piece.split()) for piece in _SENTENCE.split(text)]
    for place, piece in enumerate(pieces):
        closing = _CLOSING.match(piece)
        if closing is not None:
            signature = [piece[closing.end() :], *pieces[place + 1 :]]
            return _is_signature(signature) and _says_so(pieces[:place])
        if not _is_set(piece):
            return False
    return _says_so(pieces)


def _says_so(sentences: list[str]) -> bool:
    return any(_AWAY.search(sentence) for sentence in sentences)


def _is_set(sentence: str) -> bool:
    """Whether a sentence is made of set phrases and times."""
    if _URGENT.match(sentence):
        return True
    rest = _BESIDES.pattern.sub(" ", _AWAY.pattern.sub(" ", sentence))
    return all(_is_of_time(word.strip(_EDGES)) for word in rest.split())


def _is_of_time(word: str) -> bool:
    return not word or word[0].isdigit() or word.casefold() in _WHEN or bool(_MONTH.fullmatch(word))


def _is_signature(pieces: list[str]) -> bool:
    return len(pieces) <= _MOST_OF_SIGNATURE and all(
        len(piece) <= _LONGEST_OF_SIGNATURE
        and not piece.endswith((".", "!", "?"))
        and _POSTSCRIPT.match(piece) is None
        for piece in pieces
    )
