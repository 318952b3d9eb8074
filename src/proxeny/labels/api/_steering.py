"""What programs of managers begin with."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from proxeny.kernel.errors import NotAllowed
from proxeny.partnerships.api._shapes import enter


def steer(request: HttpRequest, partnership_id: int) -> None:
    """Let in who steers a room: managers of its clusters.

    Raises
    ------
    NotFound, NotAllowed
        The caller holds no seat in it; they manage none of its clusters.
    """
    enter(request, partnership_id)
    if partnership_id not in request.reader.steered:
        raise NotAllowed(_("Only the managers of the clusters see this page."))
