"""No sequence of mail, answers and imports breaks the rules of a promise, or loses a message."""

import tempfile
from contextlib import AbstractContextManager, ExitStack
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from helpdesk import clock
from helpdesk.desk import answers, inbound
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.desk.importing.mail import MailHow, import_mail
from helpdesk.desk.importing.mailboxes import Mbox
from helpdesk.desk.inbound import Taken
from helpdesk.domain.errors import RuleBroken
from helpdesk.domain.invariants import faults
from helpdesk.domain.words import Direction, State
from tests.conftest import DESK_TOML, MONDAY
from tests.desk.letters import letter, with_mail

SENDERS = ("aigul@example.com", "Bakyt <b@example.com>", "help@aksai.example", "", "no-reply@x.kg")
AUTOMATIC: tuple[dict[str, str], ...] = (
    {},
    {"auto_submitted": "auto-replied"},
    {"return_path": "<>"},
)
PAST = st.integers(-90_000, 0)


class Mail(RuleBasedStateMachine):
    """Whoever likes writes whatever he likes to a desk, whose agent answers and closes."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.sent: list[bytes] = []
        self.raws: set[bytes] = set()

    @initialize()
    def a_desk(self) -> None:
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        path = Path(folder) / "desk"
        path.mkdir()
        (path / "desk.toml").write_text(DESK_TOML, encoding="utf-8")
        with_mail(path)
        self.folder = Path(folder)
        self.minutes = 0
        self.desk: Desk = self.stack.enter_context(open_desk(path, agent="aibek"))

    def teardown(self) -> None:
        self.stack.close()

    @rule(minutes=st.integers(0, 700))
    def time_goes_by(self, minutes: int) -> None:
        self.minutes += minutes

    @rule(
        sender=st.sampled_from(SENDERS),
        answers_to=st.none() | st.integers(0, 5),
        tag=st.none() | st.integers(1, 4),
        extra=st.sampled_from(AUTOMATIC),
    )
    def somebody_writes(
        self, sender: str, answers_to: int | None, tag: int | None, extra: dict[str, str]
    ) -> None:
        number = len(self.sent)
        headers = dict(extra)
        if answers_to is not None:
            headers["in_reply_to"] = f"<{answers_to}@x>"
        subject = "Zip" if tag is None else f"Re: Zip [#{tag}]"
        raw = letter(f"text {number}", sender=sender, subject=subject, id=f"{number}@x", **headers)
        self.sent.append(raw)
        with self.now():
            before = {ticket.id: ticket for ticket in self.desk.store.tickets()}
            taken = inbound.take(self.desk, raw)
        self.raws.add(raw)
        assert not taken.duplicate
        self.tells_the_truth(taken, before.get(taken.ticket or 0) is None)
        if taken.automatic and not taken.new_ticket:
            old, new = before[taken.ticket or 0], self.desk.store.ticket(taken.ticket or 0)
            assert (old.state, old.promises) == (new.state, new.promises)

    @precondition(lambda self: self.sent)
    @rule(which=st.integers(0, 50))
    def a_message_is_delivered_again(self, which: int) -> None:
        before = [ticket.rev for ticket in self.desk.store.tickets()]
        with self.now():
            taken = inbound.take(self.desk, self.sent[which % len(self.sent)])
        assert taken.duplicate
        assert [ticket.rev for ticket in self.desk.store.tickets()] == before

    @rule(number=st.integers(1, 5), close=st.booleans())
    def the_agent_answers(self, number: int, close: bool) -> None:
        found = self.existing(number)
        if found is None:
            return
        with self.now():
            try:
                answers.reply(self.desk, found, "Done.", owns_delay=True, close=close)
            except RuleBroken:
                return

    @rule(ages=st.lists(PAST, max_size=4), sender=st.sampled_from(SENDERS), then=st.booleans())
    def old_mail_is_imported(self, ages: list[int], sender: str, then: bool) -> None:
        path = self.folder / "old.mbox"
        raws = []
        for age in ages:
            at = MONDAY + timedelta(minutes=self.minutes + age)
            number = len(self.sent)
            answer = {"in_reply_to": f"<{number // 2}@x>"} if then else {}
            raw = letter(
                f"old {number}", sender=sender, id=f"{number}@x",
                date=at.strftime("%d %b %Y %H:%M:%S %z"), **answer,
            )  # fmt: skip
            raws.append(raw)
            self.sent.append(raw)
        path.write_bytes(b"".join(b"From x\n" + raw + b"\n" for raw in raws))
        opened = Mbox(path)
        with self.now():
            report = import_mail(self.desk, opened, MailHow("old.mbox"))
        opened.close()
        assert (report.messages, report.failed) == (len(raws), 0)
        self.raws.update(raws)

    @invariant()
    def every_ticket_is_in_order(self) -> None:
        if not hasattr(self, "desk"):
            return
        for ticket in self.desk.store.tickets():
            assert faults(ticket) == []

    @invariant()
    def every_message_is_on_exactly_one_ticket(self) -> None:
        if not hasattr(self, "desk"):
            return
        kept = [
            message.mail.raw
            for ticket in self.desk.store.tickets()
            for message in ticket.messages
            if message.mail is not None
        ]
        assert len(kept) == len(set(kept)) == len(self.raws)

    def tells_the_truth(self, taken: Taken, new: bool) -> None:
        assert taken.new_ticket == new
        ticket = self.desk.store.ticket(taken.ticket or 0)
        last = ticket.messages[-1]
        told = last.direction is Direction.OUT and last.undelivered is None
        assert taken.acknowledged == told
        if not taken.automatic:
            assert ticket.state is State.ON_US

    def existing(self, number: int) -> int | None:
        known = [ticket.id for ticket in self.desk.store.tickets()]
        return number if number in known else None

    def now(self) -> AbstractContextManager[None]:
        return clock.hold(MONDAY + timedelta(minutes=self.minutes))


TestNoMailBreaksTheRules = Mail.TestCase
TestNoMailBreaksTheRules.settings = settings(
    max_examples=25,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
