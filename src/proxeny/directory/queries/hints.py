"""Hints on an offer or need, for its writers and its reviewer."""

from datetime import date

from proxeny.accounts.queries import live_seats
from proxeny.directory import rules
from proxeny.directory.drafting import Draft, Flag, Identity, check_draft
from proxeny.directory.models import Listing, Organisation


def hints_for(listing: Listing, *, today: date) -> list[Flag]:
    """Return the hints; four queries at most, and none for a named one."""
    draft = Draft(
        direction=listing.direction,
        title=listing.title,
        summary=listing.summary,
        description=listing.description,
        partner_role=listing.partner_role,
        markets=tuple(listing.markets),
        technologies=tuple(listing.technologies),
        is_anonymous=listing.is_anonymous,
    )
    return check_hints(draft, rules.owner_of(listing), today=today)


def check_hints(draft: Draft, owner: Organisation, *, today: date) -> list[Flag]:
    """Return the hints for an unsaved text of an organisation."""
    if not draft.is_anonymous:
        return check_draft(draft)
    return check_draft(draft, identity_of(owner, today=today))


def identity_of(owner: Organisation, *, today: date) -> Identity:
    """Return the details that would reveal an organisation, as far as the reader may know them."""
    seats = live_seats(today=today).filter(organisation_id=owner.pk)
    people = [*seats.values_list("person__name", flat=True)[:200], owner.fact("contact") or ""]
    return Identity(
        names=(owner.name, *owner.former_names),
        website=owner.website,
        email=owner.fact("email") or "",
        people=tuple(name for name in people if name),
    )
