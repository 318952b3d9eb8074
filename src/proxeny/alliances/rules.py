"""Rules for public pages that need no database."""

from collections.abc import Iterable

from proxeny.alliances.models import Page
from proxeny.kernel.romanising import address_part
from proxeny.partnerships.models import Party

#: Key prefixes of shown contents; results have keys of their own.
GOAL, ACTIVITY, PARTNER = "goal", "activity", "partner"


def key_of(kind: str, number: int) -> str:
    """Return the key by which a page names something that it shows."""
    return f"{kind}:{number}"


def sum_of(key: str) -> str:
    """Return the key by which a page shows the sum of a result as well."""
    return f"{key}:sum"


def slug_of(page: Page) -> str:
    """Return the last part of a page's address where nobody has chosen one."""
    return address_part(page.headline) or f"alliance-{page.partnership_id}"


def joined(parties: Iterable[Party]) -> list[Party]:
    """Return the parties that take part, in the order of their sides."""
    return [one for one in parties if one.state == Party.State.JOINED]


def home_of(parties: Iterable[Party]) -> set[str]:
    """Return the countries of the two sides that began; all others are further ones."""
    return {one.organisation.country for one in parties if is_founder(one)}


def is_founder(party: Party) -> bool:
    """Whether a party was there from the beginning: a partnership begins with two sides."""
    return party.side in ("A", "B")
