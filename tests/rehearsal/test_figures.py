import pytest

from live.rehearsal.figures import Percentiles, acknowledged, acknowledgements, every_screen, percentiles, staging
from live.rehearsal.log import Act, Log


def screen(opened: float, *arrivals: tuple[float, int]) -> Log:
    """The log of a client that only watches."""
    log = Log()
    log.connected(opened)
    for at, seq in arrivals:
        log.saw(at, seq)
    return log


def actor(*acts: Act) -> Log:
    return Log(acts=list(acts))


def test_percentiles_are_nearest_rank_in_milliseconds() -> None:
    assert percentiles(n / 1000 for n in range(1, 101)) == Percentiles(50.0, 95.0, 99.0)
    assert percentiles([0.007]) == Percentiles(7.0, 7.0, 7.0)
    assert percentiles([]) == Percentiles(None, None, None)


def test_the_first_frame_at_or_past_the_position_counts() -> None:
    spread = every_screen([actor(Act("posts", 10.0, 10.1, seq=5)), screen(0, (9.9, 4), (10.2, 7), (10.9, 8))])
    assert spread.percentiles.p50 == pytest.approx(200)
    assert (spread.pairs, spread.missing) == (1, 0)


def test_only_clients_connected_at_the_sending_count() -> None:
    act = actor(Act("posts", 10.0, 10.1, seq=5))
    assert every_screen([act, screen(10.05, (10.2, 5))]).pairs == 0


def test_a_client_that_cut_its_own_socket_is_not_waited_for() -> None:
    cut = screen(0, (9.9, 4))
    cut.disconnected(10.05, own_cut=True)
    cut.connected(12.0)
    cut.saw(12.0, 6)
    spread = every_screen([actor(Act("posts", 10.0, 10.1, seq=5)), cut])
    assert (spread.pairs, spread.missing) == (0, 0)


def test_a_socket_closed_by_the_server_counts_with_its_whole_absence() -> None:
    thrown_out = screen(0, (9.9, 4))
    thrown_out.disconnected(10.05, own_cut=False)
    thrown_out.connected(12.0)
    thrown_out.saw(12.0, 6)
    spread = every_screen([actor(Act("posts", 10.0, 10.1, seq=5)), thrown_out])
    assert spread.percentiles.p99 == pytest.approx(2000)


def test_a_screen_that_never_got_there_is_missing() -> None:
    spread = every_screen([actor(Act("posts", 10.0, 10.1, seq=5)), screen(0, (9.9, 4))])
    assert (spread.pairs, spread.missing) == (0, 1)


def test_the_next_question_is_timed_by_itself_and_on_the_projector_alone() -> None:
    desk = actor(Act("moderator", 10.0, 10.1, seq=5), Act("stage", 20.0, 20.1, seq=6))
    phone, projector = screen(0, (10.9, 5), (20.2, 6)), screen(0, (10.9, 5), (20.05, 6))
    assert staging([desk, phone, projector], [phone, projector]).percentiles.p95 == pytest.approx(200)
    assert staging([desk, phone, projector], [projector]).percentiles.p95 == pytest.approx(50)
    assert staging([phone], [phone]).percentiles.p95 is None


def test_acts_disturbed_on_purpose_or_never_answered_are_not_timed() -> None:
    log = actor(Act("posts", 1.0, 3.0, seq=1, disturbed=True), Act("posts", 1.0), Act("posts", 1.0, 1.5, seq=2))
    assert acknowledgements([log], "posts").p99 == 500
    assert acknowledgements([log], "supports").p50 is None
    assert acknowledged([log], "posts") == 2
