"""Queries on participants."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.directory.models import Listing, Organisation
from proxeny.events.models import AgendaEntry, Event, Participation
from proxeny.events.queries.partnerships import Contact, contacts_of
from proxeny.events.rules import can_act_for
from proxeny.folding import fold
from proxeny.kernel.errors import NotAllowed, NotFound
from proxeny.kernel.rows import Column, Rows
from proxeny.kernel.tenancy import Reader

State = Participation.State

_ORGANISATION = Column(
    "organisation",
    gettext_lazy("Organisation"),
    lambda one: one.organisation.name,
    ("organisation__sort_name", "organisation_id"),
)
_CONTACT = Column("contact", gettext_lazy("Who’s coming"), lambda one: one.contact, ("contact",))
#: The participants, as everybody in the event sees them.
PARTICIPANTS = Rows(
    "participants",
    (
        _ORGANISATION,
        _CONTACT,
        Column("pitch", gettext_lazy("Looking for"), lambda one: one.pitch),
        Column("listings", gettext_lazy("Offers and needs"), lambda one: ""),
    ),
    sort="organisation",
)
#: The answers, as the organisers see them.
ANSWERS = Rows(
    "answers",
    (
        _ORGANISATION,
        _CONTACT,
        Column("state", gettext_lazy("State"), lambda one: one.get_state_display(), ("state",)),
    ),
    sort="organisation",
)


def get_participation(participation_id: int) -> Participation:
    """Return a participation with its event, organisation and group; `NotFound` if not seen."""
    found = (
        Participation.objects.select_related("event__partnership", "organisation", "group")
        .filter(pk=participation_id)
        .first()
    )
    if found is None:
        raise NotFound(_("We couldn’t find this participant."))
    return found


def get_own_participation(reader: Reader, participation_id: int) -> Participation:
    """Return a participation to a reader acting for it: the organisation, or its own cluster.

    Raises
    ------
    NotFound, NotAllowed
        Not visible; visible, but somebody else's.
    """
    found = get_participation(participation_id)
    if not can_act_for(reader, found):
        raise NotAllowed(_("Only the organisation itself or its own cluster can see this."))
    return found


def participants_of(
    event: Event,
    *,
    state: str = State.REGISTERED,
    search: str = "",
    group_id: int | None = None,
    sector: str = "",
    ids: Collection[int] | None = None,
) -> QuerySet[Participation]:
    """Return participants with organisation and group, in the order of their `sort_name`.

    Parameters
    ----------
    state : str
        One of `Participation.State`; empty for all that the reader sees.
    search : str
        Words, each in the organisation's entry, the contact's name or what is looked for.
    group_id : int, optional
        Only this group.
    sector : str
        Only organisations of this field.
    ids : collection of int, optional
        Only these participations.
    """
    found = (
        Participation.objects.filter(event=event)
        .select_related("organisation", "group")
        .annotate(sort_name=F("organisation__sort_name"))
    )
    if state:
        found = found.filter(state=state)
    if group_id:
        found = found.filter(group_id=group_id)
    if sector:
        found = found.filter(organisation__sectors__contains=[sector])
    if ids is not None:
        found = found.filter(pk__in=ids)
    for word in search.split():
        found = found.filter(
            Q(organisation__search_text__contains=fold(word))
            | Q(contact__icontains=word)
            | Q(pitch__icontains=word)
        )
    return found.order_by("organisation__sort_name", "organisation_id")


def with_listings(participants: QuerySet[Participation]) -> QuerySet[Participation]:
    """Return participants with their published offers and needs, as `organisation.shown`."""
    published = Listing.objects.filter(status=Listing.Status.PUBLISHED).order_by("direction", "pk")
    return participants.prefetch_related(
        Prefetch("organisation__listings", queryset=published, to_attr="shown")
    )


def sectors_of(participants: Iterable[Participation] | QuerySet[Participation]) -> list[str]:
    """Return the fields that occur among participants, each once, sorted. One query."""
    rows: Iterable[list[str]]
    if isinstance(participants, QuerySet):
        rows = participants.order_by().values_list("organisation__sectors", flat=True)
    else:
        rows = [one.organisation.sectors for one in participants]
    return sorted({sector for sectors in rows for sector in sectors}, key=str.casefold)


def count_arrivals(event: Event) -> tuple[int, int]:
    """Return how many registered participants are here, and how many are expected. One query."""
    arrived = Count("checked_in_at")
    row = Participation.objects.filter(event=event, state=State.REGISTERED).aggregate(
        here=arrived, expected=Count("pk")
    )
    return row["here"], row["expected"]


def own_participations(reader: Reader, event: Event) -> list[Participation]:
    """Return the participations of the organisations the reader holds a seat in. One query."""
    return own_participations_in(reader, [event.pk])


def own_participations_in(reader: Reader, event_ids: Iterable[int]) -> list[Participation]:
    """Return `own_participations` of several events, by name of the organisation. One query."""
    return list(
        Participation.objects.filter(
            event_id__in=list(event_ids), organisation_id__in=reader.organisations
        )
        .select_related("organisation", "group")
        .order_by("organisation__sort_name", "pk")
    )


def invitable(reader: Reader, event: Event, *, search: str = "") -> QuerySet[Organisation]:
    """Return the members of the reader's clusters, and the clusters, that are not invited yet."""
    found = (
        Organisation.objects.listed()
        .filter(Q(steward_id__in=reader.managed) | Q(pk__in=reader.managed))
        .exclude(pk__in=Participation.objects.filter(event=event).values("organisation_id"))
    )
    for word in search.split():
        found = found.filter(
            Q(search_text__contains=fold(word)) | Q(sort_name__contains=fold(word))
        )
    return found.order_by("sort_name", "pk")


def invitable_ids(reader: Reader, event: Event, *, search: str = "") -> set[int]:
    """Return the ids of all that `invitable` lists, for inviting them at once. One query."""
    return set(invitable(reader, event, search=search).values_list("pk", flat=True))


def prefill_of(participation: Participation) -> str:
    """Return what to look for, from the organisation's published needs, as a first draft."""
    titles = Listing.objects.filter(
        organisation_id=participation.organisation_id,
        direction=Listing.Direction.NEED,
        status=Listing.Status.PUBLISHED,
    ).order_by("pk")
    return "; ".join(titles.values_list("title", flat=True)[:4])[:500]


def contacts_for(participation: Participation, *, today: date) -> list[Contact]:
    """Return a participant's contacts, as far as the reader may see them."""
    return contacts_of([participation.organisation_id], today=today).get(
        participation.organisation_id, []
    )


def participant_names(participation_ids: Iterable[int | None]) -> dict[int, str]:
    """Return names of participants, as far as the reader may see them. One query."""
    wanted = {one for one in participation_ids if one}
    found = Participation.objects.filter(pk__in=wanted)
    return dict(found.values_list("pk", "organisation__name"))


def pair_names(targets: Iterable[tuple[str, int | None]]) -> dict[tuple[str, int | None], str]:
    """Return “one – other” for meetings of an agenda, by the label and id they are kept under.

    Labels other than an entry's and a meeting's are left out. One query.
    """
    wanted = set(targets)
    entries = {pk for label, pk in wanted if label == "events.agendaentry"}
    meetings = {pk for label, pk in wanted if label == "meetings.meeting"}
    rows = AgendaEntry.objects.filter(Q(pk__in=entries) | Q(meeting_id__in=meetings)).values_list(
        "pk", "meeting_id", "first__organisation__name", "second__organisation__name"
    )
    names: dict[tuple[str, int | None], str] = {}
    for pk, meeting_id, first, second in rows:
        pair = f"{first} – {second}"
        names |= {("events.agendaentry", pk): pair, ("meetings.meeting", meeting_id): pair}
    return names
