"""What was done in a triage, at its end. Pure: from the triage to Content."""

from textual.content import Content

from helpdesk.domain.triage import Decision, Triage, count_words

NAMED = (Decision.SKIP, Decision.GONE, Decision.UNREADABLE, Decision.FAILED)
"""The decisions whose tickets are named: somebody may want to look at them again."""

MOST_NAMED = 12
_QUIET = "$text-muted"


def summary(triage: Triage, held: str) -> Content:
    """A line for each kind of decision; ``held`` says what is not carried out yet, if anything."""
    count = len(triage.tickets)
    if not count:
        return Content.assemble(
            ("Nothing here waits on us.\n\n", "bold"),
            ("esc goes back to the queue; tab there shows another view", _QUIET),
        )
    lines = [
        Content.styled(f"That was {'the only one' if count == 1 else f'all {count}'}.", "bold")
    ]
    lines.append(Content(""))
    lines += [_line(triage, decision, number) for decision, number in triage.counts()]
    lines.append(Content(""))
    if held:
        lines.append(Content.styled(f"○ {held}", "$warning"))
    elif any(made.decision not in NAMED for made in triage.made):
        lines.append(Content.styled("✓ all of it is carried out", "$success"))
    lines.append(Content.styled("esc goes back to the queue", _QUIET))
    return Content("\n").join(lines)


def _line(triage: Triage, decision: Decision, number: int) -> Content:
    count, _, words = count_words(decision, number).partition(" ")
    line = Content.assemble((count.rjust(4), "bold"), f"  {words}")
    if decision in NAMED:
        numbers = triage.tickets_of(decision)
        listed = ", ".join(f"#{ticket}" for ticket in numbers[:MOST_NAMED])
        more = ", …" if len(numbers) > MOST_NAMED else ""
        line += Content.styled(f": {listed}{more}", _QUIET)
    return line
