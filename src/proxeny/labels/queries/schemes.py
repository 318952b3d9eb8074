"""Schemes of a room: one with all that belongs to it, and its signed versions."""

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


def get_scheme(partnership_id: int, scheme_id: int) -> Scheme:
    """Return a scheme, put away or not; `NotFound` if the reader sees none. One query."""
    one = Scheme.objects.filter(pk=scheme_id, partnership_id=partnership_id).first()
    if one is None:
        raise NotFound(_("There is no such label."))
    return one


def read_parts(scheme: Scheme) -> Parts:
    """Return a scheme with all that belongs to it. Six queries."""
    there = {"scheme": scheme, "dropped_at": None}
    order = ("number", "pk")
    criteria = list(Criterion.objects.filter(**there).order_by(*order))
    known = {one.pk for one in criteria}
    indicators = Indicator.objects.filter(**there).order_by(*order)
    return Parts(
        scheme, criteria, [one for one in indicators if one.criterion_id in known],
        list(Condition.objects.filter(**there).order_by(*order)),
        list(Level.objects.filter(**there).order_by("least", "pk")),
        list(Quota.objects.filter(**there).order_by(*order)),
        list(Wording.objects.filter(scheme=scheme).order_by("pk")),
    )  # fmt: skip


def versions_of(scheme: Scheme) -> QuerySet[SchemeVersion]:
    """Return its versions, the newest first: those that were published, and what waits."""
    return SchemeVersion.objects.filter(scheme=scheme).order_by("-number")


def published_version(scheme: Scheme) -> SchemeVersion | None:
    """Return the newest version that all sides signed and that was not withdrawn. One query."""
    return versions_of(scheme).filter(published_at__isnull=False, withdrawn_at=None).first()


def list_schemes(partnership_id: int) -> list[Scheme]:
    """Return the labels of a room that are not put away, by name. One query."""
    found = Scheme.objects.filter(partnership_id=partnership_id, dropped_at=None)
    return list(found.order_by("title", "pk"))
