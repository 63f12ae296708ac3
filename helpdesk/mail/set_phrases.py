"""The set phrases of letters that programs write: what hardly a person says, and what a person
says too, but not below a subject that is a program's."""

from __future__ import annotations

import re

from helpdesk.mail.wording import Wording

OF_A_PROGRAM = Wording(
    r"(?:this\s(?:is\san?|e-?mail\sis\san?)\s(?:automat(?:ed|ic)|auto-?generated|unattended)"
    r"|automatically\s(?:generated|created|sent)|(?:generated|created|sent)\sautomatically"
    r"|(?:please\s)?do\snot\s(?:reply|respond)\sto\sthis"
    r"|i(?:\sam|'m|’m)\s(?:currently\s|presently\s)?(?:out\sof\sthe|out\sof|away\sfrom\sthe)\soffice(?!\s\w+s\b)"
    r"|(?:сформирован|создан|отправлен|сгенерирован)\w{0,3}\sавтоматически|автоматически\s(?:сформирован|создан|отправлен)"
    r"|не\sотвечайте\sна\s(?:это|данное)|отвечать\sна\sнего\sне\sнужно|меня\sнет\s(?:в\sофисе|на\sрабочем)"
    r"|автоматтык\sтүрдө|automatisch\s(?:generiert|erstellt|erzeugt|gegenereerd)|généré\sautomatiquement"
    r"|(?:este\ses\sun\s)mensaje\sautomático|generado\sautomáticamente|generato\sautomaticamente"
    r"|wygenerowan\w{1,2}\sautomatycznie"
    r"|自動(?:的に|で)?(?:生成|送信|配信)|このメールに(?:は|直接)?.{0,6}返信(?:いただけません|できません|しないで)"
    r"|系[统統]自[动動](?:发送|发出|生成|回复|發送|發出|產生|回覆)|[请請]勿(?:直接)?回[复覆]"
    r"|자동(?:으로\s)?발송|발신\s?전용)",
    "automat not авто не меня office 自動 返信 系统 系統 勿 자동 발신",
    re.NOFLAG,
)
"""What a program says of itself, below whatever subject."""

WITH_A_SUBJECT = Wording(
    r"(?:\bi(?:\sam|'m|’m)\s(?:currently\s)?(?:away|on\s(?:vacation|holiday|leave|annual|parental))"
    r"|\b(?:vacation|holiday|leave)\suntil|thank\syou\sfor\scontacting|we\shave\sreceived\syour"
    r"|ticket\shas\sbeen\s(?:created|opened)|automated\s(?:message|reply|response)|do\snot\sreply|was\sread\son"
    r"|в\sотпуске|меня\sне(?:т|\sбудет)\s(?:в|на)\s|(?:обращение|заявка)\s(?:принят|зарегистрирован)"
    r"|өргүүдө|кеңседе\s(?:жок|болбо)|nicht\sim\s(?:büro|haus)|im\surlaub|abwesend|wurde\sgelesen"
    r"|absente?\sdu\sbureau|en\scongés?\b|fuera\sde\sla\soficina|fuori\s(?:ufficio|sede)|\bin\sferie\b"
    r"|fora\sdo\sescritório|afwezig|poza\sbiurem|na\surlopie|ofis\sdışında|på\s(?:ferie|semester)|lomalla"
    r"|不在|休暇|休假|부재|விடுப்பில்"
    r"|delivery\shas\sfailed\sto|mail\sdelivery\s(?:software|system|subsystem))",
    "",
    re.NOFLAG,
)
"""What a person may say too, so that it tells only with the subject of a program."""

OF_ANOTHER_DESK = Wording(
    r"""(?:thank\syou\sfor\scontacting|\bwe(?:\shave|['’]ve|\swould\slike\sto\sacknowledge\sthat\swe\shave)\sreceived\syour
    |confirming\sthat\swe\s(?:got|received)\syour
    |\b(?:request|ticket|case|incident|enquiry|inquiry|message)\b[^.!?\n]{0,40}\s(?:has\sbeen|was)
     \s(?:received|created|opened|logged|registered|assigned)
    |\bwir\shaben\sihre\s(?:nachricht|anfrage|e-?mail|mitteilung)\s(?:erhalten|empfangen)
    |\bihre\s(?:ticket|vorgangs)-?nummer|\bticket\swurde\s(?:erstellt|eröffnet|angelegt)
    |\bnous\savons\sbien\sreçu\svotre|\bticket\sa\sété\s(?:créé|ouvert)
    |\bvotre\sdemande\sa\s(?:bien\s)?été\s(?:enregistrée|reçue|prise)
    |\bhemos\srecibido\s(?:su|tu)\b|\b(?:solicitud|caso|ticket)\sha\ssido\s(?:registrad|recibid|cread)[oa]
    |\babbiamo\sricevuto\sla\s(?:sua|tua|vostra)|\brichiesta\sè\sstata\s(?:ricevuta|registrata|presa)
    |\brecebemos\s(?:a\s|o\s)?(?:sua|seu)\b|\b(?:solicitação|chamado|pedido)\sfoi\s(?:recebid|criad|registrad|abert)[oa]
    |\bwij?\shebben\suw\s.{0,20}ontvangen|\bzgłoszenie\szostało\s(?:przyjęte|zarejestrowane|utworzone)
    |\b(?:обращение|заявка|запрос)\b.{0,30}(?:зарегистрирован|принят|получен|создан)
    |\btalebiniz\salınmış)""",
    "thank received got your wir ihre wurde reçu ticket demande recibido ha ricevuto stata"
    " recebemos foi hebben zgłoszenie обращение заявка запрос talebiniz request case"
    " incident enquiry inquiry message",
)
"""What another desk says of a letter that it has; it tells only below a subject of another desk."""

OF_AN_INVITATION = Wording(
    r"(?:\bhas\s(?:tentatively\s)?(?:accepted|declined)\b|invitation\sfrom\sgoogle\scalendar"
    r"|\bhat\s(?:diese|die|ihre)\s(?:einladung|besprechung)|\ba\s(?:accepté|refusé|décliné)\s(?:cette|votre|l)"
    r"|\bha\s(?:aceptado|rechazado|accettato|rifiutato)\b|\b(?:aceitou|recusou)\so?\s?(?:este\s)?convite"
    r"|(?:принял|отклонил)\S{0,3}\s.{0,30}приглашение|(?:接受|拒绝)了.{0,10}邀请|초대를?\s(?:수락|거절))",
    "has hat accept refus déclin google ha aceitou recusou приглашение 邀请 초대",
    re.NOFLAG,
)
"""What a calendar says of an invitation that somebody answered."""

CONFIRMED = Wording(
    r"\W*(?:(?:ticket#?|\[[^\]]{1,40}\])?\W*(?:your|we(?:\shave|'ve)?\sreceived\syour)\s(?:support\s)?"
    r"(?:request|ticket|enquiry|inquiry|message|e-?mail|case)(?:\s(?:has\sbeen|was|is))?"
    r"(?:\s(?:received|created|opened|registered|logged))?(?=\W)"
    r"|\[ticket\W|\[(?:##?\s?|case\W{1,3}|request\W{1,3})\d|\[request\sreceived\]|\[jira\]"
    r"|(?:support\s)?ticket\s(?:received|opened|created|confirmation)\b|case\s\#?\d{4,}\b|incident\sinc\d"
    r"|(?:\[[^\]]{1,20}\]\s)?(?:eingangs|empfangs)best[äa]e?tigung|vielen\sdank\sf[üu]r\sihre\s(?:anfrage|nachricht|e-?mail)"
    r"|accus[ée]\sde\sr[ée]ception|nous\savons\sbien\sre[çc]u|acuse\sde\srecibo|hemos\srecibido\s(?:su|tu)\b"
    r"|conferma\sdi\sricezione|abbiamo\sricevuto\sla\s(?:sua|tua)|confirma[çc][ãa]o\sde\srecebimento|recebemos\s(?:a\ssua|o\sseu)"
    r"|ontvangstbevestiging|potwierdzenie\s(?:otrzymania|przyjęcia|zgłoszenia)"
    r"|(?:ваш[ае]\s)?(?:обращение|заявка|запрос)\b.{0,30}(?:зарегистрирован|принят|получен|создан))",
    "your ticket обращение заявка запрос [ case incident eingangs empfangs vielen accus nous acuse"
    " hemos conferma abbiamo confirma recebemos ontvangst potwierdzenie",
    re.NOFLAG,
)
"""The subjects by which other desks confirm that they have a letter."""
