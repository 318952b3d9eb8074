"""Recent changes: in a reader's rooms, for the members they work for, and public ones."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, DateTimeField, Exists, F, Model, OuterRef, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.alliances.models import PageVersion
from proxeny.ambassadors.models import Mandate
from proxeny.assessments.models import Engagement
from proxeny.directory.models import Interest
from proxeny.events.models import Event, Participation
from proxeny.kernel.tenancy import Reader
from proxeny.labels.models import Award, Result
from proxeny.partnerships.history import recent_entries, tell_together
from proxeny.partnerships.models import Partnership
from proxeny.research.models import Publication
from proxeny.web.day.model import Change

CHANGES = 6
NEWS = 4
RECENT = timedelta(days=30)

#: Kind, whose rows, when, what it is called, its reference in an address, and its state.
_Told = tuple[str, "QuerySet[Any]", str, str, str, str]


def find_changes(
    reader: Reader, partnerships: Sequence[Partnership], now: datetime
) -> tuple[Change, ...]:
    """Return the changes of others in the last month, newest first.

    For a team: events in its rooms. For people who work for members: answers, publications and
    decisions that concern these. One query for either, and those that find the names of what is
    mentioned.
    """
    found = [*_in_rooms(reader, partnerships, now), *_for_members(reader, now)]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True)[:CHANGES])


def _in_rooms(
    reader: Reader, partnerships: Sequence[Partnership], now: datetime
) -> Iterator[Change]:
    entries = recent_entries(
        [one.pk for one in partnerships if one.pk in reader.rooms],
        since=now - RECENT,
        apart_from=reader.person,
        most=CHANGES,
    )
    for one in tell_together(partnerships, entries):
        yield Change(one.at, one.sentence, what=one.what, by=one.by, side=one.side)


def _for_members(reader: Reader, now: datetime) -> Iterator[Change]:
    own = sorted(set(reader.organisations) - set(reader.clusters))
    if own:
        for kind, at, what, ref, state in _newest(_of_members(own), CHANGES, now - RECENT):
            sentence, name = _said(kind, state)
            yield Change(at, sentence, what=what, url=reverse(name, args=[ref]))


def _of_members(own: list[int]) -> list[_Told]:
    comes = Participation.objects.filter(event=OuterRef("pk"), organisation_id__in=own)
    answered = ("accepted", "declined", "returned")
    return [
        (
            "interest",
            Interest.objects.filter(organisation_id__in=own, state__in=answered),
            "updated_at",
            "listing__title",
            "listing_id",
            "state",
        ),
        (
            "mandate",
            Mandate.objects.filter(member_id__in=own),
            "answered_at",
            "cluster__name",
            "pk",
            "state",
        ),
        ("agenda", Event.objects.filter(Exists(comes)), "published_at", "title", "pk", ""),
        (
            "result",
            Result.objects.filter(application__organisation_id__in=own, is_newest=True),
            "told_at",
            "application__title",
            "application_id",
            "",
        ),
        ("report", Engagement.objects.filter(client_id__in=own), "reported_at", "title", "pk", ""),
    ]


def _said(kind: str, state: str) -> tuple[str, str]:
    """Return the sentence about a change, and the name of the address that it leads to."""
    if kind == "interest":
        sentences = {
            "accepted": _("Your expression of interest was accepted:"),
            "declined": _("Your expression of interest was declined:"),
            "returned": _("Your adviser has a question about your expression of interest:"),
        }
        return sentences[state], "directory:listing"
    return {
        "mandate": (_("Your mandate request was answered by"), "ambassadors:own-mandate"),
        "agenda": (_("The agenda has been published:"), "events:my-agenda"),
        "result": (_("The jury has decided:"), "labels:own-result"),
        "report": (_("Your assessment report is ready:"), "assessments:own-report"),
    }[kind]


def find_news(reader: Reader, now: datetime) -> tuple[Change, ...]:
    """Return recent public news, for readers without a room of their own. One query.

    Studies, pages of partnerships, and labels awarded: the newest, however old.
    """
    if reader.rooms or set(reader.organisations) - set(reader.clusters):
        return ()
    told = {
        "study": (_("A study was published:"), "research:public"),
        "page": (_("A partnership published its page:"), "alliances:public"),
        "award": (_("A label was awarded:"), "labels:award"),
    }
    found = []
    for kind, at, what, ref, _state in _newest(_published(now), NEWS):
        sentence, name = told[kind]
        found.append(Change(at, sentence, what=what, url=reverse(name, args=[ref])))
    return tuple(found)


def _published(now: datetime) -> list[_Told]:
    studies, pages = (
        model.objects.filter(withdrawn_at=None, published_at__isnull=False)
        .order_by("slug", "-number")
        .distinct("slug")
        for model in (Publication, PageVersion)
    )
    awards = Award.objects.filter(
        dropped_at=None, revoked_at=None, issued_at__isnull=False, valid_until__gt=now
    )
    return [
        ("study", _alone(Publication, studies), "published_at", "title", "slug", ""),
        ("page", _alone(PageVersion, pages), "published_at", "title", "slug", ""),
        ("award", awards, "issued_at", "title", "code", ""),
    ]


def _alone(model: type[Model], newest: QuerySet[Any]) -> QuerySet[Any]:
    """Return the same rows without their order, which a part of a union cannot have."""
    return model._default_manager.filter(pk__in=newest.values("pk"))


def _newest(
    parts: list[_Told], most: int, since: datetime | None = None
) -> list[tuple[str, datetime, str, str, str]]:
    """Return kind, moment, name, reference and state of the newest rows of several kinds. One query."""
    first, *others = (_columns(*part, since) for part in parts)
    rows = first.union(*others, all=True).order_by("-day_at")[:most]
    return [
        (one["day_kind"], one["day_at"], one["day_what"], one["day_ref"], one["day_state"])
        for one in rows
    ]


def _columns(
    kind: str,
    found: QuerySet[Any],
    at: str,
    what: str,
    ref: str,
    state: str,
    since: datetime | None,
) -> QuerySet[Any]:
    seen = {f"{at}__isnull": False} if since is None else {f"{at}__gte": since}
    text = CharField()
    rows: QuerySet[Any] = (
        found.filter(**seen)
        .order_by()
        .annotate(
            day_kind=Value(kind, text),
            day_at=Cast(F(at), DateTimeField()),
            day_what=Cast(F(what), text),
            day_ref=Cast(F(ref), text),
            day_state=Cast(F(state), text) if state else Value("", text),
        )
        .values("day_kind", "day_at", "day_what", "day_ref", "day_state")
    )
    return rows
