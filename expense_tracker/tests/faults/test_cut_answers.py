"""Answers that are lost: the same request sent again with its key is carried out once, and answered as before."""

from contextlib import ExitStack

import pytest

from expense_tracker.tests.faults.cutting import Cut, Cutter
from expense_tracker.tests.faults.load import Requests
from expense_tracker.tests.faults.service import Service, wait_until

pytestmark = [pytest.mark.torture, pytest.mark.catalogue(47)]


@pytest.fixture(scope="module")
def cut_off(served):
    """``cut_off(request, key, cut)`` sends a request whose COMMIT is cut off, to another server of the same database.

    It is told that nobody knows.
    """
    folder = served.home / "cut"
    folder.mkdir()
    with ExitStack() as stack:
        cutter = stack.enter_context(Cutter(folder, served.cluster.socket_folder))
        behind = stack.enter_context(Service(served.home, served.cluster, folder).running(served.known))

        def send(request, key, cut):
            cutter.next_cut = cut
            answer = behind.send(request.method, request.path, request.body, key)
            assert cutter.next_cut is None
            assert (answer.status, answer.is_clear, "Nothing was saved" in answer.body) == (503, True, False)

        yield send


def made_in_turn(requests: Requests, number: int) -> list:
    return [requests.day() if each % 2 else requests.single() for each in range(number)]


@pytest.mark.parametrize("cut", Cut)
def test_a_save_of_which_nobody_knows_is_carried_out_once_when_it_is_sent_again(service, cut_off, scale, cut):
    requests = Requests(service)
    sent = made_in_turn(requests, scale(6, 500))
    replayed = 0
    for request in sent:
        cut_off(request, request.key, cut)
        again = service.send(request.method, request.path, request.body, request.key)
        assert again.is_saved
        replayed += "Idempotency-Replayed" in again.headers
    assert replayed == (len(sent) if cut is Cut.AFTER else 0)
    assert requests.written() == requests.events() == {request.name: request.rows for request in sent}
    print(f"{len(sent)} connections cut {cut.value} COMMIT, {replayed} answers from memory")  # noqa: T201


def test_without_a_key_an_expense_sent_again_is_there_twice(service, cut_off, scale):
    """The control."""
    requests = Requests(service)
    sent = [requests.single() for _ in range(scale(3, 50))]
    for request in sent:
        cut_off(request, None, Cut.AFTER)
        service.send(request.method, request.path, request.body)
    assert requests.written() == {request.name: 2 for request in sent}


@pytest.mark.parametrize(("has_key", "times"), [(True, 1), (False, 2)])
def test_a_client_that_did_not_wait_for_its_answer_sends_it_again(service, scale, has_key, times):
    requests = Requests(service)
    sent = [requests.single() for _ in range(scale(6, 500))]
    for request in sent:
        words = (request.method, request.path, request.body, request.key if has_key else None)
        service.send_and_leave(*words)
        assert service.send(*words).status == 201
    wait_until(lambda: requests.written() == {request.name: times for request in sent}, seconds=10)
