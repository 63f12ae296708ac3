"""Messages that go out: whatever names and subjects say, no header is made but ours."""

import os
import tracemalloc
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.errors import InvalidInput
from helpdesk.mail.composing import File, Outgoing, compose
from helpdesk.mail.flowed import unflow
from helpdesk.mail.flowing import flow
from helpdesk.mail.parsing import read
from helpdesk.mail.subjects import subject_of
from helpdesk.text import clean, clean_line, width

DATE = datetime(2026, 11, 25, 8, 3, tzinfo=UTC)
OURS = {
    "From", "To", "Subject", "Date", "Message-ID", "X-Helpdesk-Message-ID", "In-Reply-To",
    "References", "MIME-Version",
    "Content-Type", "Content-Transfer-Encoding", "Auto-Submitted", "X-Auto-Response-Suppress",
}  # fmt: skip

outside = st.text(max_size=200).map(clean_line)
hostile = st.one_of(
    outside,
    st.sampled_from(
        [
            "=?utf-8?q?=0D=0ABcc:_evil@example.org?=",
            "=?utf-8?b?DQpCY2M6IGV2aWxAZXhhbXBsZS5vcmc=?=",
            'Anna" <evil@example.org>, "',
            "a, b; c: d <e@f.example>",
            "word" * 400,
            "Айжан Осмонова " * 20,
            "\\",
            '"',
            "முருகன்",
        ]
    ),
)


def message(**facts: object) -> Outgoing:
    given_facts = {
        "from_email": "help@aksai.example",
        "from_name": "Aksai Telecom",
        "to_email": "asel@people.example",
        "to_name": "Asel Toktogulova",
        "subject": "Re: No dial tone [#12]",
        "date": DATE,
        "message_id": "t12.m2.abc@aksai.example",
        "text": "Dear Asel,\n\nwe are on it.\n",
    }
    return Outgoing(**{**given_facts, **facts})  # type: ignore[arg-type]


def decoded(built: bytes, name: str) -> str:
    parsed = message_from_bytes(built, policy=policy.compat32)
    return " ".join(str(make_header(decode_header(parsed[name]))).split())


def test_an_answer_carries_what_a_mail_program_needs_to_thread_it() -> None:
    built = compose(message(in_reply_to="a@x.example", references=("r@x.example", "a@x.example")))
    letter = read(built)
    assert letter.message_id == "t12.m2.abc@aksai.example"
    assert letter.in_reply_to == "a@x.example"
    assert letter.references == ("r@x.example", "a@x.example")
    assert letter.subject == "Re: No dial tone [#12]"
    assert letter.from_email == "help@aksai.example"
    assert letter.from_name == "Aksai Telecom"
    assert b"Auto-Submitted" not in built
    assert message().envelope_from == "help@aksai.example"


def test_an_acknowledgement_is_marked_so_that_no_program_answers_it() -> None:
    automatic = message(automatic=True)
    assert b"Auto-Submitted: auto-replied\r\n" in compose(automatic)
    assert automatic.envelope_from == ""


@given(to=hostile, us=hostile, subject=hostile)
def test_no_name_or_subject_becomes_a_header(to: str, us: str, subject: str) -> None:
    built = compose(message(to_name=to, from_name=us, subject=subject))
    parsed = message_from_bytes(built, policy=policy.compat32)
    assert len(parsed.keys()) == len(set(parsed.keys()))
    assert set(parsed.keys()) <= OURS
    assert decoded(built, "Subject") == " ".join(subject.split())
    assert all(len(line) <= 998 for line in built.split(b"\r\n"))
    assert b"\n" not in built.replace(b"\r\n", b"")
    letter = read(built)
    assert [address.email for address in letter.to] == ["asel@people.example"]
    assert letter.from_email == "help@aksai.example"


@pytest.mark.parametrize("field", ["to_name", "from_name", "subject", "to_email", "message_id"])
@pytest.mark.parametrize("bad", ["\r\nBcc: evil@example.org", "\n x", "\x00", "\u2028", "\x85"])
def test_a_control_character_is_refused(field: str, bad: str) -> None:
    with pytest.raises(InvalidInput):
        compose(message(**{field: f"a{bad}@x.example"}))


@pytest.mark.parametrize("bad", ["a b@x", "<a@x>", "a>\r\n", ""])
def test_what_is_no_id_is_refused(bad: str) -> None:
    with pytest.raises(InvalidInput):
        compose(message(references=(bad,)))


def test_many_references_keep_the_first_and_the_last() -> None:
    ids = tuple(f"{number}@x.example" for number in range(100))
    kept = read(compose(message(references=ids))).references
    assert len(kept) == 30
    assert (kept[0], kept[-1]) == (ids[0], ids[-1])


def test_a_domain_in_other_letters_is_written_as_servers_take_it() -> None:
    assert message(to_email="asel@почта.example").envelope_to == "asel@xn--80a1acny.example"


def test_an_address_in_other_letters_is_written_as_it_is() -> None:
    there = message(to_email="асель@почта.example", to_name="Асель")
    assert there.envelope_to == "асель@xn--80a1acny.example"
    built = compose(there)
    assert "<асель@xn--80a1acny.example>\r\n".encode() in built
    assert [each.email for each in read(built).to] == ["асель@xn--80a1acny.example"]


@pytest.mark.parametrize("local", ["а б", "а\u202eб", "а\u200bб", "а,б", '"а', "а.", "а" * 40])
def test_an_address_of_which_servers_could_make_another_is_refused(local: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be written to"):
        compose(message(to_email=f"{local}@people.example"))


@pytest.mark.parametrize(
    ("subject", "reply", "told"),
    [
        ("No dial tone", True, "Re: No dial tone [#12]"),
        ("RE: Re: AW: No dial tone [#12]", True, "Re: No dial tone [#12]"),
        ("No dial tone", False, "No dial tone [#12]"),
        ("", True, "Re: [#12]"),
        ("Reactor [#13] leaks", True, "Re: Reactor [#13] leaks [#12]"),
    ],
)
def test_the_subject_has_one_re_and_one_tag(subject: str, reply: bool, told: str) -> None:
    assert subject_of(subject, 12, reply=reply) == told


@given(text=st.text(max_size=2000))
def test_the_text_arrives_as_it_was_written(text: str) -> None:
    text = "\n".join(line.rstrip(" ") for line in clean(text).split("\n")).strip("\n")
    assert unflow(flow(text)).strip("\n") == text


def test_lines_are_short_and_long_words_whole() -> None:
    link = "https://aksai.example/" + "a" * 200
    lines = flow(f"{'word ' * 100}\n{link} and more\n").split("\n")
    assert link + " " in lines
    assert all(width(line) <= 76 for line in lines if link not in line)
    assert all(line.endswith(" ") for line in lines[:5])


@pytest.mark.parametrize(
    "text", ["From here on", "> quoted", "  indented", "-- \nAigul", "ааа " * 90]
)
def test_lines_that_mean_something_to_mail_programs_stay_as_they_are(text: str) -> None:
    assert unflow(flow(text)).strip("\n").rstrip() == text.rstrip()


@pytest.mark.parametrize("text", ["Кут болсун! " * 30, "வணக்கம் " * 30, "你好" * 200, "a" * 3000])
def test_any_script_arrives(text: str) -> None:
    built = compose(message(text=text))
    assert built.isascii()
    assert all(len(line) <= 998 for line in built.split(b"\r\n"))
    assert (read(built).text or "").strip() == text.strip()


def test_files_go_along() -> None:
    files = (
        File("отчёт за ноябрь.pdf", "application/pdf", b"%PDF\r\n\x00\xff" * 100),
        File("mail.eml", "message/rfc822", b"Bcc: evil@example.org\r\n\r\n"),
        File("odd", 'text/html; name="x', b"<p>"),
    )
    letter = read(compose(message(files=files)))
    found = [(each.name, each.type, b"".join(each.chunks())) for each in letter.attachments]
    assert found[0] == (files[0].name, "application/pdf", files[0].data)
    assert [each[2] for each in found] == [file.data for file in files]
    assert {each[1] for each in found[1:]} == {"application/octet-stream"}
    assert "we are on it" in letter.text


def test_a_plain_name_of_a_file_is_stated_in_the_form_that_every_program_knows() -> None:
    built = compose(message(files=(File("bill (2).pdf", "application/pdf", b"x"),)))
    assert b'Content-Disposition: attachment; filename="bill (2).pdf"' in built
    built = compose(message(files=(File('a"b.pdf', "application/pdf", b"x"),)))
    assert b"filename*=utf-8''a%22b.pdf" in built


@given(name=hostile)
def test_a_files_name_becomes_no_header(name: str) -> None:
    built = compose(message(files=(File(name, "text/plain", b"x"),)))
    parts = list(message_from_bytes(built, policy=policy.compat32).walk())
    assert parts[2].keys() == ["Content-Type", "Content-Disposition", "Content-Transfer-Encoding"]


def test_files_of_any_size_go_along_each_in_its_place() -> None:
    files = tuple(File(f"{n}.bin", "", bytes([n]) * size) for n, size in enumerate((0, 1, 400_000)))
    built = compose(message(files=files))
    found = [b"".join(each.chunks()) for each in read(built).attachments]
    assert found == [file.data for file in files]
    assert b"\n" not in built.replace(b"\r\n", b"")
    assert max(map(len, built.split(b"\r\n"))) <= 998


def test_a_large_file_is_not_copied_again_and_again() -> None:
    large = File("large.bin", "application/octet-stream", os.urandom(4_000_000))
    tracemalloc.start()
    compose(message(files=(large,)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3.5 * len(large.data)  # twice as base64, which is a third longer
