"""Research on the public page of a partnership: its published studies."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from proxeny.partnerships.models import Partnership
from proxeny.partnerships.public_results import PublicResult
from proxeny.research.models import Publication


def find_results(partnership: Partnership) -> Iterator[PublicResult]:
    """Yield the studies whose newest publication has not been withdrawn. One query."""
    published = Publication.objects.filter(partnership=partnership, published_at__isnull=False)
    newest = published.defer("content").order_by("study_id", "-number").distinct("study_id")
    for one in newest:
        if one.published_at is not None and one.withdrawn_at is None:
            yield PublicResult(
                key=f"study:{one.study_id}",
                title=one.title,
                language=one.language,
                on=timezone.localtime(one.published_at).date(),
                url=reverse("research:public", args=[one.slug]),
                room_url=reverse("research:study", args=[partnership.pk, one.study_id]),
            )
