"""The same work for many: each stands alone."""

import logging

from proxeny.kernel.batch import for_each
from proxeny.kernel.models import Mail
from proxeny.kernel.tenancy import SERVICE, enter


def write(number: int) -> int:
    Mail.objects.create(key=f"mail {number}", recipient="a@example.org", subject="s", text="t")
    if number == 2:
        raise ValueError("Maria K. cannot be reached")
    return number


def written() -> list[str]:
    enter(SERVICE)
    return sorted(Mail.objects.values_list("key", flat=True))


def test_one_that_fails_undoes_its_own_work_alone(db, caplog):
    with caplog.at_level(logging.ERROR):
        outcome = for_each([1, 2, 3], write, what="writing")
    assert (outcome.count, outcome.failed) == (4, [2])
    assert written() == ["mail 1", "mail 3"]
    assert caplog.messages == ["writing failed: 2"]


def test_it_stops_between_two_when_asked_to(db):
    stops = iter([False, True])
    outcome = for_each([1, 3], write, what="writing", should_stop=lambda: next(stops))
    assert (outcome.count, outcome.failed) == (1, [])
    assert written() == ["mail 1"]


def test_nobody_at_all(db):
    assert for_each([], write, what="writing").count == 0
