"""How each page of rounds and juries is tried."""

from collections.abc import Callable

from proxeny.labels.models import Assignment, Juror, Round
from tests.access.crowd import Crowd
from tests.access.labels import judged_round, open_round, scheme, submitted
from tests.access.places import at
from tests.access.routes._route import Route, by_matrix


def juror() -> Juror:
    """Return A's juror."""
    return Juror.objects.earliest("pk")


def given() -> Assignment:
    """Return what A's juror reads."""
    return Assignment.objects.earliest("pk")


def judging() -> Round:
    """Return the round of spring while it is judged."""
    return judged_round("judging")


def planned() -> Round:
    """Return the round of autumn before it is published."""
    one = open_round()
    found = Round.objects.filter(pk=one.pk).exclude(state="planned")
    found.update(state="planned", scheme_version=None, published_at=None)
    return open_round()


def published() -> Round:
    """Return the round of autumn, published again."""
    one = open_round()
    version = judged_round().scheme_version
    found = Round.objects.filter(pk=one.pk).exclude(state="open")
    found.update(state="open", scheme_version=version, published_at=one.opens_at)
    return open_round()


def mine(crowd: Crowd) -> dict:
    """Return the number of A's juror."""
    return {"juror_id": juror().pk}


def to_read(crowd: Crowd) -> dict:
    """Return the number of what A's juror reads."""
    return {"assignment_id": given().pk}


def wish(crowd: Crowd) -> dict:
    """Return whom A's manager asks, and what they know."""
    return {"person_id": crowd.world.a.ambassador.pk, "topics": "Ports", "most": "4"}


def pair(crowd: Crowd) -> dict:
    """Return who is to read what."""
    return {"juror_id": juror().pk, "application_id": submitted().pk}


def why(crowd: Crowd) -> dict:
    """Return a reason."""
    return {"why": "It has to be."}


_SPRING: Callable[[Crowd], dict] = at(round_id=judged_round)
_JUDGING: Callable[[Crowd], dict] = at(round_id=judging)

PAGES: dict[str, Route] = by_matrix(
    {
        "labels:rounds": Route(at(scheme_id=scheme)),
        "labels:round": Route(at(round_id=judged_round)),
        "labels:round-publish": Route(at(round_id=planned), posts_only=True),
        "labels:round-take-back": Route(at(round_id=published), posts_only=True),
        "labels:round-judge": Route(at(round_id=published), posts_only=True),
        "labels:round-discuss": Route(_JUDGING, data=why, posts_only=True),
        "labels:round-resume": Route(_SPRING, data=why, posts_only=True),
        "labels:jury": Route(_SPRING, data=wish),
        "labels:jury-remind": Route(_SPRING, posts_only=True),
        "labels:juror": Route(
            at(round_id=judged_round, juror_id=juror),
            data=lambda _: {"topics": "Ports"},
            posts_only=True,
        ),
        "labels:juror-out": Route(at(round_id=judged_round, juror_id=juror), posts_only=True),
        "labels:reading": Route(_JUDGING),
        "labels:reading-take": Route(_JUDGING, data=lambda _: {"seen": "1"}, posts_only=True),
        "labels:reading-add": Route(_JUDGING, data=pair, posts_only=True),
        "labels:reading-remove": Route(
            at(round_id=judging, assignment_id=given), data=why, posts_only=True
        ),
        "labels:own-juries": Route(),
        "labels:own-jury": Route(mine, data=lambda _: {"looked": "on"}),
        "labels:own-jury-answer": Route(
            mine, data=lambda crowd: {"takes_part": "no", **why(crowd)}, posts_only=True
        ),
        "labels:abstain": Route(to_read, data=why, posts_only=True),
    }
)
