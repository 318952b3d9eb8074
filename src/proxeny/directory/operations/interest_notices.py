"""Mails about interest: to its current holder, and to the asking side.

None to the asking side names the organisation behind an anonymous offer or need.
"""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.urls import reverse

from proxeny.accounts.models import Person
from proxeny.directory.models import Interest, Listing
from proxeny.directory.operations.notices import owners_of
from proxeny.directory.queries.advisers import advisers_of, people_of
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.notices.operations import tell

State = Interest.State


def tell_holder(actor: Reader, interest: Interest, *, today: date) -> None:
    """Notify the current holders."""
    _send(f"to_{interest.state}", interest, holders_of(interest, today=today), actor=actor)


def tell_asker(actor: Reader, interest: Interest, kind: str, *, today: date) -> None:
    """Notify the asking side of the outcome."""
    _send(kind, interest, _askers(interest, today=today), actor=actor)


def tell_withdrawn(actor: Reader, interest: Interest, before: str, *, today: date) -> None:
    """Notify the former holders that no action is needed any more."""
    people = holders_of(interest, state=before, today=today)
    _send("withdrawn", interest, people, actor=actor)


def holders_of(interest: Interest, *, state: str = "", today: date) -> list[Person]:
    """Return the holders of an interest, now or in an earlier state.

    As Proxeny itself, for mails only: neither side knows the other's people.
    """
    with as_service("The holders are only written to, as neither side may see the other's people."):
        match state or interest.state:
            case State.ASKED:
                return advisers_of(interest.sender_id, today=today)
            case State.PASSED:
                return advisers_of(interest.receiver_id, today=today)
            case State.OFFERED:
                listing = Listing.objects.select_related("organisation").get(pk=interest.listing_id)
                return owners_of(listing, today=today)
    return []


def _askers(interest: Interest, *, today: date) -> list[Person]:
    # As `holders_of`.
    with as_service("The asking side is only written to, as the other may not see its people."):
        people = people_of(interest.organisation_id, today=today)
        return people or advisers_of(interest.sender_id, today=today)


def _send(kind: str, interest: Interest, people: Iterable[Person], *, actor: Reader) -> None:
    path = reverse("directory:interest", args=[interest.pk])
    for person in people:
        if person.pk == actor.person:
            continue
        tell(
            person,
            topic="interest",
            key=f"interest:{interest.pk}:{kind}:{interest.version}:{person.pk}",
            template="directory/mail/interest",
            context={
                "kind": kind,
                "name": person.name,
                "title": interest.answers.get("title", ""),
                "organisation": interest.answers.get("organisation", ""),
                "note": interest.note if kind == "returned" else "",
                "action_url": f"{settings.BASE_URL}{path}",
            },
        )
