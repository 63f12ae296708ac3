"""Two who change the same fields at once: nothing that either changed is lost without a word."""

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.domain.meanwhile import differing, together

WORD = st.sampled_from(["", "torn", "late", " torn ", "lost"])
FIELDS = st.fixed_dictionaries({"name": WORD, "cause": WORD, "wish": WORD})


@given(began=FIELDS, theirs=FIELDS, mine=FIELDS)
def test_every_change_of_one_is_kept_where_the_other_changed_nothing(
    began: dict[str, str], theirs: dict[str, str], mine: dict[str, str]
) -> None:
    kept = together(began, theirs, mine)
    for name in began:
        if mine[name].strip() == began[name].strip():
            assert kept[name] == theirs[name]
        else:
            assert kept[name] == mine[name]


@given(began=FIELDS, theirs=FIELDS, mine=FIELDS)
def test_what_both_changed_and_not_to_the_same_is_named(
    began: dict[str, str], theirs: dict[str, str], mine: dict[str, str]
) -> None:
    kept = together(began, theirs, mine)
    lost = [
        name
        for name in began
        if theirs[name].strip() not in (began[name].strip(), kept[name].strip())
    ]
    assert list(differing(began, theirs, mine)) == lost
