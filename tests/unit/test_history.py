"""An agent goes back and forward among the places visited."""

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.screens.history import CUSTOMER, KEPT, QUEUE, SEARCH, TICKET, History, Place
from helpdesk.screens.places import read_place

HOME = Place(QUEUE)


def ticket(number: int) -> Place:
    return Place(TICKET, number)


def back(history: History) -> Place | None:
    """Go back, as the screens do it."""
    place = history.before
    if place is not None:
        history.go(place)
        history.visit(place)  # the screen that comes up says so
    return place


def forward(history: History) -> Place | None:
    """Go forward."""
    place = history.after
    if place is not None:
        history.go(place)
        history.visit(place)
    return place


def test_back_leads_to_where_one_came_from_and_forward_returns() -> None:
    history = History()
    for place in (HOME, ticket(5), Place(CUSTOMER, 2)):
        history.visit(place)
    assert [back(history), back(history), back(history)] == [ticket(5), HOME, None]
    assert [forward(history), forward(history)] == [ticket(5), Place(CUSTOMER, 2)]
    assert forward(history) is None


def test_tickets_opened_from_the_queue_one_after_another_are_all_found_again() -> None:
    history = History()
    for place in (HOME, ticket(5), HOME, ticket(8), HOME, ticket(9), HOME):
        history.visit(place)
    assert [back(history), back(history), back(history)] == [ticket(9), ticket(8), ticket(5)]


def test_going_elsewhere_from_the_middle_forgets_nothing() -> None:
    history = History()
    for number in (1, 2, 3):
        history.visit(ticket(number))
    back(history)
    back(history)
    history.visit(ticket(9))
    assert history.before == ticket(1)
    assert history.after is None
    assert history.others == [ticket(1), ticket(3), ticket(2)]


def test_a_search_is_one_place_that_keeps_its_last_words() -> None:
    history = History()
    history.visit(Place(SEARCH, text="tent"))
    history.visit(Place(SEARCH, text="tent poles"))
    history.visit(ticket(1))
    assert history.before == Place(SEARCH, text="tent poles")
    assert history.others == [Place(SEARCH, text="tent poles")]


def test_a_place_that_is_no_more_is_passed_over() -> None:
    history = History()
    for number in (1, 2, 3):
        history.visit(ticket(number))
    history.forget(ticket(2))
    assert back(history) == ticket(1)
    history.forget(ticket(1))  # the agent still looks at it
    assert history.here == ticket(1)


MOVES = st.lists(st.one_of(st.integers(1, 8), st.sampled_from(["back", "forward", "forget"])))


@given(MOVES)
def test_wherever_one_goes_each_place_is_remembered_once_and_back_undoes_forward(
    moves: list[int | str],
) -> None:
    history = History()
    for move in moves:
        if isinstance(move, int):
            left = history.here
            history.visit(ticket(move))
            assert history.here == ticket(move)
            assert left is None or left == ticket(move) or history.before == left
        elif move == "back":
            left = history.here
            if back(history) is not None:
                assert forward(history) == left
                back(history)
        elif move == "forward":
            forward(history)
        else:
            history.forget(ticket(3))
        places = [*history.others, history.here] if history.here else history.others
        assert len({str(place) for place in places}) == len(places)


def test_only_so_many_places_are_remembered() -> None:
    history = History()
    for number in range(1, KEPT + 20):
        history.visit(ticket(number))
    assert len(history.others) == KEPT - 1
    assert history.here == ticket(KEPT + 19)


def test_a_number_names_a_ticket_and_with_a_c_a_customer_on_either_layout() -> None:
    for text in ("12", " #12 ", "№12", "１２", "# 12"):
        assert read_place(text) == ticket(12)
    for text in ("c12", "C12", "с12", "С 12"):
        assert read_place(text) == Place(CUSTOMER, 12)
    for text in ("", "0", "c", "12a", "-1", "1.5", "c-12", "٣", "1" * 16):
        assert read_place(text) is None
