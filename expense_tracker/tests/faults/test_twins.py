"""The same request ten times at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from expense_tracker.tests.faults.load import Requests

pytestmark = [pytest.mark.torture, pytest.mark.catalogue(42)]

TWINS = 10


def test_twins_are_carried_out_once_and_all_get_the_same_answer(service, scale):
    requests, replayed = Requests(service), 0
    sent = [requests.any() for _ in range(scale(6, 500))]
    with ThreadPoolExecutor(TWINS) as threads:
        for request in sent:
            words = (request.method, request.path, request.body, request.key)
            answers = [each.result() for each in [threads.submit(service.send, *words) for _ in range(TWINS)]]
            assert {answer.is_saved for answer in answers} == {True}
            assert len({(answer.status, answer.body, answer.headers["ETag"]) for answer in answers}) == 1
            replayed += sum("Idempotency-Replayed" in answer.headers for answer in answers)
    assert requests.written() == requests.events() == {request.name: request.rows for request in sent}
    assert replayed == len(sent) * (TWINS - 1)
    print(f"{len(sent)} × {TWINS} requests, {replayed} answers from memory")  # noqa: T201
