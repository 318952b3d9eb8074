"""How each page of what becomes of awards is tried."""

from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from proxeny.labels.models import Award, Checkup
from tests.access.crowd import Crowd
from tests.access.labels import award, scheme
from tests.access.places import at
from tests.access.routes._route import Route, by_matrix


def own(crowd: Crowd, **more: Any) -> dict:
    """Return the award of A's member."""
    return {"award_id": award().pk, **more}


def _checkup(**state: Any) -> Checkup:
    """Return the check-up of that award, in a state; asked twice, nothing changes."""
    found = Checkup.objects.filter(pk=Checkup.objects.earliest("pk").pk)
    found.update(**{"answered_at": None, "reviewed_at": None, "still_holds": None, **state})
    return found.get()


def asked() -> Checkup:
    """Return the check-up, which waits for an answer."""
    return _checkup()


def answered() -> Checkup:
    """Return the check-up, answered."""
    return _checkup(answered_at=F("asked_at"), still_holds=True)


def a_year_old(crowd: Crowd) -> dict:
    """Return the label whose award was given a year ago, and is not asked about."""
    then = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=400)
    Award.objects.filter(pk=award().pk).update(valid_from=then)
    _checkup(asked_at=then, answered_at=then, still_holds=True)
    return at(scheme_id=scheme)(crowd)


def asked_no_more(crowd: Crowd) -> dict:
    """Return the label of whose award no check-up waits."""
    answered()
    return at(scheme_id=scheme)(crowd)


def answer(_crowd: Crowd) -> dict:
    """Return how a project is doing."""
    return {"still_holds": "yes", "achieved": "Two ports bought it.", "kind": "market"}


PAGES: dict[str, Route] = by_matrix(
    {
        "labels:own-awards": Route(),
        "labels:own-award": Route(own),
        "labels:own-award-renew": Route(own, posts_only=True, statuses=(200, 302, 422)),
        "labels:own-award-name": Route(own, data=lambda _: {"name": "New name"}, posts_only=True),
        "labels:own-checkup": Route(lambda crowd: own(crowd, checkup_id=asked().pk), data=answer),
        "labels:checkups": Route(at(scheme_id=scheme)),
        "labels:checkup-ask": Route(
            asked_no_more, data=lambda _: {"award": award().pk}, posts_only=True
        ),
        "labels:checkups-ask-due": Route(a_year_old, posts_only=True),
        "labels:checkup": Route(at(scheme_id=scheme, checkup_id=answered)),
        "labels:statistics": Route(at(scheme_id=scheme)),
        "labels:statistics-export": Route(at(scheme_id=scheme)),
    }
)
