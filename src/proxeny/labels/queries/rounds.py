"""Rounds of labels, one at a time."""

from django.utils.translation import gettext as _

from proxeny.kernel.errors import NotFound
from proxeny.labels.content import SchemeText, read_scheme
from proxeny.labels.models import Round, Scheme


def get_round(partnership_id: int, round_id: int) -> Round:
    """Return a round of a room with its label and its version, put away or not. One query.

    `NotFound` if the reader sees none.
    """
    found = Round.objects.select_related("scheme", "scheme_version")
    one = found.filter(pk=round_id, partnership_id=partnership_id).first()
    if one is None:
        raise NotFound(_("There is no such round."))
    return one


def text_of_round(held: Round) -> SchemeText:
    """Return the scheme that a round is judged by; of one that is published. No query."""
    if held.scheme_version is None:
        raise NotFound(_("This round is not published yet."))
    return read_scheme(held.scheme_version.content)


def list_rounds(scheme: Scheme) -> list[Round]:
    """Return the rounds of a label that are not put away, the newest first. One query."""
    found = Round.objects.filter(scheme=scheme, dropped_at=None)
    return list(found.order_by("-opens_at", "-pk"))
