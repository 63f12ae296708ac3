"""A matter's life at the command line: it comes in, is promised, answered, and ends."""

import json
from datetime import datetime, timedelta

import pytest

from helpdesk import clock
from helpdesk.desk.desk import open_desk
from tests.commands.conftest import Shell, new
from tests.conftest import MONDAY

pytestmark = pytest.mark.usefixtures("on_monday")


def outcomes(shell: Shell, ticket: int = 1) -> list[str]:
    return [
        p["outcome"] for p in shell.ok("show", str(ticket), "--json").object["ticket"]["promises"]
    ]


def test_a_new_matter_says_by_when_the_customer_was_promised_an_answer(shell: Shell) -> None:
    said = shell.ok(
        "new", "--customer", "aigul@example.com", "--name", "Aigul Toktogulova",
        "--kind", "complaint", "--channel", "email", "--subject", "The tent leaks",
        "--body", "It rained on us.",
    )  # fmt: skip
    assert said.out == "Ticket 1: promised by Mon 2 Mar 2026 15:00 (in 5 h)\n"


def test_the_date_that_a_caller_was_told_is_promised_and_not_that_of_the_policy(
    shell: Shell,
) -> None:
    matter = (
        "new", "--customer", "aigul@example.com", "--kind", "complaint", "--channel", "phone",
        "--subject", "The tent leaks", "--body", "It rained on us.", "--promise",
    )  # fmt: skip
    assert shell.ok(*matter, "fri 14:00").out == (
        "Ticket 1: promised by Fri 6 Mar 2026 14:00 (in 4 days)\n"
    )
    assert outcomes(shell) == ["open"]
    assert "when the desk is closed" in shell(*matter, "sat 14:00").err
    for unread in ("yesterday", ""):  # a script whose variable is empty means no policy
        assert "cannot be read as a time" in shell.fails(65, *matter, unread)
    answer = ("reply", "1", "--body", "It is on its way.", "--promise", "")
    assert "cannot be read as a time" in shell.fails(65, *answer)


def test_a_date_that_was_told_is_promised_where_policy_has_none(shell: Shell) -> None:
    settings = shell.desk / "desk.toml"
    told, _ = settings.read_text("utf-8").split("[[promise]]", 1)
    settings.write_text(f'{told}[[promise]]\nchannel = "phone"\nwithin = "same day"\n', "utf-8")
    matter = (
        "new", "--customer", "aigul@example.com", "--kind", "request", "--channel", "letter",
        "--subject", "The tent leaks", "--body", "It rained on us.",
    )  # fmt: skip
    shell.fails(78, *matter)
    assert "promised by Fri 6 Mar 2026 14:00" in shell.ok(*matter, "--promise", "fri 14:00").out


def test_the_keys_of_a_shown_ticket_are_those_that_scripts_rely_on(shell: Shell) -> None:
    shown = new(shell).object
    assert shown == shell.ok("show", "1", "--json").object
    ticket, customer = shown["ticket"], shown["customer"]
    assert {
        "id", "external_id", "kind", "state", "channel", "priority", "subject", "customer",
        "assignee", "tags", "created", "updated", "messages", "promises", "history",
    } <= ticket.keys()  # fmt: skip
    first, acknowledgement = ticket["messages"]
    assert {
        "id", "direction", "at", "author", "channel", "text", "visible_text", "attachments",
    } <= first.keys()  # fmt: skip
    assert (first["direction"], first["author"]) == ("in", "Aigul Toktogulova")
    assert first["text"] == first["visible_text"] == "It rained on us."
    assert first["at"] == "2026-03-02T10:00:00+06:00"
    assert acknowledgement["direction"] == "out"
    (promise,) = ticket["promises"]
    assert list(promise)[:9] == [
        "id", "due", "told_at", "told_by", "told_in", "rule", "outcome", "settled_at", "reason",
    ]  # fmt: skip
    assert promise["due"] == "2026-03-02T15:00:00+06:00"
    assert promise["rule"] == "complaint: 4 working hours"
    assert (promise["told_by"], promise["told_in"], promise["outcome"]) == ("aibek", 2, "open")
    assert promise["settled_at"] is None
    assert customer["name"] == "Aigul Toktogulova"
    assert customer["emails"][0]["address"] == "aigul@example.com"
    assert (ticket["customer"], customer["id"]) == (1, 1)


def test_a_promise_past_its_time_is_shown_broken_before_anybody_settled_it(shell: Shell) -> None:
    new(shell)
    with clock.hold(MONDAY + timedelta(hours=5)):
        assert outcomes(shell) == ["open"]
    with clock.hold(MONDAY + timedelta(hours=5, seconds=1)):
        assert outcomes(shell) == ["broken"]
        assert "promised by Mon 2 Mar 2026 15:00 (under 1 min late)" in shell.ok("show", "1").out


def test_a_customer_who_is_known_is_not_made_again(shell: Shell) -> None:
    new(shell)
    again = new(shell, customer="AIGUL@example.com").object
    by_number = new(shell, customer="1").object
    assert again["customer"]["id"] == by_number["customer"]["id"] == 1


def test_a_caller_without_an_address_gets_a_profile_by_phone(shell: Shell) -> None:
    first = new(shell, customer="+996 555 123 456").object["customer"]
    assert first["phones"][0]["number"] == "+996 555 123 456"
    assert new(shell, customer="+996 555 123 456").object["customer"]["id"] == first["id"]
    assert shell("new", "--customer", "+996 700 000 000", "--kind", "request", "--channel",
                 "phone", "--subject", "x", "--body", "y").code == 66  # fmt: skip


@pytest.mark.parametrize("written", ["in person", "in-person", "IN_PERSON"])
def test_a_channel_may_be_written_in_several_ways(shell: Shell, written: str) -> None:
    assert new(shell, "--channel", written).object["ticket"]["channel"] == "in_person"


def test_a_matter_may_have_come_in_before_it_is_noted(shell: Shell) -> None:
    made = new(shell, "--received", "2026-03-02 09:30", "--tag", "VIP", "--assign", "me",
               "--priority", "high").object["ticket"]  # fmt: skip
    assert made["created"] == made["messages"][0]["at"] == "2026-03-02T09:30:00+06:00"
    assert (made["tags"], made["assignee"], made["priority"]) == (["vip"], "aibek", "high")


@pytest.mark.parametrize(("received", "late"), [("2026-03-02 09:30", False), ("2026-02-02", True)])
def test_what_came_earlier_is_promised_as_due_says_unless_that_has_gone_by(
    shell: Shell, received: str, late: bool
) -> None:
    received += "" if " " in received else " 10:00"
    said = shell(
        "new", "--customer", "a@b.kg", "--kind", "complaint", "--channel", "email",
        "--subject", "The tent", "--body", "It leaks", "--received", received, "--json",
    )  # fmt: skip
    since = "2026-03-02 10:00" if late else received
    due = shell.ok(
        "due", "--received", since, "--kind", "complaint", "--channel", "email", "--json"
    )
    assert said.object["ticket"]["promises"][0]["due"] == due.object["due"]
    assert ("promised by policy from now on" in said.err) == late
    assert said.err.count("\n") == late


def test_a_reply_in_time_keeps_the_promise(shell: Shell) -> None:
    new(shell)
    said = shell.ok("reply", "1", "--body", "We send a new one.")
    assert said.out == "Ticket 1: answered, promise kept; waiting on customer\n"
    assert outcomes(shell) == ["kept"]


def test_a_late_reply_breaks_it_and_begins_with_the_apology(shell: Shell) -> None:
    new(shell)
    with clock.hold(MONDAY + timedelta(hours=7, minutes=5)):
        said = shell.ok("reply", "1", "--body", "We send a new one.")
    assert said.out == (
        "Ticket 1: answered, promise broken (2 h 5 min late); waiting on customer\n"
    )
    text = shell.ok("show", "1", "--json").object["ticket"]["messages"][-1]["text"]
    assert text.startswith("We promised you an answer by")
    assert text.endswith("We send a new one.")


def test_an_agent_who_owns_the_delay_in_own_words_is_taken_at_them(shell: Shell) -> None:
    new(shell)
    with clock.hold(MONDAY + timedelta(hours=7)):
        shown = shell.ok("reply", "1", "--owns-delay", "--body", "I forgot. Sorry.", "--json")
    assert shown.object["ticket"]["messages"][-1]["text"] == "I forgot. Sorry."


def test_a_reply_may_greet_and_sign_as_a_letter(shell: Shell) -> None:
    new(shell)
    shown = shell.ok("reply", "1", "--greet", "--body", "We send a new one.", "--json").object
    text = shown["ticket"]["messages"][-1]["text"]
    assert text.startswith("Dear Aigul Toktogulova,\n\nWe send a new one.\n\n")
    assert text.endswith("Ak-Sai Outfitters")


def test_a_last_letter_may_greet_and_ask_whether_it_is_solved(shell: Shell) -> None:
    new(shell)
    shown = shell.ok("close", "1", "--greet", "--body", "It is sent.", "--json").object
    said = shown["ticket"]["messages"][-1]["text"]
    assert said.startswith("Dear Aigul Toktogulova,\n\nIt is sent.\n\nWe have closed matter 1.")
    assert said.index("Is it solved for you?") < said.index("Ak-Sai Outfitters")
    shell.ok("new", "--customer", "1", "--kind", "feedback", "--channel", "email",
             "--subject", "Well done", "--body", "Thanks!")  # fmt: skip
    refused = shell.fails(65, "close", "2", "--greet", "--no-answer-needed", "a thank-you")
    assert "--greet goes with --body" in refused
    shell.fails(65, "close", "2", "--greet", "--body", " ")
    shown = shell.ok("close", "2", "--greet", "--body", "We are glad.", "--json").object
    assert "solved" not in shown["ticket"]["messages"][-1]["text"]


def test_a_late_letter_owns_the_delay_after_the_greeting_and_once(shell: Shell) -> None:
    new(shell)
    with clock.hold(MONDAY + timedelta(hours=7)):
        shown = shell.ok("reply", "1", "--greet", "--body", "We send a new one.", "--json").object
    text = shown["ticket"]["messages"][-1]["text"]
    assert text.startswith("Dear Aigul Toktogulova,\n\nWe promised you an answer by")
    assert text.count("We promised you") == 1


def test_a_reply_may_promise_the_next_answer_or_end_the_matter(shell: Shell) -> None:
    new(shell)
    said = shell.ok("reply", "1", "--body", "We look.", "--promise", "tomorrow", "--reason", "lab")
    assert said.out == (
        "Ticket 1: answered, promise kept; promised by Tue 3 Mar 2026 18:00 (in 1 day 8 h)\n"
    )
    said = shell.ok("reply", "1", "--body", "Done.", "--close", "--channel", "phone")
    assert said.out == "Ticket 1: answered, promise kept; closed\n"
    assert outcomes(shell) == ["kept", "kept"]


def test_a_next_answer_is_promised_with_the_reason_and_told_in_the_letter(shell: Shell) -> None:
    new(shell)
    told = shell.fails(65, "reply", "1", "--body", "x", "--reason", "lab")
    assert "goes with --promise" in told
    shown = shell.ok("reply", "1", "--greet", "--body", "We look.", "--promise", "tomorrow",
                     "--reason", "the lab is shut", "--json").object  # fmt: skip
    text = shown["ticket"]["messages"][-1]["text"]
    assert text.index("Dear") < text.index("We look.") < text.index("the lab is shut")
    assert text.index("the lab is shut") < text.index("March 3, 2026, 18:00") < text.index("Kind")
    assert text.count("the lab is shut") == 1


def test_a_body_comes_from_standard_input_at_a_dash(shell: Shell) -> None:
    new(shell)
    shell.ok("reply", "1", "--body", "-", typed="Жооп\n\nэки сап\n".encode())
    shell.ok("note", "1", "--body", "-", typed="half \ufffd a letter\x1b[2J\n".encode())
    *_, answer, note = shell.ok("show", "1", "--json").object["ticket"]["messages"]
    assert answer["text"] == "Жооп\n\nэки сап"
    assert (note["text"], note["direction"]) == ("half \ufffd a letter[2J", "note")


def test_a_body_may_be_long_but_not_endless(shell: Shell) -> None:
    new(shell)
    shell.ok("note", "1", "--body", "-", typed=("ө" * 1_000_000).encode())
    for text in ("x" * 1_000_001, "ө" * 1_000_001, "\U0001f3d4" * 1_000_001):
        assert "1,000,000" in shell.fails(65, "note", "1", "--body", "-", typed=text.encode())
    assert "empty" in shell.fails(65, "reply", "1", "--body", " \n")
    assert "empty" in shell.fails(65, "reply", "1", "--body", "-")
    assert outcomes(shell) == ["open"]


def test_a_promise_is_moved_by_telling_the_customer_why(shell: Shell) -> None:
    new(shell)
    said = shell.ok("promise", "1", "--due", "+6h", "--reason", "the workshop is closed")
    assert said.out == ("Ticket 1: promise moved; promised by Mon 2 Mar 2026 17:00 (in 7 h)\n")
    ticket = shell.ok("show", "1", "--json").object["ticket"]
    assert "the workshop is closed" in ticket["messages"][-1]["text"]
    old, moved = ticket["promises"]
    assert (old["outcome"], old["reason"]) == ("moved", "the workshop is closed")
    assert (moved["due"], moved["told_in"]) == ("2026-03-02T17:00:00+06:00", 3)


@pytest.mark.parametrize(
    ("when", "due"),
    [
        ("+2h", "2026-03-02T12:00:00+06:00"),
        ("today 17:00", "2026-03-02T17:00:00+06:00"),
        ("tomorrow", "2026-03-03T18:00:00+06:00"),
        ("fri 14:00", "2026-03-06T14:00:00+06:00"),
        ("eod", "2026-03-02T18:00:00+06:00"),
        ("2026-03-04 09:30", "2026-03-04T09:30:00+06:00"),
        ("2026-03-04T09:30:00+00:00", "2026-03-04T15:30:00+06:00"),
    ],
)
def test_when_is_typed_shortly(shell: Shell, when: str, due: str) -> None:
    new(shell)
    shown = shell.ok("promise", "1", "--due", when, "--reason", "parts", "--json").object
    assert shown["ticket"]["promises"][-1]["due"] == due


@pytest.mark.parametrize(
    ("when", "closed"),
    [
        ("sun 14:00", True),
        ("tue 13:30", True),
        ("tue 08:59", True),
        ("tue 18:01", True),
        ("tue 09:00", False),
        ("tue 13:00", False),
        ("tue 18:00", False),
        ("eod", False),
        ("+2h", False),
    ],
)
def test_a_promise_by_a_time_at_which_nobody_works_is_made_and_said(
    shell: Shell, when: str, closed: bool
) -> None:
    new(shell)
    new(shell)
    for words in (
        ("promise", "1", "--due", when, "--reason", "the workshop"),
        ("reply", "2", "--body", "It is in the workshop.", "--promise", when),
    ):
        said = shell(*words)
        assert said.code == 0
        assert said.out.startswith(f"Ticket {words[1]}: ")
        assert said.err.count("\n") == closed
        assert ("when the desk is closed" in said.err) is closed
    assert outcomes(shell) == ["moved", "open"]


def test_a_time_that_cannot_be_read_is_refused_with_examples(shell: Shell) -> None:
    new(shell)
    complaint = shell.fails(65, "promise", "1", "--due", "soonish", "--reason", "parts")
    assert "'fri 14:00'" in complaint
    assert "future" in shell.fails(65, "promise", "1", "--due", "09:00", "--reason", "parts")
    assert outcomes(shell) == ["open"]


def test_a_thank_you_needs_no_answer(shell: Shell) -> None:
    new(shell)
    said = shell.ok("no-answer-needed", "1", "--reason", "a thank-you")
    assert said.out == "Ticket 1: no answer needed; waiting on customer\n"
    assert outcomes(shell) == ["withdrawn"]


def test_a_matter_ends_only_when_the_customer_is_answered(shell: Shell) -> None:
    new(shell)
    assert "waits on us" in shell.fails(65, "close", "1")
    said = shell.ok("close", "1", "--body", "A new tent is on its way.", "--resolution", "replaced",
                    "--root-cause", "a seam")  # fmt: skip
    assert said.out == "Ticket 1: promise kept; closed\n"
    ticket = shell.ok("show", "1", "--json").object["ticket"]
    assert (ticket["resolution"], ticket["root_cause"]) == ("replaced", "a seam")
    assert "closed already" in shell.fails(65, "close", "1")


def test_or_when_somebody_says_why_no_answer_is_needed(shell: Shell) -> None:
    new(shell)
    assert shell.ok("close", "1", "--no-answer-needed", "spam").out == "Ticket 1: closed\n"
    assert outcomes(shell) == ["withdrawn"]


def test_a_closed_matter_comes_back_by_the_customer_or_by_an_agent(shell: Shell) -> None:
    new(shell)
    shell.ok("close", "1", "--no-answer-needed", "spam")
    assert shell.ok("incoming", "1", "--body", "It is no spam!").out == (
        "Ticket 1: customer wrote; promised by Mon 2 Mar 2026 15:00 (in 5 h)\n"
    )
    shell.ok("close", "1", "--no-answer-needed", "solved")
    assert shell.ok("reopen", "1").out == (
        "Ticket 1: reopened; promised by Mon 2 Mar 2026 15:00 (in 5 h)\n"
    )
    assert outcomes(shell) == ["withdrawn", "withdrawn", "open"]


def test_a_further_message_never_changes_a_promise_that_stands(shell: Shell) -> None:
    new(shell)
    with clock.hold(MONDAY + timedelta(hours=2)):
        shell.ok("incoming", "1", "--body", "And the poles are bent.", "--channel", "phone")
    ticket = shell.ok("show", "1", "--json").object["ticket"]
    assert [p["due"] for p in ticket["promises"]] == ["2026-03-02T15:00:00+06:00"]
    assert ticket["messages"][-1]["channel"] == "phone"


def test_tickets_are_assigned_tagged_and_described(shell: Shell) -> None:
    new(shell)
    assert shell.ok("assign", "1", "me").out.startswith("Ticket 1: assigned to aibek; promised")
    assert shell.ok("assign", "1", "bermet").out.startswith("Ticket 1: assigned to bermet;")
    assert shell.ok("assign", "1", "none").out.startswith("Ticket 1: assigned to nobody;")
    assert "login" in shell.fails(65, "assign", "1", "no such name!")
    new(shell)
    shell.ok("close", "2", "--no-answer-needed", "a thank-you")
    assert "ticket 2 is closed: reopen it first" in shell.fails(65, "assign", "2", "me")
    shell.ok("tag", "1", "tents", "Spring Sale")
    assert shell.ok("tag", "1", "--remove", "tents").out.startswith("Ticket 1: tags: spring-sale;")
    shell.ok("set", "1", "--priority", "urgent", "--kind", "request", "--subject", "Wet tent")
    shell.ok("understand", "1", "--body", "Water comes through the seam.")
    shell.ok("understand", "1", "--confirmed")
    shell.ok("cause", "1", "--root-cause", "The seam was not sealed.")
    ticket = shell.ok("show", "1", "--json").object["ticket"]
    assert (ticket["priority"], ticket["kind"], ticket["subject"]) == (
        "urgent",
        "request",
        "Wet tent",
    )
    assert ticket["understanding"]["text"] == "Water comes through the seam."
    assert ticket["understanding"]["confirmed"] is True
    assert ticket["root_cause"] == "The seam was not sealed."
    assert outcomes(shell) == ["open"]
    for command in ("set", "understand", "cause"):
        shell.fails(65, command, "1")


def test_of_two_merged_tickets_the_earliest_promise_holds(shell: Shell) -> None:
    new(shell)
    with clock.hold(MONDAY + timedelta(hours=1)):
        new(shell, customer="1")
        said = shell.ok("merge", "1", "2")
    assert said.out == (
        "Ticket 2: ticket 1 merged into it; promised by Mon 2 Mar 2026 15:00 (in 4 h)\n"
    )
    assert shell.ok("show", "1", "--json").object["ticket"]["state"] == "closed"
    assert "ticket 2" in shell.fails(65, "reopen", "1")
    told = [text for text in shell.ok("show", "2").lines if " from the customer" in text]
    assert [text.partition(".")[0] for text in told] == ["3", "1"]
    assert "itself" in shell.fails(65, "merge", "2", "2")


def test_tickets_are_tied_together(shell: Shell) -> None:
    new(shell)
    new(shell)
    shell.ok("link", "1", "2")
    assert "related to 1" in shell.ok("show", "2").out
    assert "itself" in shell.fails(65, "link", "1", "1")


def test_a_ticket_that_does_not_exist_is_named(shell: Shell) -> None:
    for words in (("show", "9"), ("reply", "9", "--body", "x"), ("assign", "9", "me"),
                  ("close", "9"), ("merge", "9", "8"), ("reply", "9", "--greet", "--body", "x"),
                  ("promise", "9", "--due", "+2h", "--reason", "x")):  # fmt: skip
        assert "9" in shell.fails(66, *words)


@pytest.mark.parametrize("number", ["0", "x", "1.5", "-1", "١", "9" * 16, "#"])
def test_a_ticket_is_named_by_its_number(shell: Shell, number: str) -> None:
    assert "number" in shell.fails(64, "show", "--", number)


def test_a_ticket_is_shown_to_be_read(shell: Shell) -> None:
    new(shell, "--tag", "vip")
    shell.ok("note", "1", "--body", "She called before.\nTwice.")
    with clock.hold(MONDAY + timedelta(hours=1)):
        shell.ok("promise", "1", "--due", "tomorrow", "--reason", "parts")
        said = shell.ok("show", "1", "--history")
    assert said.lines[:6] == [
        "Ticket 1: The tent leaks",
        "complaint by email; promised by Tue 3 Mar 2026 18:00 (in 1 day 7 h)",
        "Customer: 1 Aigul Toktogulova, aigul@example.com",
        "Assigned to: nobody",
        "Tags: vip",
        "Promise 1: by Mon 2 Mar 2026 15:00: moved (told Mon 2 Mar 2026 10:00 by aibek, "
        "complaint: 4 working hours); parts",
    ]
    assert "1. Mon 2 Mar 2026 10:00, from the customer, email: Aigul Toktogulova" in said.lines
    assert "    It rained on us." in said.lines
    assert "    Twice." in said.lines
    assert "Mon 2 Mar 2026 11:00 aibek told another date: parts" in said.lines


def test_files_that_came_along_are_named(shell: Shell) -> None:
    new(shell)
    path = next(shell.desk.glob("tickets/**/*.json"))
    file = '{"name": "tent.png", "type": "image/png", "bytes": 12345, "sha256": "ab"}'
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"attachments": []', f'"attachments": [{file}]', 1))
    assert "    attached: tent.png (image/png, 12,345 bytes)" in shell.ok("show", "1").lines
    shown = shell.ok("show", "1", "--json").object["ticket"]["messages"][0]["attachments"]
    assert [attachment["name"] for attachment in shown] == ["tent.png"]


def test_customers_words_never_pose_as_the_programs(shell: Shell) -> None:
    shell.ok("new", "--customer", "a@example.com", "--kind", "request", "--channel", "web",
             "--subject", "x", "--body", "hello\nPromise 2: by never: kept")  # fmt: skip
    assert "    Promise 2: by never: kept" in shell.ok("show", "1").lines


def test_times_of_objects_carry_the_desks_offset(shell: Shell) -> None:
    text = json.dumps(new(shell).object)
    for key in ("created", "at", "due", "told_at"):
        moment = text.partition(f'"{key}": "')[2].partition('"')[0]
        assert datetime.fromisoformat(moment).utcoffset() == timedelta(hours=6)


def test_what_an_agent_does_is_done_under_the_login_name(shell: Shell) -> None:
    new(shell)
    with open_desk(shell.desk) as desk:
        assert desk.store.ticket(1).history[-1].by == "aibek"
