"""Pending items of a reader in the directory: interest, offers and needs, searches, and entries."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.directory.models import (
    DuplicatePair,
    Interest,
    Listing,
    MatchChoice,
    MemberImport,
    Organisation,
    SavedSearch,
)
from proxeny.directory.queries.advisers import advised_by
from proxeny.directory.queries.interests import waiting_for
from proxeny.directory.queries.listings import SOON, belongs_to, list_in_review
from proxeny.kernel.kinds import Kind, day_of
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.waiting import Waiting

#: Requests to meet somebody are told for so long.
WISHED = timedelta(days=14)
_TITLE = {"title": "title"}


def find_waiting(reader: Reader, now: datetime, room: int | None) -> Iterator[Kind[Waiting]]:
    """Yield what waits in the directory; nothing of it in a room. One query at most."""
    if room is not None:
        return
    advised = advised_by(reader, today=now.date())
    yield from _texts(reader, advised, now)
    yield _searches(reader)
    if own := set(reader.organisations) & set(reader.clusters):
        yield _wanted(own, now)
    if reader.managed:
        yield from _entries(reader)


def _texts(reader: Reader, advised: frozenset[int], now: datetime) -> Iterator[Kind[Waiting]]:
    title = Listing.objects.filter(pk=OuterRef("listing_id")).values("title")
    interests = Interest.objects.filter(waiting_for(reader, advised)).order_by("updated_at", "pk")
    # Whoever no longer sees the offer or need reads the title it had.
    columns: dict[str, Any] = {"title": Subquery(title), "told": F("answers__title")}
    yield Kind(interests, _tell_interest, columns, in_room=None)
    if advised:
        yield Kind(list_in_review(advised), partial(_tell_text, "review"), _TITLE, in_room=None)
    own = Listing.objects.filter(belongs_to(reader.organisations))
    sent_back = own.filter(status=Listing.Status.DRAFT).exclude(note="").order_by("-updated_at")
    yield Kind(sent_back, partial(_tell_text, "change"), _TITLE, in_room=None)
    today = now.date()
    ending = own.filter(status=Listing.Status.PUBLISHED, expires_on__range=(today, today + SOON))
    columns = {**_TITLE, "day": "expires_on"}
    yield Kind(
        ending.order_by("expires_on", "pk"), partial(_tell_text, "renew"), columns, in_room=None
    )


def _tell_interest(pk: int, title: str | None, told: str | None) -> Waiting:
    return Waiting(
        key=f"interest:{pk}:answer",
        title=title or told or _("Interest"),
        text=_("An expression of interest is waiting for you."),
        url=reverse("directory:interest", args=[pk]),
        label=_("Read and answer"),
        tone="warn",
    )


def _tell_text(what: str, *, pk: int, title: str, day: str | None = None) -> Waiting:
    due = day_of(day)
    text, label = {
        "review": (_("This offer or need is waiting for your review."), _("Read")),
        "change": (_("Your adviser has asked for a change."), _("See the note")),
        "renew": (_("Visible until %(day)s. Renew it if it’s still current."), _("View")),
    }[what]
    return Waiting(
        key=f"listing:{pk}:{what}",
        title=title,
        text=text % {"day": date_format(due)} if due else text,
        url=reverse("directory:listing", args=[pk]),
        label=label,
        tone="info" if due else "warn",
        due=due,
    )


def _searches(reader: Reader) -> Kind[Waiting]:
    def tell(pk: int, title: str, count: int) -> Waiting:
        text = ngettext("%(counter)s new result", "%(counter)s new results", count)
        return Waiting(
            key=f"search:{pk}:see",
            title=title,
            text=text % {"counter": count},
            url=reverse("directory:searches"),
            label=_("View"),
        )

    found = SavedSearch.objects.filter(person_id=reader.own_id, fresh__gt=0)
    columns = {"title": "name", "count": "fresh"}
    return Kind(found.order_by("name", "pk"), tell, columns, in_room=None)


def _wanted(own: set[int], now: datetime) -> Kind[Waiting]:
    def tell(pk: int, count: int) -> Waiting:
        text = ngettext(
            "%(count)d request to meet someone, from the last two weeks.",
            "%(count)d requests to meet someone, from the last two weeks.",
            count,
        )
        return Waiting(
            key=f"cluster:{pk}:introduce",
            title=_("Who your members want to meet"),
            text=text % {"count": count},
            url=reverse("directory:wanted", args=[pk]),
            label=_("Bring them together"),
        )

    wanted = MatchChoice.objects.filter(
        Q(organisation__steward=OuterRef("pk")) | Q(organisation=OuterRef("pk")),
        verdict=MatchChoice.Verdict.WANTED,
        target__merged_into=None,
        created_at__gte=now - WISHED,
    )
    return _counted(own, wanted, "verdict", tell)


def _counted(clusters: set[int], rows: QuerySet[Any], by: str, tell: Any) -> Kind[Waiting]:
    """Return clusters with the number of some rows, where there are any."""
    count = rows.order_by().values(by).annotate(count=Count("pk")).values("count")
    found = Organisation.objects.filter(pk__in=clusters).annotate(
        count=Coalesce(Subquery(count), 0)
    )
    found = found.filter(count__gt=0).order_by("sort_name", "pk")
    return Kind(found, tell, {"count": "count"}, in_room=None)


def _entries(reader: Reader) -> Iterator[Kind[Waiting]]:
    def tell(pk: int, count: int) -> Waiting:
        text = ngettext(
            "%(counter)s pair is waiting for a decision",
            "%(counter)s pairs are waiting for a decision",
            count,
        )
        return Waiting(
            key=f"cluster:{pk}:merge",
            title=_("Duplicates"),
            text=text % {"counter": count},
            url=reverse("directory:duplicates"),
            label=_("Decide"),
        )

    pairs = DuplicatePair.objects.filter(cluster=OuterRef("pk"), state=DuplicatePair.State.OPEN)
    yield _counted(set(reader.managed), pairs, "state", tell)
    imports = MemberImport.objects.filter(
        cluster__in=reader.managed,
        state__in=(MemberImport.State.UPLOADED, MemberImport.State.CHECKED),
    )
    columns = {"title": "file_name", "state": "state"}
    yield Kind(imports.order_by("created_at", "pk"), _tell_import, columns, in_room=None)


def _tell_import(pk: int, title: str, state: str) -> Waiting:
    text = _("The list has been checked. Import or discard it.")
    if state == MemberImport.State.UPLOADED:
        text = _("The list has been uploaded. Match its columns.")
    return Waiting(
        key=f"import:{pk}:finish",
        title=title,
        text=text,
        url=reverse("directory:import-detail", args=[pk]),
        label=_("Continue"),
    )
