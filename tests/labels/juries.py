"""Shorthands of the tests of rounds and juries: a round in each state, with applicants and jurors."""

from datetime import timedelta

from django.utils import timezone

from proxeny.accounts.models import Role
from proxeny.labels.models import Juror, Round
from proxeny.partnerships.models import Interest
from tests.factories import labels as made
from tests.factories.accounts import PersonFactory, SeatFactory
from tests.partnerships.rooms import do, party


def plan(world, **values):
    """Return a planned round of a label that all have signed."""
    version = made.make_scheme(world.partnership)
    return made.RoundFactory(
        scheme_version=None,
        scheme=version.scheme,
        partnership=version.partnership,
        state="planned",
        published_at=None,
        **values,
    )


def closed(world, *, state="open", applicants=(), **scheme):
    """Return a round that has closed, with what these organisations handed in."""
    version = made.make_scheme(world.partnership, **scheme)
    now = timezone.now()
    held = made.RoundFactory(
        scheme_version=version,
        state=state,
        opens_at=now - timedelta(days=9),
        closes_at=now - timedelta(hours=1),
    )
    for number, one in enumerate(applicants or world.a.members[:1] + world.b.members[:1]):
        made.make_submitted(held, one, title=f"Project {number + 1}")
    return held


def juror(world, side, name, held=None, *, state="in", declared=True, topics=(), most=None):
    """Return a juror of a side with a juror's seat; in a round, if one is given."""
    person = PersonFactory(name=name)
    SeatFactory(person=person, organisation=side.cluster, role=Role.JUROR)
    if held is None:
        return person
    return made.JurorFactory(
        round=held,
        person=person,
        party=party(world, side),
        state=state,
        topics=list(topics),
        most=most,
        declared_at=timezone.now() if declared else None,
    )


def jury(world, held, count=2):
    """Return jurors of both sides who have declared, so many of each."""
    return [
        juror(world, side, f"{letter} juror {number + 1}", held)
        for letter, side in (("A", world.a), ("B", world.b))
        for number in range(count)
    ]


def has_conflict(one: Juror, application, conflicts=True):
    """Let a juror have declared something of an application."""
    return Interest.objects.create(
        partnership=one.partnership,
        person=one.person,
        subject="application",
        subject_id=application.pk,
        conflicts=conflicts,
        reason="We share an office.",
        said_at=timezone.now(),
    )


def act(person, operation, held, **given):
    """Do something with a round as a request of that person would."""
    return do(person, operation, partnership_id=held.partnership_id, round_id=held.pk, **given)


def fresh(held):
    """Return a round as it stands."""
    return Round.objects.get(pk=held.pk)
