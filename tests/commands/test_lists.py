"""`queue`, `search`, `promises` and `due`: what is listed, and in which order."""

from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk import clock
from helpdesk.desk.desk import open_desk
from helpdesk.domain.presence import Doing
from tests.commands.conftest import Shell, new
from tests.conftest import DESK_TOML, MONDAY

QUEUE_KEYS = [
    "id", "kind", "state", "channel", "priority", "subject", "customer", "assignee", "due",
    "overdue", "tags", "created", "updated", "undelivered",
]  # fmt: skip
LEDGER_KEYS = [
    "ticket", "external_id", "customer", "due", "told_at", "told_by", "outcome", "settled_at",
    "reason",
]  # fmt: skip
DUE = ("due", "--received", "2026-03-02 10:00", "--channel", "email", "--kind", "complaint")

pytestmark = pytest.mark.usefixtures("on_monday")


@pytest.fixture
def four(shell: Shell) -> Shell:
    """Four tickets: 1 due at 15:00, 2 due at 18:00, 3 waits on the customer, 4 is closed."""
    new(shell, "--assign", "me")
    new(shell, "--kind", "request", "--subject", "A red rope")
    new(shell, "--subject", "Lost parcel")
    shell.ok("reply", "3", "--body", "It is on its way.")
    new(shell, "--subject", "Thanks")
    shell.ok("close", "4", "--no-answer-needed", "a thank-you")
    return shell


def ids(shell: Shell, *words: str) -> list[int]:
    return [row["id"] for row in shell.ok("queue", "--json", *words).objects]


def test_the_queue_has_one_object_a_ticket_with_the_keys_that_scripts_rely_on(four: Shell) -> None:
    row, *_ = four.ok("queue", "--json").objects
    assert list(row) == QUEUE_KEYS
    assert row == {
        "id": 1,
        "kind": "complaint",
        "state": "on_us",
        "channel": "email",
        "priority": "normal",
        "subject": "The tent leaks",
        "customer": {"id": 1, "name": "Aigul Toktogulova"},
        "assignee": "aibek",
        "due": "2026-03-02T15:00:00+06:00",
        "overdue": False,
        "tags": [],
        "created": "2026-03-02T10:00:00+06:00",
        "updated": "2026-03-02T10:00:00+06:00",
        "undelivered": False,
    }


def test_what_is_due_first_stands_first_and_what_waits_on_nobody_last(four: Shell) -> None:
    assert ids(four) == [1, 2, 3, 4]
    assert [row["state"] for row in four.ok("queue", "--json").objects] == [
        "on_us", "on_us", "on_customer", "closed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("--view", "overdue"), []),
        (("--view", "today"), [1, 2]),
        (("--view", "mine"), [1]),
        (("--view", "unassigned"), [2, 3]),
        (("--view", "on-us"), [1, 2]),
        (("--view", "on-customer"), [3]),
        (("--view", "closed"), [4]),
        (("--view", "all"), [1, 2, 3, 4]),
        (("kind:request",), [2]),
        (("--view", "on-us", "rope"), [2]),
        (("is:open", "parcel"), [3]),
        (("--", "-is:closed", "-is:mine"), [2, 3]),
        (("--limit", "2"), [1, 2]),
        (("from:Aigul kind:request",), [2]),
    ],
)
def test_views_and_queries_narrow_the_queue_down(
    four: Shell, words: tuple[str, ...], found: list[int]
) -> None:
    assert ids(four, *words) == found


def test_a_promise_past_its_time_is_overdue(four: Shell) -> None:
    with clock.hold(MONDAY + timedelta(hours=5)):
        assert ids(four, "--view", "overdue") == []
    with clock.hold(MONDAY + timedelta(hours=5, seconds=1)):
        assert ids(four, "--view", "overdue") == [1]
        assert [row["overdue"] for row in four.ok("queue", "--json").objects][:2] == [True, False]


def test_the_plain_queue_is_aligned_and_says_how_long_is_left(four: Shell) -> None:
    with clock.hold(MONDAY + timedelta(hours=7, minutes=5)):
        assert four.ok("queue").lines == [
            "1  15:00  2 h 5 min late       email complaint  aibek  "
            "Aigul Toktogulova: The tent leaks",
            "2  18:00  in 55 min            email request    -      Aigul Toktogulova: A red rope",
            "3         waiting on customer  email complaint  -      Aigul Toktogulova: Lost parcel",
            "4         closed               email complaint  -      Aigul Toktogulova: Thanks",
        ]


def test_more_rows_than_a_page_are_listed_once_each(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk.commands.queue._PAGE", 2)
    for _ in range(5):
        new(shell)
    assert sorted(ids(shell)) == [1, 2, 3, 4, 5]
    assert ids(shell, "--limit", "3") == ids(shell)[:3]
    assert len(shell.ok("queue").lines) == 5


def test_an_empty_desk_has_an_empty_queue(shell: Shell) -> None:
    for command in ("queue", "promises"):
        assert shell.ok(command).out == ""
        assert shell.ok(command, "--json").out == ""


def test_a_query_that_cannot_be_read_says_what_could_stand_there(shell: Shell) -> None:
    assert "request, complaint" in shell.fails(65, "queue", "kind:rant")
    assert "unknown field" in shell.fails(65, "queue", "colour:red")
    assert "overdue" in shell.fails(64, "queue", "--view", "lost")
    shell.fails(64, "queue", "--limit", "0")


def test_tickets_are_found_by_what_was_written_in_them(four: Shell) -> None:
    (hit,) = four.ok("search", "way", "--json").objects
    assert list(hit) == [*QUEUE_KEYS, "match"]
    assert hit["id"] == 3
    assert "way" in hit["match"]
    assert "on its way" in four.ok("search", "its way").out
    assert four.ok("search", "zanzibar").out == ""
    four.fails(64, "search")


def test_a_document_that_was_copied_in_is_listed_at_once(four: Shell) -> None:
    source = next(four.desk.glob("tickets/**/*1.json"))
    copy = source.with_name(source.name.replace("1.json", "5.json"))
    copy.write_text(source.read_text().replace('"id": 1,', '"id": 5,', 1))
    assert 5 in ids(four)


@pytest.mark.parametrize("words", [("queue",), ("search", "rained"), ("promises",)])
def test_a_ticket_that_cannot_be_read_does_not_vanish_without_a_word(
    four: Shell, words: tuple[str, ...]
) -> None:
    (four.desk / "tickets" / "0000" / "000003.json").write_text("{")
    for more in ((), ("--json",)):
        said = four(*words, *more)
        assert (said.code, bool(said.out)) == (0, True)
        assert said.err == (
            "helpdesk: 1 document cannot be read: tickets/0000/000003.json; see 'helpdesk check'\n"
        )


def test_of_many_that_cannot_be_read_the_first_are_named(four: Shell) -> None:
    for _ in range(4):
        new(four)
    for path in four.desk.glob("tickets/*/*.json"):
        path.write_text("{")
    said = four("queue")
    assert (said.code, said.out) == (0, "")
    assert said.err.startswith("helpdesk: 8 documents cannot be read: tickets/0000/000001.json, ")
    assert said.err.endswith("000005.json and 3 more; see 'helpdesk check'\n")


def test_the_ledger_lists_every_promise_and_what_became_of_it(four: Shell) -> None:
    rows = four.ok("promises", "--json").objects
    assert all(list(row) == LEDGER_KEYS for row in rows)
    assert {row["ticket"]: row["outcome"] for row in rows} == {
        1: "open", 2: "open", 3: "kept", 4: "withdrawn",
    }  # fmt: skip
    kept = next(row for row in rows if row["ticket"] == 3)
    assert kept == {
        "ticket": 3,
        "external_id": None,
        "customer": 1,
        "due": "2026-03-02T15:00:00+06:00",
        "told_at": "2026-03-02T10:00:00+06:00",
        "told_by": "aibek",
        "outcome": "kept",
        "settled_at": "2026-03-02T10:00:00+06:00",
        "reason": None,
    }
    assert sorted(rows, key=lambda row: row["due"]) == rows


def test_a_promise_past_its_time_is_broken_in_the_ledger_too(four: Shell) -> None:
    with clock.hold(MONDAY + timedelta(hours=6)):
        broken = four.ok("promises", "--outcome", "broken", "--json").objects
        assert [row["ticket"] for row in broken] == [1]
        assert broken[0]["settled_at"] is None
        assert [r["ticket"] for r in four.ok("promises", "kind:request", "--json").objects] == [2]


def test_the_plain_ledger_says_who_told_what_when(four: Shell) -> None:
    assert four.ok("promises", "id:4").lines == [
        "ticket 4  Mon 2 Mar 2026 15:00  withdrawn  told Mon 2 Mar 2026 10:00 by aibek  a thank-you"
    ]
    assert "open, in 5 h" in four.ok("promises", "id:1").out


@pytest.mark.parametrize(
    ("words", "due", "rule"),
    [
        (("--channel", "phone", "--kind", "complaint"),
         "2026-03-02T10:15:00+06:00", "phone: 15 working minutes"),
        (("--channel", "web", "--kind", "complaint"),
         "2026-03-02T15:00:00+06:00", "complaint: 4 working hours"),
        (("--channel", "in person", "--kind", "feedback"), "2026-03-02T18:00:00+06:00",
         "same day if 60 working minutes are left, else the end of the next working day"),
    ],
)  # fmt: skip
def test_due_says_which_promise_would_be_made(
    shell: Shell, words: tuple[str, ...], due: str, rule: str
) -> None:
    said = shell.ok("due", "--received", "2026-03-02 10:00", *words, "--json")
    assert said.object == {"due": due, "rule": rule}


def test_due_reads_a_time_in_the_desks_zone_unless_it_has_an_offset(shell: Shell) -> None:
    for written in ("2026-03-02T10:00", "2026-03-02 04:00Z", "2026-03-02T09:30:00+05:30"):
        said = shell.ok("due", "--received", written, *DUE[3:], "--json")
        assert said.object["due"] == "2026-03-02T15:00:00+06:00"
    assert shell.ok(*DUE).out == "Mon 2 Mar 2026 15:00 (complaint: 4 working hours)\n"


@pytest.mark.parametrize(
    "written", ["yesterday", "2026-03-02", "10:00", "2026-02-30 10:00", "0001-01-01T00:00", ""]
)
def test_a_time_received_is_not_guessed(shell: Shell, written: str) -> None:
    shell.fails(65, "due", "--received", written, *DUE[3:])


def test_a_time_that_clocks_skip_is_refused_and_of_two_the_first_is_meant(
    shell: Shell, tmp_path: Path
) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text(
        '[desk]\ntimezone = "Europe/Berlin"\n[hours]\nsun = ["00:00-24:00"]\n'
        '[[promise]]\nwithin = "1 working hour"\n'
    )
    words = ("--channel", "web", "--kind", "request", "--policy", str(policy), "--json")
    assert "skip" in shell.fails(65, "due", "--received", "2026-03-29 02:30", *words)
    said = shell.ok("due", "--received", "2026-10-25 02:30", *words)
    assert said.object["due"] == "2026-10-25T02:30:00+01:00"


def test_a_policy_can_be_tried_out_without_any_desk(tmp_path: Path) -> None:
    shell = Shell(tmp_path / "nowhere")
    policy = tmp_path / "policy.toml"
    policy.write_text('[hours]\nmon = ["09:00-12:00"]\n[[promise]]\nwithin = "same day"\n')
    said = shell.ok(*DUE, "--policy", str(policy), "--json")
    assert said.object == {"due": "2026-03-02T12:00:00+00:00", "rule": "same day"}
    policy.write_text(DESK_TOML.replace("Asia/Bishkek", "America/New_York"))
    said = shell.ok(*DUE, "--policy", str(policy), "--json")
    assert said.object["due"] == "2026-03-02T15:00:00-05:00"
    told = shell.fails(78, *DUE)
    assert told.startswith(f"there is no desk in {shell.desk}: make one with 'helpdesk init ")


def test_a_policy_without_a_zone_is_read_in_the_desks(shell: Shell, tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text('[hours]\nmon = ["09:00-12:00"]\n[[promise]]\nwithin = "same day"\n')
    said = shell.ok(*DUE, "--policy", str(policy), "--json")
    assert said.object["due"] == "2026-03-02T12:00:00+06:00"


@pytest.mark.parametrize(
    ("policy", "word"),
    [
        ('[hours]\n[[promise]]\nwithin = "same day"\n', "366 days"),
        ('[hours]\nmon = ["09:00-12:00"]\n', "no [[promise]]"),
        ('[hours]\nmon = ["09:00-12:00"]\n[[promise]]\nwithin = "soon"\n', "within"),
        ('[hours]\nmonday = ["09:00-12:00"]\n', "monday"),
        ("desk = 3\n[hours]\n", "desk"),
        ('[desk]\ntimezone = "Mars/Base"\n[hours]\n', "timezone"),
        ("hours = [", "TOML"),
        ("", "hours"),
    ],
)
def test_a_policy_that_cannot_hold_says_why(
    shell: Shell, tmp_path: Path, policy: str, word: str
) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(policy)
    told = shell.fails(78, *DUE, "--policy", str(path))
    assert word in told
    assert path.name in told and "desk.toml" not in told
    path.unlink()
    assert f"there is no file {path}" in shell.fails(66, *DUE, "--policy", str(path))
    assert "/ is a folder: name a file" in shell.fails(66, *DUE, "--policy", "/")


def test_who_has_a_ticket_open_and_what_he_does_there(four: Shell, desk_path: Path) -> None:
    assert four.ok("who").out == "Nobody has a ticket open.\n"
    with open_desk(desk_path, "asel") as asel, open_desk(desk_path, "nurlan") as nurlan:
        asel.presence.be_at(3, Doing.LOOKS, MONDAY)
        nurlan.presence.be_at(2, Doing.WRITES, MONDAY)
        assert four.ok("who").out.splitlines() == [
            "2  nurlan  writes  10:00",
            "3  asel    looks   10:00",
        ]
        assert four.ok("who", "--json").objects[0] == {
            "ticket": 2, "agent": "nurlan", "doing": "writes", "since": "2026-03-02T10:00:00+06:00",
        }  # fmt: skip
    assert four.ok("who", "--json").out == ""
