"""Labels on the public page of a partnership: its valid awards."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from proxeny.labels.models import Award
from proxeny.labels.operations.issuing import award_url
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.public_results import PublicResult


def find_results(partnership: Partnership) -> Iterator[PublicResult]:
    """Yield the awards that hold, the newest first; everybody reads them. One query."""
    found = (
        Award.objects.filter(
            partnership=partnership,
            issued_at__isnull=False,
            revoked_at=None,
            valid_until__gt=timezone.now(),
        )
        .select_related("scheme_version")
        .defer("credential", "scheme_version__content")
    )
    for one in found.order_by("-issued_at", "-pk"):
        yield PublicResult(
            key=f"award:{one.pk}",
            title=one.title,
            note=" · ".join((one.scheme_version.title, one.holder)),
            on=timezone.localtime(one.issued_at).date() if one.issued_at else None,
            url=award_url(one.code),
            room_url=reverse("labels:award-room", args=[partnership.pk, one.scheme_id, one.pk]),
        )
