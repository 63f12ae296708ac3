"""A letter's language is told where it is sure, and where it is not nothing is said."""

import pytest

from helpdesk.mail.languages import language_of

SURE = {
    "Саламатсызбы! Мен өткөн аптада сиздин дүкөндөн кызыл чатыр сатып алдым. Суу өтүп кетти.": "ky",
    "Кечээ силерден алган бут кийимдин таманы сыйрылып калды. Аны кайтарып берсем болобу?": "ky",
    "Кутмандуу күнүңүз менен! Ала-Арчага жети киши болуп барабыз. Баасы канча турат?": "ky",
    "Салам! Заказым качан келет, билбей жатам. Рахмат!": "ky",
    "Здравствуйте. Купил у вас палатку на прошлой неделе, а она протекает.": "ru",
    "Добрый день! Подскажите, пожалуйста, когда доставят заказ номер 4521?": "ru",
    "Верните деньги за рюкзак, лямка порвалась через два дня.": "ru",
    "Hello, where is my order?": "en",
    "Hi, my tent arrived broken. I want a refund.": "en",
    "Please cancel order 4521.": "en",
    "Guten Tag, mein Zelt ist kaputt angekommen. Ich möchte mein Geld zurück.": "de",
    "Bonjour, je vous écris pour ma tente qui est arrivée dans un mauvais état.": "fr",
    "வணக்கம்! அடுத்த வாரம் சிவப்பு கூடாரம் கிடைக்குமா?": "ta",
}
NEIGHBOURS = {
    "Kazakh": "Сәлеметсіз бе! Мен өткен аптада сіздің дүкеннен қызыл шатыр сатып алдым.",
    "Tatar": "Исәнмесез! Мин узган атнада сездән кызыл чатыр сатып алдым, ләкин ул ертылган.",
    "Mongolian": "Сайн байна уу? Миний захиалга хэзээ ирэх вэ, би хүлээж байна.",
    "Mongolian in a few words": "Сайн байна уу, захиалга хаана байна вэ?",
    "Ukrainian": "Добрий день! Коли прийде моє замовлення номер 4521? Дякую за відповідь.",
    "Ukrainian in a few words": "Добрий день, де мое замовлення? Чекаю на вас.",
    "Bulgarian": "Здравейте, къде е моята поръчка? Чакам от две седмици. Моля ви.",
    "Serbian": "Добар дан, где је моја поруџбина? Чекам већ две недеље и нисам добио одговор.",
    "Serbian in Latin": "Zdravo, kupio sam crveni šator prošle nedelje.",
    "Uzbek": "Ассалому алайкум, буюртмам қачон келади? Жавобингизни кутаман, раҳмат.",
    "Tuvan": "Экии! Мен сээң садыгдан чадыр садып алган мен, ол үрелген.",
    "a name": "Aigul Toktogulova",
    "numbers": "4521 4522 4523, 17:00",
}


@pytest.mark.parametrize("text", SURE)
def test_the_language_of_a_short_letter_is_told(text: str) -> None:
    assert language_of(text) == SURE[text]


@pytest.mark.parametrize("language", NEIGHBOURS)
def test_a_neighbour_is_taken_for_none_of_ours(language: str) -> None:
    assert language_of(NEIGHBOURS[language]) is None
