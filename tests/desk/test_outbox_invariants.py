"""No sequence of what is told, held, let go, sent, refused, lost and merged makes the ledger tell
an untruth, or sends a message more often than it may."""

import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from helpdesk import clock
from helpdesk.desk import answers, inbound, matters, outbox, sending, upkeep
from helpdesk.desk.desk import Desk, open_desk
from helpdesk.domain.errors import InvalidInput, RuleBroken, TryAgain
from helpdesk.domain.invariants import faults
from helpdesk.domain.outgoing import Outgoing, Sending
from helpdesk.domain.words import Direction, Outcome
from helpdesk.mail.transport import LastStep, Result, accepted, later, refused
from tests.conftest import DESK_TOML, MONDAY
from tests.desk.letters import letter
from tests.desk.outgoing import MAIL_OUT, Way

WHICH = st.integers(0, 20)
ANSWERS = ("taken", "refused", "later", "no answer", "killed before", "killed after")


class Killed(BaseException):
    """Stands for kill -9."""


class AnyWay(Way):
    """A mail server that answers as it is told, and keeps what reaches it."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[str] = []
        self.arrived: Counter[bytes] = Counter()

    def send(self, sender: str, to: str, message: bytes, last_step: LastStep) -> Result:
        answer = self.answers.pop(0) if self.answers else "taken"
        if answer == "killed before":
            raise Killed
        assert last_step()
        if answer == "refused":
            return refused("550 no")
        if answer == "later":
            return later("450 wait")
        self.arrived[message.partition(b"Message-ID: ")[2].partition(b"\r\n")[0]] += 1
        if answer == "killed after":
            raise Killed
        return later("no answer", ours=True, unsure=True) if answer == "no answer" else accepted("")


class Out(RuleBasedStateMachine):
    """A customer of two matters, an agent, and a mail server that does what it likes."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.retried: Counter[int] = Counter()

    @initialize()
    def two_matters_come_in(self) -> None:
        path = Path(self.stack.enter_context(tempfile.TemporaryDirectory())) / "desk"
        path.mkdir()
        (path / "desk.toml").write_text(DESK_TOML + MAIL_OUT, encoding="utf-8")
        self.minutes = 0
        self.way = AnyWay()
        self.desk: Desk = self.stack.enter_context(open_desk(path, agent="aibek"))
        with self.now():
            for number in (1, 2):
                inbound.take(self.desk, letter(id=f"{number}@example.com"))

    def teardown(self) -> None:
        self.stack.close()

    @rule(minutes=st.integers(1, 700))
    def time_goes_by(self, minutes: int) -> None:
        self.minutes += minutes

    @rule(number=st.integers(1, 2), close=st.booleans(), ahead=st.none() | st.integers(1, 900))
    def the_agent_answers(self, number: int, close: bool, ahead: int | None) -> None:
        due = None if ahead is None else self.at + timedelta(minutes=ahead)
        with self.now(), suppress(RuleBroken, InvalidInput, TryAgain):
            answers.reply(self.desk, number, "Done.", close=close, next_due=due, next_reason="x")

    @rule(number=st.integers(1, 2), ahead=st.integers(1, 900))
    def the_agent_tells_another_date(self, number: int, ahead: int) -> None:
        with self.now(), suppress(RuleBroken, InvalidInput, TryAgain):
            answers.tell_date(self.desk, number, self.at + timedelta(minutes=ahead), "cloth")

    @rule(number=st.integers(1, 2))
    def the_customer_writes_again(self, number: int) -> None:
        with self.now():
            matters.take_in(self.desk, number, "And now?")

    @rule(number=st.integers(1, 2))
    def the_tickets_are_merged(self, number: int) -> None:
        with self.now(), suppress(RuleBroken):
            upkeep.merge(self.desk, number, 3 - number)

    @rule(which=WHICH)
    def a_message_is_held(self, which: int) -> None:
        self.attempt(outbox.hold, which)

    @rule(which=WHICH)
    def a_message_is_let_go(self, which: int) -> None:
        done = self.attempt(outbox.release, which)
        if done is not None:
            self.retried[done.id] += done.attempts != ()

    @rule(which=WHICH)
    def a_message_is_tried_at_once(self, which: int) -> None:
        done = self.attempt(outbox.retry, which)
        if done is not None:
            self.retried[done.id] += done.may_have_arrived or done.attempts != ()

    @rule(which=WHICH)
    def a_message_is_cancelled(self, which: int) -> None:
        self.attempt(outbox.cancel, which)

    @rule(said=st.lists(st.sampled_from(ANSWERS), max_size=4))
    def the_outbox_is_sent(self, said: list[str]) -> None:
        self.way.answers = said
        with self.now(), suppress(Killed):
            sending.send(self.desk, self.way)

    @invariant()
    def every_ticket_is_in_order(self) -> None:
        if hasattr(self, "desk"):
            with self.now():
                for ticket in self.desk.store.tickets():
                    assert faults(ticket) == []

    @invariant()
    def the_ticket_says_what_the_outbox_says(self) -> None:
        for out in self.outgoing():
            message = self.desk.store.ticket(out.ticket).message(out.message)
            assert message is not None
            if out.state is Sending.FAILED:
                assert message.undelivered
            elif out.state is Sending.HELD and not out.may_have_arrived:
                assert message.undelivered == "held back"
            else:
                assert message.undelivered is None

    @invariant()
    def nothing_counts_by_a_message_that_never_left(self) -> None:
        if not hasattr(self, "desk"):
            return
        for ticket in self.desk.store.tickets():
            answered = [m for m in ticket.messages if m.is_answer and not m.undelivered]
            for promise in ticket.promises:
                outcome = ticket.outcome_of(promise, self.at)
                if outcome is Outcome.KEPT:
                    assert any(m.at <= promise.due for m in answered)
                if outcome in (Outcome.KEPT, Outcome.BROKEN, Outcome.MOVED):
                    assert ticket.was_told(promise)
            assert all(m.direction is Direction.OUT for m in answered)

    @invariant()
    def no_message_arrives_more_than_twice_unless_a_person_says_so(self) -> None:
        for out in self.outgoing():
            arrived = self.way.arrived[f"<{out.message_id}>".encode()]
            assert arrived <= 2 + self.retried[out.id]
            assert arrived or out.state is not Sending.SENT

    def outgoing(self) -> list[Outgoing]:
        if not hasattr(self, "desk"):
            return []
        return [self.desk.store.outgoing(number) for number in self.desk.store.outbox()]

    def attempt(self, action: Callable[[Desk, int], Outgoing], which: int) -> Outgoing | None:
        numbers = sorted(self.desk.store.outbox())
        with self.now(), suppress(InvalidInput, RuleBroken):
            return action(self.desk, numbers[which % len(numbers)])
        return None

    @property
    def at(self) -> datetime:
        return MONDAY + timedelta(minutes=self.minutes)

    def now(self) -> AbstractContextManager[None]:
        return clock.hold(self.at)


TestNoSendingBreaksTheRules = Out.TestCase
TestNoSendingBreaksTheRules.settings = settings(
    max_examples=25,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
