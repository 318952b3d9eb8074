"""Whose figures a program asks for: those of its own side of a room."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from proxeny.kernel.errors import NotFound
from proxeny.partnerships.api._shapes import enter
from proxeny.partnerships.models import Partnership, Party
from proxeny.partnerships.queries import parties_of
from proxeny.partnerships.rules import party_joined


def enter_side(request: HttpRequest, partnership_id: int) -> tuple[Partnership, list[Party], Party]:
    """Return a room, its parties, and the caller's own; `NotFound` for who takes part in none."""
    partnership = enter(request, partnership_id)
    parties = list(parties_of(partnership))
    mine = party_joined(request.reader, parties)
    if mine is None:
        raise NotFound(_("There is no such partnership."))
    return partnership, parties, mine
