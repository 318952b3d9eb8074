"""Shorthands of the tests of applications: a round of A and B, and what its applicants write."""

from proxeny.accounts.models import Role
from proxeny.labels.models import Application
from proxeny.labels.operations.applying import begin_application, save_fields, values_of
from proxeny.labels.operations.submitting import submit_application
from proxeny.labels.queries.own_applications import gather
from tests.factories.accounts import PersonFactory, SeatFactory
from tests.factories.labels import RoundFactory, indicator_keys, make_scheme
from tests.partnerships.rooms import do


def open_round(world, **more):
    """Return an open round of a label of A and B; `more` goes to the label."""
    return RoundFactory(scheme_version=make_scheme(world.partnership, **more))


def begin(person, held, organisation, title="Nets that mend themselves", **more):
    """Begin an application."""
    return do(
        person,
        begin_application,
        round_id=held.pk,
        organisation_id=organisation.pk,
        title=title,
        **more,
    )


def draft(world, held=None, **more):
    """Return a draft of A's first member, and its representative."""
    held = held or open_round(world, **more)
    person = world.a.representatives[0]
    return begin(person, held, world.a.members[0]), person


def save(person, one, seen=None, now=None, **values):
    """Save fields of a draft."""
    given = {"now": now} if now else {}
    return do(person, save_fields, application_id=one.pk, values=values, seen=seen, **given)


def keys_of(one):
    """Return the keys of the indicators that an application answers."""
    return indicator_keys(one.round.scheme)


def full_values(one):
    """Return what fills in an application of `make_scheme`."""
    condition = gather(one).scheme.conditions[0].key
    found = {"summary": "Fishing nets that show where they tear.", f"confirmed_{condition}": "yes"}
    for key in keys_of(one):
        found |= {f"points_{key}": "4", f"text_{key}": "Three harbours use them."}
    return found


def whole(world, held=None, **more):
    """Return a draft in which nothing is missing, and its representative."""
    one, person = draft(world, held, **more)
    assert save(person, one, **full_values(one)).is_whole
    return fresh(one), person


def hand_in(person, one, **more):
    """Hand in an application."""
    return do(person, submit_application, application_id=one.pk, **more)


def fresh(one):
    """Return an application as it stands."""
    found = Application.objects.select_related("round", "scheme_version", "organisation")
    return found.get(pk=one.pk)


def values(one):
    """Return what stands in the fields of an application."""
    return values_of(gather(fresh(one)))


def juror_of(side):
    """Return a person with a juror's seat of a cluster."""
    person = PersonFactory(name="Jury member")
    SeatFactory(person=person, organisation=side.cluster, role=Role.JUROR)
    return person
