"""How every operation in a room begins."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from proxeny.kernel.errors import Conflict, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships import queries, rules
from proxeny.partnerships.models import Partnership, Party


def enter(
    actor: Reader, partnership_id: int, *, binding: bool = False
) -> tuple[Partnership, list[Party]]:
    """Return a partnership in which the actor may write, with its parties.

    Raises
    ------
    NotFound
        The actor does not take part in it.
    Conflict
        It is not active.
    NotAllowed
        Only managers may (with `binding`).
    """
    partnership = queries.get_partnership(partnership_id)
    if partnership.pk not in actor.rooms:
        raise NotFound(_("There is no such partnership."))
    parties = queries.parties_of(partnership)
    if partnership.state != Partnership.State.ACTIVE:
        raise Conflict(_("This partnership has ended. What it keeps stays as it is."))
    if not rules.can_keep(actor, partnership, parties, binding=binding):
        raise NotAllowed(_("Only a manager of one of the clusters may change this."))
    return partnership, parties


def own_side(actor: Reader, parties: Iterable[Party]) -> int | None:
    """Return the organisation for which the actor acts here."""
    mine = rules.party_joined(actor, parties)
    return mine.organisation_id if mine else None
