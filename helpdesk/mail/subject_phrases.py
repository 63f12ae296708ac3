"""The subjects that programs write, in the languages they speak."""

from __future__ import annotations

import re

from helpdesk.mail.wording import Wording

ABSENT = Wording(
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
    |resposta\sautom[áàa]tica|fora\sdo\sescrit[óo]rio
    |ausente\sde\sla\soficina|assente\sdall.ufficio
    |autosvar|automatisk[t]?\s(?:svar|svarmelding|besvarelse)|ikke\stil\sstede
    |automaattinen\s(?:poissaolo)?vastaus
    |odpowied[źz]\sautomatyczna|automatyczna\sodpowied[źz]|autoodpowied[źz]
    |automatick[áa]\sodpov[ěe][ďd]|mimo\skancel[áa][řr]
    |automatikus\sv[áa]lasz|h[áa]zon\sk[íi]v[üu]l|r[ăa]spuns\sautomat
    |automatski\sodgovor|samodejni\sodgovor|automaatvastus|autom[āa]tisk[āa]\satbilde
    |automatinis\satsakymas|(?:otomatik|avtomatik)\s(?:yan[ıi]t|cevap|cavab|javob)|sjálfvirkt\ssvar|erantzun\sautomatikoa|ofis\sd[ıi][şs][ıi]nda
    |авто(?:матический|матична|матичен)?[\s-]?(?:ответ|відповідь|отговор|одговор)|меня\sнет\sв\sофисе
    |(?:я\s)?в\s(?:отпуске|командировке)(?=\s(?:до|с|по)\s|\s*(?:[:!]|\Z))
    |отсутстви[ея]\s(?:на\sрабочем|в\sофисе)|вне\sофиса|авто(?:маттык\s)?жооп|автоматты\sжауап
    |αυτόματη\sαπάντηση|εκτός\sγραφείου|תשובה\sאוטומטית|מענה\sאוטומטי|رد\sتلقائي|الرد\sالتلقائي|پاسخ\sخودکار
    |ავტომატური\sპასუხი|ავტოპასუხი|ավտոմատ\sպատասխան|স্বয়ংক্রিয়\sউত্তর
    |自动(?:答复|回复|回覆)|自動(?:回覆|回复|応答|返信)|不在(?:通知|連絡|のお知らせ)
    |(?:부재\s?중\s)?자동\s?(?:회신|응답|답장)|ตอบกลับอัตโนมัติ|การตอบกลับอัตโนมัติ|trả\slời\stự\sđộng|thư\strả\slời\stự\sđộng
    |balasan\s(?:otomatis|automatik)|jawapan\sautomatik|स्वचालित\s(?:उत्तर|जवाब)|தானியங்(?:கு|கி)\sபதில்
    |(?:abwesenheit|abwesend|afwezig(?:heid)?|ausencia|assenza|aus[êe]ncia|fr[åa]nvaro|frånvarande|frav[æa]r(?:ende)?
      |poissa(?:olo(?:ilmoitus)?)?|nieobecno[śs][ćc]|nep[řr][íi]tomnost|absen[țt][ăa]|odsotnost|absent|vacation|urlaub
      |отсутств(?:ие|ую)|отпуск|нет\sна\sместе|外出|休暇|부재\s?중)(?=\s*(?:[:：!]|$))
    )(?:(?<=\W)|(?![^\W\u3040-\u9fff\uac00-\ud7af]))""",
    "ავტო ավտոմատ স্বয়ংক্রিয় sjálfvirkt erantzun avtomat ausente assente"
    " office ooo vacation leave holiday auto away abwesen nicht absen bureau fuera fuori fora ikke"
    " odpov mimo házon hazon otomat ofis авто меня отсутств офиса месте командировк"
    " αυτόματη εκτός εκτόσ אוטומט تلقائي خودکار 自动 自動 不在 자동 อัตโนมัติ ự"
    " balasan jawapan स्वचालित தானியங் отпуск"
    " afwezig ausencia"
    " assenza ausência ausencia nvar frav poissa nieobecno nep"
    " odsotnost urlaub 外出 休暇 부재 samodejni",
)
"""Of an automatic reply, such as an absence notice."""

UNDELIVERED = Wording(
    r"""\W*(?:
    undeliverable\s*:|undelivered\s(?:(?:e-?)?mail|message)|unzustellbar\s*:|delivery\sstatus\snotification
    |mail\s(?:delivery\s(?:fail|error|system|problem|status)|system\serror|could\snot\sbe\sdelivered)
    |(?:message|mail)\s(?:delivery\s)?(?:undeliverable|delayed|status\s-\sundeliverable)
    |failure\snotice\s*\Z|returned\s(?:mail|message)\s*:|mail\sreturned|non-?delivery\s(?:report|notification|receipt)
    |(?:warning:\s)?(?:could\snot\ssend\smessage|message\s.{0,60}\sdelayed)
    |недоставленн(?:ое\s(?:сообщение|письмо)|ая\sпочта)|сообщение\sне\sдоставлено|系统退信
    |メール(?:配信|送信)?エラー(?:通知|のお知らせ)|(?:メッセージ|メール)を配信できません
    )""",
    "deliver unzustell mail message failure return недостав сообщение 系统退信 メール メッセージ",
)
"""Of a bounce."""

OF_A_PARCEL_TOO = Wording(
    r"""\W*(?:
    undeliver(?:able|ed)|unzustellbar|delivery\s(?:failure|has\sfailed|failed|delayed|problem|report|unsuccessful)
    |failure\snotice|returned\s(?:to\ssender|mail|message)|non-?delivery|nondeliverable
    |non\sremis|[ée]chec\sde\s(?:la\s)?(?:remise|distribution)|no\sse\s(?:puede|pudo)\sentregar|no\sentregado
    |mancato\srecapito|non\srecapitabile|impossibile\srecapitare|n[ãa]o\s(?:é\sposs[íi]vel\sentregar|entregue)
    |onbestelbaar|niet\sbezorgd|kan\sinte\slevereras|olevererbart|ikke\slevert|kunne\sikke\sleveres
    |niedostarczon|nedoru[čc]iteln|k[ée]zbes[íi]thetetlen|nelivrabil|teslim\sedilemedi
    |недоставлен|не\sуда(?:лось|[её]тся)\sдоставить|не\sдоставлено
    |无法投递|退信|無法傳遞|配信不能|送信できません|配信できません|배달되지\s않음|반송
    )""",
    "deliver unzustell failure return non chec entreg mancato impossibile onbestelbaar"
    " nelivrabil niet kan olevere ikke kunne niedostarczon nedoru zbes teslim достав 无法投递 退信"
    " 無法傳遞 配信不能 できません 배달 반송",
)
"""Of a bounce too, but also of somebody who waits for a parcel."""

READ = re.compile(
    r"\W*(?:read|gelesen|lu|le[íi]do|letto|lida|gelezen|l[äæ]st|luettu|przeczytano|přečteno|прочитано"
    r"|not\sread|ungelesen|return receipt \(displayed\)|已读|已讀|開封済み|읽음)\s?[:：]"
    r"|\W*return receipt\b",
    re.I,
)
"""Of a receipt."""

ANSWERED = Wording(
    r"""\W*(?:
    (?:tentatively\s)?accepted|declined|tentative|new\stime\sproposed
    |zugesagt|abgelehnt|abgesagt|mit\svorbehalt(?:\szugesagt)?|vorläufig(?:\szugesagt)?
    |accepté|refusé|décliné|provisoire|aceptad[oa]|rechazad[oa]|provisional
    |accettat[oa]|rifiutat[oa]|provvisori[oa]|aceit[oe]|aceitou|recusad[oa]|provisóri[oa]
    |geaccepteerd|geweigerd|afgewezen|voorlopig|zaakceptowano|odrzucono|wstępnie
    |accepterat|avböjt|preliminärt|accepteret|afvist|godtatt|avslått|hyväksytty|hylätty|alustava
    |přijato|odmítnuto|elfogadva|elutasítva|kabul\sedildi|reddedildi|acceptat|refuzat
    |принято(?:\sпод\s(?:условием|вопросом))?|отклонено|под\sвопросом|прийнято|відхилено
    |已接受|已拒绝|已拒絕|暂定|暫定|(?:仮)?承諾|辞退|수락(?:함|됨)?|거절(?:함|됨)?|미정
    )\s?[:：]""",
    "accept declin tentativ proposed zugesagt abge vorbehalt vorläufig accett refus"
    " déclin provis provvis acept rechaz rifiut aceit recus geweigerd afgewezen"
    " voorlopig zaakcept odrzuc wst avböjt prelimin afvist godtatt avsl hyv hylät"
    " alustava přij odmít elfogad elutas kabul redded refuz принято отклонено вопросом"
    " прийнято відхилено 接受 拒 定 承諾 辞退 수락 거절 미정",
)
"""Of the answer to an invitation."""
