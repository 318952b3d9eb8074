"""Labels as everybody reads them: all that are published, and one with its rounds and awards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from proxeny.kernel.errors import NotFound
from proxeny.labels.models import Award, Round, SchemeVersion
from proxeny.labels.rules import holds, takes_applications


def _seen() -> QuerySet[SchemeVersion]:
    return SchemeVersion.objects.filter(published_at__isnull=False)


def find_published() -> QuerySet[SchemeVersion]:
    """Return the newest version of each label that is not withdrawn, by name."""
    newer = _seen().filter(scheme=OuterRef("scheme"), number__gt=OuterRef("number"))
    return _seen().filter(~Exists(newer), withdrawn_at=None).order_by("title", "pk")


def get_published(slug: str, number: int | None = None) -> SchemeVersion:
    """Return the publication at a public address: a version, or the newest one. One query.

    A withdrawn one is returned too: its page shows that, with the reason.

    Raises
    ------
    NotFound
        Nothing was published there, whether there is a draft or not.
    """
    found = _seen().filter(slug=slug)
    if number is not None:
        found = found.filter(number=number)
    one = found.order_by("-number").first()
    if one is None:
        raise NotFound(_("No label is published here."))
    return one


def list_seen(version: SchemeVersion) -> list[SchemeVersion]:
    """Return all versions of a label that the world has seen, the newest first. One query."""
    found = _seen().filter(scheme_id=version.scheme_id)
    return list(found.defer("content").order_by("-number"))


@dataclass(frozen=True, slots=True)
class Shown:
    """The public view of a round; `is_open`: it takes applications at this moment."""

    round: Round
    is_open: bool
    is_ahead: bool


def list_rounds(scheme_id: int, now: datetime) -> list[Shown]:
    """Return the published rounds of a label, the newest first. One query."""
    found = Round.objects.filter(
        scheme_id=scheme_id, published_at__isnull=False, dropped_at=None
    ).order_by("-opens_at", "-pk")
    return [Shown(one, takes_applications(one, now), now < one.opens_at) for one in found]


@dataclass(frozen=True, slots=True)
class Awarded:
    """An award as everybody reads it."""

    award: Award
    holds: bool


def list_awards(scheme_id: int, now: datetime) -> Sequence[Awarded]:
    """Return the awards of a label that were issued, those that hold first. One query."""
    found = Award.objects.filter(scheme_id=scheme_id, issued_at__isnull=False).defer("credential")
    rows = [Awarded(one, holds(one, now)) for one in found.order_by("-issued_at", "-pk")]
    return sorted(rows, key=lambda one: not one.holds)


def list_addresses() -> list[tuple[str, datetime | None]]:
    """Return the slug and the publication date of each published label. One query."""
    return list(find_published().order_by("pk").values_list("slug", "published_at"))
