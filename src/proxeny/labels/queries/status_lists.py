"""Lists of what is revoked, as everybody reads them."""

from typing import Any

from django.utils.translation import gettext as _

from proxeny.kernel.errors import NotFound
from proxeny.labels.models import SchemeVersion, StatusList


def get_status_list(slug: str, number: int) -> dict[str, Any]:
    """Return a list of a label as it was signed; `NotFound` before it was. One query."""
    schemes = SchemeVersion.objects.filter(slug=slug, published_at__isnull=False)
    found = StatusList.objects.filter(
        scheme_id__in=schemes.values("scheme_id"), number=number, credential__isnull=False
    )
    credential: dict[str, Any] | None = found.values_list("credential", flat=True).first()
    if credential is None:
        raise NotFound(_("We couldn’t find this list."))
    return credential


def count_stale(organisation_id: int) -> int:
    """Return the number of a cluster's lists that wait for a new signature. One query."""
    found = StatusList.objects.filter(taken__gt=0, signed_at=None)
    mine = found.filter(scheme__partnership__parties__organisation_id=organisation_id)
    return mine.distinct().count()
