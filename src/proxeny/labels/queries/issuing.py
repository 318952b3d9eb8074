"""With whose signatures the versions of a label were published."""

from dataclasses import dataclass

from proxeny.labels.models import SchemeVersion


@dataclass(frozen=True, slots=True)
class Published:
    """A published version, and the organisations that issue by it, in their order."""

    scheme_id: int
    slug: str
    number: int
    clusters: tuple[int, ...]


def versions_published(scheme_id: int | None = None, *, slug: str = "") -> list[Published]:
    """Return the versions of a label that were published, withdrawn or not, the oldest first.

    One query. Everybody may.
    """
    found = SchemeVersion.objects.filter(published_at__isnull=False)
    found = found.filter(slug=slug) if scheme_id is None else found.filter(scheme_id=scheme_id)
    rows = found.order_by("number").values_list("scheme_id", "slug", "number", "content__issuers")
    return [
        Published(scheme, name, number, tuple(one["organisation"] for one in issuers))
        for scheme, name, number, issuers in rows
    ]
