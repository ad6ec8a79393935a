"""When the search server is not asked: after a question that hung, and while too many wait."""

import threading

import pytest

from indexers.elasticsearch.breaker import Breaker, Full, Patience, Shut

PATIENCE = Patience(at_once=2, first_pause=1, longest_pause=4, silence=0.2)


class Watch:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def breaker(watch: Watch) -> Breaker:
    return Breaker(PATIENCE, watch)


def hang(breaker: Breaker, watch: Watch) -> None:
    question = breaker.enter()
    watch.time += 10
    breaker.hung(question, "timed out")


def test_after_one_that_hung_nothing_is_asked_for_a_while(breaker: Breaker, watch: Watch) -> None:
    hang(breaker, watch)
    with pytest.raises(Shut, match="timed out"):
        breaker.enter()
    watch.time += 0.9
    with pytest.raises(Shut):
        breaker.enter()


def test_then_one_at_a_time_tries_and_its_answer_lets_all_in(breaker: Breaker, watch: Watch) -> None:
    hang(breaker, watch)
    watch.time += 1
    probe = breaker.enter()
    with pytest.raises(Shut):
        breaker.enter()
    breaker.answered(probe)
    assert not breaker.enter().probe
    assert not breaker.enter().probe


def test_the_pause_doubles_up_to_the_longest_and_begins_anew_after_an_answer(breaker: Breaker, watch: Watch) -> None:
    hang(breaker, watch)
    for pause in (1, 2, 4, 4):
        watch.time += pause - 0.1
        with pytest.raises(Shut):
            breaker.enter()
        watch.time += 0.1
        hang(breaker, watch)
    watch.time += 4
    breaker.answered(breaker.enter())
    hang(breaker, watch)
    watch.time += 1
    assert breaker.enter().probe


def test_those_that_hung_together_count_once(breaker: Breaker, watch: Watch) -> None:
    together = [breaker.enter(), breaker.enter()]
    watch.time += 10
    for question in together:
        breaker.hung(question, "")
    watch.time += 1
    assert breaker.enter().probe


def test_a_slow_question_among_others_that_are_answered_shuts_nothing(breaker: Breaker, watch: Watch) -> None:
    slow = breaker.enter()
    watch.time += 5
    breaker.answered(breaker.enter())
    watch.time += 5
    breaker.hung(slow, "")
    assert not breaker.enter().probe


def test_no_more_wait_at_once_than_may(breaker: Breaker, watch: Watch) -> None:
    first, _ = breaker.enter(), breaker.enter()
    watch.time += 0.3
    with pytest.raises(Full, match="2"):
        breaker.enter()
    breaker.answered(first)
    breaker.enter()


def test_where_the_server_answers_the_next_waits_for_its_turn() -> None:
    breaker = Breaker(Patience(at_once=1, silence=30))
    first = breaker.enter()
    let_in: list[bool] = []
    second = threading.Thread(target=lambda: let_in.append(breaker.enter().probe))
    second.start()
    breaker.answered(first)
    second.join(5)
    assert let_in == [False]


def test_one_that_waits_for_its_turn_hears_at_once_that_the_server_hangs() -> None:
    breaker = Breaker(Patience(at_once=1, silence=30))
    first = breaker.enter()
    told: list[str] = []

    def ask() -> None:
        try:
            breaker.enter()
        except Shut as shut:
            told.append(str(shut))

    second = threading.Thread(target=ask)
    second.start()
    breaker.hung(first, "timed out")
    second.join(5)
    assert told == ["timed out"]
