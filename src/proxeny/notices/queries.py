"""Queries for a reader's notifications and settings."""

from django.db.models import Q, QuerySet

from proxeny.kernel.tenancy import Reader
from proxeny.notices.models import Choice, Hours, Notice
from proxeny.notices.topics import TOPIC


def list_notices(
    reader: Reader,
    *,
    topic: str = "",
    search: str = "",
    only_unread: bool = False,
    sort: str = "",
) -> QuerySet[Notice]:
    """Return the reader's notices, newest first unless `sort` is `when` (oldest first)."""
    found = Notice.objects.filter(person_id=reader.own_id)
    if topic:
        found = found.filter(topic=topic)
    if only_unread:
        found = found.filter(read_at=None)
    if search:
        found = found.filter(Q(title__icontains=search) | Q(text__icontains=search))
    order = ("created_at", "pk") if sort == "when" else ("-created_at", "-pk")
    return found.order_by(*order)


def ways_of(person_id: int) -> dict[str, str]:
    """Return how a person hears of each topic: as chosen, else as the topic has it. One query."""
    chosen = dict(Choice.objects.filter(person_id=person_id).values_list("topic", "way"))
    return {name: chosen.get(name, topic.way) for name, topic in TOPIC.items()}


def get_hours(reader: Reader) -> Hours:
    """Return when mails may reach the reader; the defaults where they have not said."""
    found = Hours.objects.filter(person_id=reader.own_id).first()
    return found or Hours(person_id=reader.own_id)
