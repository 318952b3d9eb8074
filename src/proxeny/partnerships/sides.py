"""Words for the sides of a partnership: two of them, or more in an alliance.

A text that speaks of the other sides is written twice, as gettext does it for numbers: for one other
side, and for several. `ngettext` chooses by `count_others`, templates by the filter `others`.
"""

from collections.abc import Iterable

from django.utils.translation import ngettext

from proxeny.accounts.models import Person
from proxeny.kernel.tenancy import as_service
from proxeny.partnerships.models import Partnership, Party
from proxeny.partnerships.queries import parties_joined, parties_of


def count_others(parties: Iterable[Party]) -> int:
    """Return how many other sides there are: at least one, also before it has joined."""
    return max(sum(one.state == Party.State.JOINED for one in parties) - 1, 1)


def languages_of(parties: Iterable[Party]) -> list[str]:
    """Return the languages of the parties' contacts, each once. A query, or none."""
    joined = (one for one in parties if one.state == Party.State.JOINED)
    contacts = [one.contact_id for one in joined if one.contact_id]
    with as_service("Only the language of each contact is read, and nothing else about them."):
        found = dict(Person.objects.filter(pk__in=contacts).values_list("pk", "language"))
    return list(dict.fromkeys(found[pk] for pk in contacts if pk in found))


def others_of(partnership: Partnership) -> int:
    """Return how many other sides a partnership has; no query when its parties were fetched along."""
    return count_others(parties_of(partnership))


def others_in(partnership_id: int) -> int:
    """Return how many other sides a partnership has, by its number. One query."""
    return count_others(parties_joined(partnership_id))


def say_saved(partnership_id: int) -> str:
    """Say that a change is saved, and who sees it."""
    others = others_in(partnership_id)
    return ngettext(
        "Saved. The other side can see it too.", "Saved. The other sides can see it too.", others
    )


def say_signed(partnership_id: int) -> str:
    """Say that the reader's own side has signed, and who is asked now."""
    others = others_in(partnership_id)
    return ngettext(
        "Signed for your side. The other side has been asked to sign.",
        "Signed for your side. The other sides have been asked to sign.",
        others,
    )


def say_told(partnership_id: int) -> str:
    """Say that something is done, and who hears of it."""
    others = others_in(partnership_id)
    return ngettext(
        "Done. The other side has been notified.",
        "Done. The other sides have been notified.",
        others,
    )
