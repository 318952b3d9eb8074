"""Reading marks: the participant's own in full, everyone's as counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from proxeny.events.models import Event, MeetingRequest, Participation
from proxeny.events.queries.events import directions_of
from proxeny.events.queries.participants import participants_of, with_listings
from proxeny.events.rules import GOOD_LIST, allowed_kinds

Kind = MeetingRequest.Kind


@dataclass(frozen=True, slots=True)
class MarkCounts:
    """Numbers of marks that a participant gave and received. Their authors stay hidden."""

    given_must: int = 0
    given_wish: int = 0
    received_must: int = 0
    received_wish: int = 0

    @property
    def given(self) -> int:
        """The number of meetings it asked for."""
        return self.given_must + self.given_wish

    @property
    def received(self) -> int:
        """The number of participants that asked for it."""
        return self.received_must + self.received_wish


@dataclass(frozen=True, slots=True)
class OwnCounts:
    """Counts of a participant's own list."""

    must: int = 0
    wish: int = 0
    no_thanks: int = 0

    @property
    def percent(self) -> int:
        """The progress towards a good list, from 0 to 100."""
        return min(100, 100 * (self.must + self.wish) // GOOD_LIST)

    @property
    def missing(self) -> int:
        """The number of further requests until the list is good."""
        return max(0, GOOD_LIST - self.must - self.wish)


def requests_of(participation: Participation) -> QuerySet[MeetingRequest]:
    """Return the marks a participant gave, with the marked, as far as the reader may see them."""
    return (
        MeetingRequest.objects.filter(source=participation)
        .select_related("target__organisation", "target__group")
        .order_by("kind", "target__organisation__sort_name", "pk")
    )


def own_counts(participation: Participation) -> OwnCounts:
    """Return the numbers of must, wish and no-thanks a participant gave to current participants."""
    return own_counts_of([participation.pk])[participation.pk]


def own_counts_of(participation_ids: Iterable[int]) -> dict[int, OwnCounts]:
    """Return `own_counts` of several participants. One query, none without a participant."""
    ids = list(participation_ids)
    rows = MeetingRequest.objects.filter(
        source_id__in=ids, target__state=Participation.State.REGISTERED
    ).values_list("source_id", "kind")
    found = {(pk, kind): count for pk, kind, count in rows.order_by().annotate(count=Count("pk"))}
    kinds = (Kind.MUST, Kind.WISH, Kind.NO_THANKS)
    return {pk: OwnCounts(*(found.get((pk, kind), 0) for kind in kinds)) for pk in ids}


def request_counts(event: Event) -> dict[int, MarkCounts]:
    """Return the counts of must and wish by participation id, for organisers. Two queries.

    A no-thanks is never counted for its target.
    """
    marks = MeetingRequest.objects.filter(event=event, kind__in=(Kind.MUST, Kind.WISH)).order_by()
    numbers: dict[int, dict[str, int]] = {}
    for column, word in (("source_id", "given"), ("target_id", "received")):
        for pk, kind, count in marks.values_list(column, "kind").annotate(count=Count("pk")):
            numbers.setdefault(pk, {})[f"{word}_{kind}"] = count
    return {pk: MarkCounts(**values) for pk, values in numbers.items()}


def with_answers(participants: QuerySet[Participation]) -> QuerySet[Participation]:
    """Return participants with the counts of `request_counts`, and with `is_waiting`.

    They are `given_must`, `given_wish`, `received_must` and `received_wish`; for organisers.
    `is_waiting` says what `unanswered_of` finds.
    """
    given = MeetingRequest.objects.filter(source=OuterRef("pk"))
    received = MeetingRequest.objects.filter(target=OuterRef("pk"))
    return participants.annotate(
        given_must=_count(given, Kind.MUST),
        given_wish=_count(given, Kind.WISH),
        received_must=_count(received, Kind.MUST),
        received_wish=_count(received, Kind.WISH),
        is_waiting=Case(
            When(state=Participation.State.INVITED, then=Value(True)),
            When(state=Participation.State.REGISTERED, then=~Exists(given)),
            default=Value(False),
            output_field=BooleanField(),
        ),
    )


def _count(marks: QuerySet[MeetingRequest], kind: str) -> Coalesce:
    counted = marks.filter(kind=kind).order_by().values("kind").annotate(count=Count("pk"))
    return Coalesce(Subquery(counted.values("count")), 0)


def unanswered_of(
    event: Event, participation_ids: Sequence[int] | None = None
) -> QuerySet[Participation]:
    """Return participants that have not registered, or have registered and asked for nobody yet."""
    asked = MeetingRequest.objects.filter(source=OuterRef("pk"))
    found = (
        Participation.objects.filter(event=event)
        .exclude(state=Participation.State.WITHDRAWN)
        .filter(Q(state=Participation.State.INVITED) | ~Exists(asked))
        .select_related("organisation", "group")
        .order_by("organisation__sort_name", "pk")
    )
    if participation_ids is not None:
        found = found.filter(pk__in=participation_ids)
    return found


@dataclass(frozen=True, slots=True)
class Answers:
    """Numbers of invited members of some clusters, and of those who have not answered."""

    asked: int = 0
    waiting: int = 0


def count_answers(event_ids: Iterable[int], cluster_ids: Iterable[int]) -> dict[int, Answers]:
    """Return the answers of the members of some clusters, counted by event. One query.

    `waiting` counts the participants that `unanswered_of` finds.
    """
    marks = MeetingRequest.objects.filter(source=OuterRef("pk"))
    state = Participation.State
    rows = (
        Participation.objects.filter(
            event_id__in=list(event_ids), organisation__steward_id__in=list(cluster_ids)
        )
        .annotate(has_marked=Exists(marks))
        .order_by()
        .values_list("event_id")
        .annotate(
            asked=Count("pk"),
            waiting=Count(
                "pk",
                filter=~Q(state=state.WITHDRAWN) & (Q(state=state.INVITED) | Q(has_marked=False)),
            ),
        )
    )
    return {event_id: Answers(asked, waiting) for event_id, asked, waiting in rows}


def counterparts_of(
    participation: Participation,
    *,
    search: str = "",
    sector: str = "",
    listing: str = "",
    marked: str = "",
) -> QuerySet[Participation]:
    """Return the participants one may mark, each with its `mark` and `note`, and `may_ask`.

    A participant that may not be asked may still be refused.

    Parameters
    ----------
    search, sector : str
        As `participants_of`.
    listing : {"offer", "need", ""}
        Only participants with a published offer, or need.
    marked : {"yes", "no", "must", "wish", "no-thanks", ""}
        Only marked, unmarked, or marked so.
    """
    found = participants_of(participation.event, search=search, sector=sector)
    own = MeetingRequest.objects.filter(source=participation, target=OuterRef("pk"))
    groups = {pk: kinds for pk, kinds in kinds_by_group(participation).items() if kinds}
    askable = [pk for pk, kinds in groups.items() if Kind.WISH in kinds]
    found = (
        found.exclude(pk=participation.pk)
        .filter(group_id__in=groups)
        .annotate(
            may_ask=Case(
                When(group_id__in=askable, then=Value(True)),
                default=Value(False),
                output_field=BooleanField(),
            ),
            mark=Subquery(own.values("kind")[:1]),
            note=Subquery(own.values("note")[:1]),
        )
    )
    if listing in ("offer", "need"):
        found = found.filter(
            organisation__listings__direction=listing,
            organisation__listings__status="published",
        ).distinct()
    if marked in ("yes", "no"):
        found = found.filter(mark__isnull=marked == "no")
    elif marked in Kind.values:
        found = found.filter(mark=marked)
    return with_listings(found)


def kinds_by_group(participation: Participation) -> dict[int, tuple[str, ...]]:
    """Return which marks a participant may give to each group. Two queries."""
    directions = directions_of(participation.event)
    groups = participation.event.groups.values_list("pk", flat=True)
    return {pk: allowed_kinds(directions, participation.group_id, pk) for pk in groups}


def get_counterpart(participation: Participation, target_id: int) -> Participation | None:
    """Return one counterpart as `counterparts_of` does, or None."""
    return counterparts_of(participation).filter(pk=target_id).first()
