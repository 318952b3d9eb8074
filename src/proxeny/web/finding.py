"""Search of everything that a reader may see: entries, calls, people, rooms and their records.

The database leaves out what the reader may not see, as on every list; where a list has a search of
its own, that one answers, so that a word is found here as it is there.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Model, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy

from proxeny.accounts.models import Person
from proxeny.ambassadors.models import Introduction
from proxeny.assessments.models import Engagement, Figure, ServiceText
from proxeny.calls.queries.calls import Wanted, find_calls
from proxeny.directory import queries as directory
from proxeny.directory.countries import country_name
from proxeny.directory.queries.listings import ListingFilters
from proxeny.directory.queries.lists import Filters
from proxeny.events.models import Event
from proxeny.folding import fold
from proxeny.kernel.requests import Request
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.views.frame import parts_of_rooms
from proxeny.web.context import shell

#: So many of each kind are shown; its own list shows the rest.
MOST = 6
#: Shorter words find too much to be of use.
SHORTEST = 2
#: Titled records of rooms, except parts of other records.
_KEPT = (
    "objective",
    "activity",
    "action",
    "risk",
    "recommendation",
    "study",
    "package",
    "bid",
    "scheme",
    "label-round",
    "trend",
)
#: Kinds of results from market assessments, with heading and icon.
_OF_ASSESSMENTS = {
    "engagement": (gettext_lazy("Market assessments"), "chart-bar"),
    "service": (gettext_lazy("Services"), "file-text"),
    "figure": (gettext_lazy("Figures"), "chart-bar"),
}
#: Pages of so many rooms are offered.
_ROOMS = 5


@dataclass(frozen=True, slots=True)
class Hit:
    """A search result and its address."""

    title: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class Found:
    """The results of one kind; `more_url` leads to all of them where there may be more."""

    code: str
    label: Promise
    icon: str
    hits: Sequence[Hit]
    more_url: str = ""


def find_everything(request: Request, words: str, *, now: datetime) -> list[Found]:
    """Return the hits for some words, kind by kind; nothing for fewer than two letters.

    As many queries for much as for little.
    """
    words = " ".join(words.split())[:200]
    if len(words) < SHORTEST:
        return []
    reader: Reader = request.reader
    found = [
        Found("pages", gettext_lazy("Pages"), "list", list(_pages(request, words))),
        _organisations(words),
        _listings(words),
        *_of_team(reader, words, now),
        _named(
            "partnerships",
            gettext_lazy("Partnerships"),
            "link",
            Partnership,
            words,
            "partnerships:detail",
        ),
        _named("events", gettext_lazy("Events"), "calendar-event", Event, words, "events:detail"),
        Found("kept", gettext_lazy("In partnerships"), "heart-handshake", _kept(words)),
        *_assessments(reader, words),
    ]
    return [one for one in found if one.hits]


def _pages(request: Request, words: str) -> Iterator[Hit]:
    """Yield the pages that are called so: of the menus, and of the reader's rooms."""
    wanted = fold(words).split()
    shown = shell(request)
    told = [Hit(str(one.label), "", one.url) for one in (*shown["nav"], *shown["menu"])]
    rooms = Partnership.objects.filter(pk__in=request.reader.rooms).order_by("-pk")[:_ROOMS]
    for pk, title in rooms.values_list("pk", "title"):
        for _code, _label, pages in parts_of_rooms():
            told += [Hit(str(one.label), title, one.url(pk)) for one in pages]
    hits = (one for one in told if _holds(wanted, f"{one.title} {one.note}", one.title))
    for hit, _number in zip(hits, range(MOST), strict=False):
        yield hit


def _holds(wanted: Iterable[str], text: str, title: str) -> bool:
    """Whether all words begin words of a text, and one of them a word of the title."""
    parts, own = fold(text).split(), fold(title).split()
    wanted = list(wanted)
    return all(any(part.startswith(one) for part in parts) for one in wanted) and any(
        part.startswith(one) for part in own for one in wanted
    )


def _organisations(words: str) -> Found:
    page = directory.get_page(Filters(q=words))
    hits = [
        Hit(one.name, country_name(one.country), reverse("directory:detail", args=[one.pk]))
        for one in page.rows[:MOST]
    ]
    return Found(
        "organisations",
        gettext_lazy("Organisations"),
        "building-community",
        hits,
        _more("directory:list", words, page.rows),
    )


def _listings(words: str) -> Found:
    page = directory.get_listing_page(ListingFilters(q=words))
    hits = [
        Hit(
            one.title,
            f"{one.get_direction_display()} · {one.organisation.name}",
            reverse("directory:listing", args=[one.pk]),
        )
        for one in page.rows[:MOST]
    ]
    return Found(
        "listings",
        gettext_lazy("Offers and needs"),
        "arrows-exchange",
        hits,
        _more("directory:listings", words, page.rows),
    )


def _of_team(reader: Reader, words: str, now: datetime) -> Iterator[Found]:
    """Yield the lists that only clusters' people have: calls, people, cases of the desk."""
    if not reader.clusters:
        return
    calls = list(find_calls(Wanted(q=words), now=now)[: MOST + 1])
    hits = [
        Hit(one.title, one.reference, reverse("calls:detail", args=[one.pk]))
        for one in calls[:MOST]
    ]
    yield Found("calls", gettext_lazy("Calls"), "target", hits, _more("calls:list", words, calls))
    if reader.managed:
        people = Person.objects.filter(_holding("name", words), erased_at=None).order_by("name")
        yield Found(
            "people",
            gettext_lazy("People"),
            "users",
            [
                Hit(name, email, reverse("people:list", query={"q": name}))
                for name, email in people.values_list("name", "email")[:MOST]
            ],
        )
    if reader.desks:
        cases = Introduction.objects.filter(
            _holding("member__name", words) | _holding("stakeholder__name", words),
            cluster_id__in=reader.desks,
        )
        rows = cases.order_by("-pk").select_related("member", "stakeholder")[:MOST]
        yield Found(
            "introductions",
            gettext_lazy("Introductions"),
            "briefcase",
            [
                Hit(
                    f"{one.member.name} – {one.stakeholder.name}",
                    one.get_state_display(),
                    reverse("ambassadors:case", args=[one.partnership_id, one.pk]),
                )
                for one in rows
            ],
        )


def _named(
    code: str, label: Promise, icon: str, model: type[Model], words: str, page: str
) -> Found:
    rows = model._default_manager.filter(_holding("title", words)).order_by("-pk")[:MOST]
    hits = [
        Hit(title, "", reverse(page, args=[pk])) for pk, title in rows.values_list("pk", "title")
    ]
    return Found(code, label, icon, hits)


def _kept(words: str) -> list[Hit]:
    """Return matching records of rooms, newest first: one query, and one of each kind."""
    rows: QuerySet[Any] | None = None
    for name in _KEPT:
        kind = KINDS[name]
        one = (
            kind.model._default_manager.filter(_holding(kind.tag, words), dropped_at=None)
            .order_by()
            .annotate(sort=Value(name, CharField()))
            .values_list("sort", "pk", "created_at")
        )
        rows = one if rows is None else rows.union(one, all=True)
    newest = list(rows.order_by("-created_at", "-pk")[:MOST]) if rows is not None else []
    by_kind: dict[str, list[int]] = {}
    for name, pk, _made in newest:
        by_kind.setdefault(name, []).append(pk)
    records = {
        (name, one.pk): one
        for name, pks in by_kind.items()
        for one in KINDS[name]
        .model._default_manager.select_related("partnership")
        .filter(pk__in=pks)
    }
    return [
        Hit(
            KINDS[name].title_of(record),
            f"{KINDS[name].label} · {record.partnership.title}",
            KINDS[name].url_of(record),
        )
        for name, pk, _made in newest
        if (record := records.get((name, pk)))
    ]


def _assessments(reader: Reader, words: str) -> Iterator[Found]:
    """Yield matching records of market assessments: one query for all three kinds.

    A company finds what it asked for, which has a page outside the room; teams find the services of
    their rooms, by what they are called in any language, and figures.
    """
    rooms = reader.rooms
    texts = ServiceText.objects.filter(service__partnership_id__in=rooms)
    in_own_language = Case(When(language=get_language(), then=0), default=1)
    figures = Figure.objects.filter(partnership_id__in=rooms, dropped_at=None)
    rows = _first("engagement", Engagement.objects.all(), "title", "pk", "partnership_id", words)
    rows = rows.union(
        _first(
            "service",
            texts,
            "name",
            "service_id",
            "service__partnership_id",
            words,
            in_own_language,
        ),
        _first("figure", figures, "title", "pk", "partnership_id", words),
        all=True,
    )
    # A service that is called so in two languages is found once.
    hits: dict[str, dict[int, Hit]] = {kind: {} for kind in _OF_ASSESSMENTS}
    for kind, title, pk, room in rows:
        if room in rooms:
            url = reverse(f"assessments:{kind}", args=[room, pk])
        else:
            url = reverse("assessments:own-engagement", args=[pk])
        hits[kind].setdefault(pk, Hit(title, "", url))
    for kind, (label, icon) in _OF_ASSESSMENTS.items():
        yield Found(kind, label, icon, list(hits[kind].values()))


def _first(
    kind: str, rows: QuerySet[Any], title: str, pk: str, room: str, words: str, *then: Case
) -> QuerySet[Any, tuple[str, str, int, int]]:
    """Return the newest rows that are called so, as kind, title, number and room; of one number
    in the order `then`."""
    found: QuerySet[Any, tuple[str, str, int, int]] = (
        rows.filter(_holding(title, words))
        .order_by(f"-{pk}", *then)
        .annotate(of_kind=Value(kind, CharField()))
        .values_list("of_kind", title, pk, room)[:MOST]
    )
    return found


def _holding(column: str, words: str) -> Q:
    """Return the condition that a column contains all words, in any case."""
    condition = Q()
    for word in words.split():
        condition &= Q(**{f"{column}__icontains": word})
    return condition


def _more(name: str, words: str, rows: Sequence[object]) -> str:
    return reverse(name, query={"q": words}) if len(rows) > MOST else ""
