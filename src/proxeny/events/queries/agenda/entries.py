"""The agenda as a list of meetings."""

from collections.abc import Sequence

from django.db.models import F, Q, QuerySet

from proxeny.events.models import AgendaEntry, Event
from proxeny.events.queries.agenda.places import live_entries
from proxeny.folding import fold

#: More than any event has tables; see `operations.days.MAX_TABLES`.
_TABLES = 1000


def list_entries(
    event: Event,
    *,
    search: str = "",
    participation_id: int | None = None,
    is_locked: bool | None = None,
) -> QuerySet[AgendaEntry]:
    """Return an event's current meetings, each with `position`, its place in time and room.

    Parameters
    ----------
    search : str
        Words that all occur with one of the two: in the organisation's entry, or in the name of its
        contact.
    participation_id : int, optional
        Only meetings of this participant.
    is_locked : bool, optional
        Only meetings that the next run leaves where they are, or only those it may move.
    """
    found = live_entries(event.pk).annotate(
        position=F("slot__number") * _TABLES + F("table__number")
    )
    if participation_id is not None:
        found = found.filter(Q(first_id=participation_id) | Q(second_id=participation_id))
    if is_locked is not None:
        found = found.filter(is_locked=is_locked)
    if words := search.split():
        found = found.filter(_all_words("first", words) | _all_words("second", words))
    return found.order_by("position", "pk")


def _all_words(side: str, words: Sequence[str]) -> Q:
    found = Q()
    for word in words:
        found &= Q(**{f"{side}__organisation__search_text__contains": fold(word)}) | Q(
            **{f"{side}__contact__icontains": word}
        )
    return found
