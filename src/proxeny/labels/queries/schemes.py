"""Schemes of a room: one with all that belongs to it, and its signed versions."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from proxeny.kernel.errors import NotFound
from proxeny.labels.composing import Parts
from proxeny.labels.models import (
    Condition,
    Criterion,
    Indicator,
    Level,
    Quota,
    Scheme,
    SchemeVersion,
    Wording,
)
from proxeny.partnerships.models import Agreement, Partnership
from proxeny.partnerships.queries import SignedText, list_agreed


def get_scheme(partnership_id: int, scheme_id: int) -> Scheme:
    """Return a scheme, archived or not; `NotFound` if the reader sees none. One query."""
    one = Scheme.objects.filter(pk=scheme_id, partnership_id=partnership_id).first()
    if one is None:
        raise NotFound(_("We couldn’t find this label."))
    return one


def read_parts(scheme: Scheme) -> Parts:
    """Return a scheme with all that belongs to it. Six queries."""
    there = {"scheme": scheme, "dropped_at": None}
    order = ("number", "pk")
    criteria = list(Criterion.objects.filter(**there).order_by(*order))
    known = {one.pk for one in criteria}
    indicators = Indicator.objects.filter(**there).order_by(*order)
    return Parts(
        scheme,
        criteria,
        [one for one in indicators if one.criterion_id in known],
        list(Condition.objects.filter(**there).order_by(*order)),
        list(Level.objects.filter(**there).order_by("least", "pk")),
        list(Quota.objects.filter(**there).order_by(*order)),
        list(Wording.objects.filter(scheme=scheme).order_by("pk")),
    )


def versions_of(scheme: Scheme) -> QuerySet[SchemeVersion]:
    """Return its versions, the newest first: those that were published, and what waits."""
    return SchemeVersion.objects.filter(scheme=scheme).order_by("-number")


def published_version(scheme: Scheme) -> SchemeVersion | None:
    """Return the newest version that all sides signed and that was not withdrawn. One query."""
    return versions_of(scheme).filter(published_at__isnull=False, withdrawn_at=None).first()


def list_schemes(partnership_id: int) -> list[Scheme]:
    """Return the labels of a room that are not archived, by name. One query."""
    found = Scheme.objects.filter(partnership_id=partnership_id, dropped_at=None)
    return list(found.order_by("title", "pk"))


@dataclass(frozen=True, slots=True)
class Listed:
    """A label in the list of its room.

    Attributes
    ----------
    published : SchemeVersion, optional
        The newest version that all sides signed, without what it says; withdrawn or not.
    waits : bool
        Whether a version waits for signatures.
    """

    scheme: Scheme
    published: SchemeVersion | None
    waits: bool

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was published, and is not any more."""
        return self.published is not None and self.published.withdrawn_at is not None


def list_with_state(partnership_id: int) -> list[Listed]:
    """Return the labels of a room that are not archived, with their states. Three queries."""
    schemes = list_schemes(partnership_id)
    seen = SchemeVersion.objects.filter(
        partnership_id=partnership_id, published_at__isnull=False
    ).defer("content")
    # The newest of each is the last one taken.
    published = {one.scheme_id: one for one in seen.order_by("number")}
    waits = Agreement.objects.filter(
        partnership_id=partnership_id, kind=Agreement.Kind.SCHEME, completed_at=None, closed_at=None
    )
    waiting = set(waits.values_list("subject", flat=True))
    return [Listed(one, published.get(one.pk), str(one.pk) in waiting) for one in schemes]


def text_of(partnership: Partnership, scheme: Scheme) -> SignedText | None:
    """Return the newest text sent for signature about a scheme. Two queries."""
    return next(iter(list_agreed(partnership, Agreement.Kind.SCHEME, str(scheme.pk))), None)


def is_waiting(text: SignedText | None) -> bool:
    """Whether a text still waits for signatures."""
    return bool(text and not (text.agreement.completed_at or text.agreement.closed_at))


def get_version(scheme: Scheme, number: int) -> SchemeVersion:
    """Return a version of a scheme, published or not; `NotFound` if there is none. One query."""
    one = SchemeVersion.objects.filter(scheme=scheme, number=number).first()
    if one is None:
        raise NotFound(_("We couldn’t find this version."))
    return one
