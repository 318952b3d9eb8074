"""Pending items of a side's managers about public pages: one that names other participants."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.alliances.models import PageVersion
from proxeny.kernel.kinds import Kind
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.waiting import Waiting
from proxeny.partnerships.models import Partnership, Party


def find_waiting(reader: Reader, now: datetime, room: int | None) -> Iterator[Kind[Waiting]]:
    """Yield the published pages that name parties other than the current ones."""
    if not reader.steered:
        return
    published = PageVersion.objects.filter(
        partnership=OuterRef("partnership"), published_at__isnull=False
    )
    joined = Party.objects.filter(partnership=OuterRef("partnership"), state=Party.State.JOINED)
    found = PageVersion.objects.filter(
        pk=Subquery(published.order_by("-number").values("pk")[:1]),
        withdrawn_at=None,
        partnership_id__in=reader.steered,
        partnership__state=Partnership.State.ACTIVE,
    )
    columns = {
        "room": "partnership_id",
        "title": "title",
        "members": "content__members",
        "parties": ArraySubquery(joined.values("pk")),
    }
    yield Kind(found.order_by("pk"), _tell, columns)


def _tell(
    pk: int, room: int, title: str, members: list[dict[str, Any]] | None, parties: list[int]
) -> Waiting | None:
    if members is None or {one["party"] for one in members} == set(parties):
        return None
    return Waiting(
        key=f"page:{room}:renew",
        title=title,
        text=_("The public page doesn’t list the current participants."),
        url=reverse("alliances:publication", args=[room]),
        label=_("Renew the page"),
        partnership_id=room,
    )
