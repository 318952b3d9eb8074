"""Awards that were given some time ago, and what is asked of them."""

from datetime import timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone

from proxeny.labels.models import Award, Checkup
from proxeny.labels.operations.checkups import Answered
from tests.factories import labels as made

DAY = timedelta(days=1)


def give(world, *, days=400, valid=730, organisation=None, held=None, **values) -> Award:
    """Return an award that was given so many days ago, for so many days, with its application."""
    now = timezone.now()
    if held is None:
        version = values.pop("version", None) or made.make_scheme(
            world.partnership, renew_months=6, **values.pop("scheme", {})
        )
        held = made.RoundFactory(
            scheme_version=version,
            title="Spring 2025",
            state="decided",
            opens_at=now - (days + 90) * DAY,
            closes_at=now - (days + 60) * DAY,
        )
    scheme = held.scheme
    organisation = organisation or world.a.members[0]
    application = made.make_submitted(held, organisation, title=values.get("title", "Nets"))
    decision = held.decisions.first() or made.DecisionFactory(
        round=held, decided_at=now - (days + 30) * DAY
    )
    made.ResultFactory(decision=decision, application=application)
    status = scheme.status_lists.first() or made.StatusListFactory(scheme=scheme)
    given = {
        "valid_from": now - days * DAY,
        "valid_until": now + (valid - days) * DAY,
        "issued_at": now - days * DAY,
        "title": "Nets",
        **values,
    }
    return made.AwardFactory(
        scheme=scheme,
        scheme_version=held.scheme_version,
        application=application,
        decision=decision,
        organisation=organisation,
        status_list=status,
        **given,
    )


def ending(world, **values) -> Award:
    """Return an award that ends in sixty days: it can be renewed."""
    return give(world, days=670, **values)


def open_round(award, **values):
    """Return a round of an award's label in which one can apply."""
    return made.RoundFactory(scheme_version=award.scheme_version, title="Autumn", **values)


def asked(award, **values) -> Checkup:
    """Return a check-up that waits for an answer."""
    return made.CheckupFactory(award=award, **{"achieved": "", **values})


def facts(**values) -> Answered:
    """Return an answer: two ports bought it."""
    given = {
        "still_holds": True,
        "achieved": "Two ports bought it.",
        "kind": "customers",
        "amount": Decimal(2),
        **values,
    }
    return Answered(**given)


def at(name, *arguments) -> str:
    """Return the address of a page of labels."""
    return reverse(f"labels:{name}", args=arguments)
