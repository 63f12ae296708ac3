"""The sections of desk.toml on mail: what they may say, and how they are refused."""

import tomllib

import pytest

from helpdesk.config import Settings, parse
from helpdesk.domain.errors import BadConfiguration
from helpdesk.domain.words import Kind, Priority
from helpdesk.mail.reply_address import reply_address

GOOD = """
[desk]
name = "Ak-Sai Outfitters"
timezone = "Asia/Bishkek"
[hours]
mon = ["09:00-18:00"]
[mail]
address = "Help@aksai.example"
addresses = { "complaints@aksai.example" = "complaint", "info@aksai.example" = "request" }
[[mail.in]]
name = "main"
host = "imap.aksai.example"
user = "help"
password_file = "imap.password"
then = "move"
move_to = "Done"
[[mail.rule]]
from = "@city.example"
subject = "Complaint"
kind = "complaint"
tags = ["City"]
priority = "high"
[mail.out]
by = "smtp"
host = "smtp.aksai.example"
"""


def read(text: str) -> Settings:
    return parse(tomllib.loads(text))


def test_the_sections_are_taken() -> None:
    mail = read(GOOD).mail
    assert mail.own == {"help@aksai.example", "complaints@aksai.example", "info@aksai.example"}
    assert mail.addresses["complaints@aksai.example"] is Kind.COMPLAINT
    (account,) = mail.in_
    assert (account.port_number, account.folder, account.move_to) == (993, "INBOX", "Done")
    (rule,) = mail.rule
    assert (rule.from_, rule.tags, rule.priority) == ("@city.example", ("city",), Priority.HIGH)
    assert mail.out is not None
    assert mail.out.port_number == 587


def test_a_desk_without_them_has_no_address_and_sends_nothing() -> None:
    mail = read(GOOD.split("[mail]")[0]).mail
    assert (mail.own, mail.in_, mail.rule, mail.out) == (frozenset(), (), (), None)


@pytest.mark.parametrize(
    ("good", "bad", "named"),
    [
        ('address = "Help', 'adress = "Help', "mail.adress: unknown key"),
        ("Help@aksai.example", "Help", "mail.address: not an e-mail address"),
        ('= "complaint",', '= "complain",', "mail.addresses.complaints@aksai.example: takes"),
        ('password_file = "imap.password"', "", "the 1st [[mail.in]]: takes user together with"),
        ('password_file = "imap', 'password = "imap', "the 1st [[mail.in]]: "),
        ('user = "help"', 'user = "help"\npassword_env = "X"', "not both"),
        ('move_to = "Done"', "", 'then = "move" and move_to go together'),
        ('then = "move"', 'then = "keep"', "the 1st [[mail.in]]: then: takes"),
        ('name = "main"', 'name = "main"\nport = "x"', "port: takes a number such as 993"),
        ('name = "main"', 'name = "a/b"', "takes no slash"),
        ("[[mail.in]]", "[mail.in]", "mail.in: takes sections that begin with [[mail.in]]"),
        ('kind = "complaint"\ntags = ["City"]\npriority = "high"', "", "says nothing of what"),
        ('from = "@city.example"\nsubject = "Complaint"', "", "says nothing of when"),
        ('host = "smtp.aksai.example"', "", 'mail.out: by = "smtp" and host go together'),
        ('address = "Help@aksai.example"', "", "out: takes mail.address"),
    ],
)
def test_a_mistake_is_refused_by_its_place(good: str, bad: str, named: str) -> None:
    assert good in GOOD
    with pytest.raises(BadConfiguration) as refused:
        read(GOOD.replace(good, bad))
    assert named in refused.value.message


def test_two_accounts_of_one_name_would_be_taken_for_each_other() -> None:
    account = GOOD.split("[[mail.in]]")[1].split("[[mail.rule]]")[0]
    with pytest.raises(BadConfiguration, match="two accounts are named 'main'"):
        read(GOOD.replace("[[mail.rule]]", f"[[mail.in]]{account}[[mail.rule]]"))


def test_a_reply_address_has_room_for_the_ticket() -> None:
    with_replies = GOOD.replace("[mail]\n", "[mail]\nreply_addresses = true\n")
    longest = "h" * 35
    assert read(with_replies.replace("Help@", f"{longest}@")).mail.reply_addresses
    made = reply_address(f"{longest}@aksai.example", 9_999_999_999, b"secret")
    assert len(made.partition("@")[0]) == 64
    for address in (f'"{longest}h@aksai.example"', '"help+desk@aksai.example"'):
        with pytest.raises(BadConfiguration) as refusal:
            read(with_replies.replace('"Help@aksai.example"', address))
        assert str(refusal.value).startswith("desk.toml: mail: reply_addresses: takes a mail.addr")
        assert "\n" not in str(refusal.value)
