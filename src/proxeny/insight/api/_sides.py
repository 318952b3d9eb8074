"""The side of a room that a program asks for: the caller's own."""

from django.utils.translation import gettext as _

from proxeny.kernel.errors import NotFound
from proxeny.kernel.requests import Request
from proxeny.partnerships.api._shapes import enter
from proxeny.partnerships.models import Partnership, Party
from proxeny.partnerships.queries import parties_of
from proxeny.partnerships.rules import party_joined


def enter_side(request: Request, partnership_id: int) -> tuple[Partnership, list[Party], Party]:
    """Return a room, its parties and the caller's own one; raise `NotFound` if there is none."""
    partnership = enter(request, partnership_id)
    parties = list(parties_of(partnership))
    mine = party_joined(request.reader, parties)
    if mine is None:
        raise NotFound(_("We couldn’t find this partnership."))
    return partnership, parties, mine
