"""The guard of routes for managers."""

from django.utils.translation import gettext as _

from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.requests import Request
from proxeny.partnerships.api._shapes import enter


def steer(request: Request, partnership_id: int) -> None:
    """Let managers of a room's clusters pass.

    Raises
    ------
    NotFound, NotAllowed
        The caller holds no seat in it; they manage none of its clusters.
    """
    enter(request, partnership_id)
    if partnership_id not in request.reader.steered:
        raise NotAllowed(_("Only cluster managers can see this page."))
