"""Reminder mails, one a day at most: risks, actions and reports of stays that are due."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from proxeny.accounts.models import Person
from proxeny.kernel.models import Mail
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.notices.models import Notice
from proxeny.notices.operations import tell
from proxeny.partnerships.models import Action, Activity, Partnership, Placement, Risk

#: One is reminded so long before a day, on the day, and again after each such time until it is done.
EVERY = timedelta(days=7)

_ACTIVE = Q(dropped_at=None, partnership__state=Partnership.State.ACTIVE)
_ACTIONS = _ACTIVE & Q(done_on=None)
_RISKS = _ACTIVE & Q(closed_on=None)
_STAYS = _ACTIVE & Q(closed_on=None)
_ACTIVITIES = _ACTIVE & ~Q(state=Activity.State.DONE)


#: What is to be done, by kind.
TITLES: dict[str, Any] = {
    "action": gettext_lazy("To do: %(title)s"),
    "risk": gettext_lazy("Review risk: %(title)s"),
    "activity": gettext_lazy("Ends: %(title)s"),
    "placement": gettext_lazy("Report due: %(title)s"),
}


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is due: `risk` (to be reviewed), `action`, `activity`, `placement` (its report)."""

    kind: str
    title: str
    partnership: str
    day: date
    url: str
    is_late: bool

    def marks(self, today: date) -> int:
        """The number of its reminder days that have come."""
        return max((today - (self.day - EVERY)) // EVERY + 1, 0)


def people_in_charge(*, today: date) -> list[int]:
    """Return the people in charge of something that is due soon or late. Service role only."""
    near = today + EVERY
    actions = Action.objects.filter(_ACTIONS, due_on__lte=near)
    found = {
        *actions.values_list("person_id", flat=True),
        *actions.filter(person=None).values_list("party__contact_id", flat=True),
        *Risk.objects.filter(_RISKS, review_on__lte=near).values_list(
            "charges__person_id", flat=True
        ),
        *Activity.objects.filter(_ACTIVITIES, ends_on__lte=near).values_list(
            "charges__person_id", flat=True
        ),
        *Placement.objects.filter(_STAYS, report_due_on__lte=near).values_list(
            "person_id", flat=True
        ),
    }
    live = Person.objects.filter(pk__in=[pk for pk in found if pk], erased_at=None)
    return list(live.order_by("pk").values_list("pk", flat=True))


def remind(
    *, person_id: int, now: datetime, reading: Callable[[int], AbstractContextManager[Reader]]
) -> bool:
    """Mail a person their due items, if a reminder day has come since the last such mail.

    Parameters
    ----------
    reading : callable
        Takes on a person's role for a block: no one is notified of items they may no longer see.

    Returns
    -------
    bool
        Whether a mail was written.
    """
    today = now.date()
    with reading(person_id):
        found = sorted(list_due(person_id, today=today), key=lambda one: (one.day, one.title))
    with as_service("Only the service sees sent mail; the items were read as the person."):
        last = _last_mail(person_id)
        is_news = any(last is None or one.marks(today) > one.marks(last) for one in found)
        person = Person.objects.filter(pk=person_id, erased_at=None).first()
        return is_news and person is not None and _write(person, found, today=today)


#: The page, the column of the day, and the rows of each kind of what is due.
_Rows = dict[str, tuple[str, str, QuerySet[Any]]]


def find_due(person_id: int, *, until: date) -> _Rows:
    """Return a person's open items that are due until a day: actions, risks, activities, stays.

    Items with a side but no person belong to that side's contact.
    """
    own = Q(person_id=person_id) | Q(person=None, party__contact_id=person_id)
    charged = Q(charges__person_id=person_id)
    stays = Placement.objects.filter(_STAYS, person_id=person_id, report_due_on__lte=until)
    return {
        "action": ("plan", "due_on", Action.objects.filter(_ACTIONS, own, due_on__lte=until)),
        "risk": ("risks", "review_on", Risk.objects.filter(_RISKS, charged, review_on__lte=until)),
        "activity": (
            "plan",
            "ends_on",
            Activity.objects.filter(_ACTIVITIES, charged, ends_on__lte=until),
        ),
        "placement": ("placements", "report_due_on", stays),
    }


def list_due(person_id: int, *, today: date, until: date | None = None) -> Iterator[Due]:
    """Yield a person's items that are late, or due within `EVERY` or `until` a day. Four queries."""
    for kind, (page, column, rows) in find_due(person_id, until=until or today + EVERY).items():
        for one in rows.select_related("partnership").distinct():
            day = getattr(one, column)
            path = reverse(f"partnerships:{page}", args=[one.partnership_id])
            yield Due(
                kind=kind,
                title=str(one),
                partnership=one.partnership.title,
                day=day,
                url=f"{settings.BASE_URL}{path}#{kind}-{one.pk}",
                is_late=day < today,
            )


def _key(person_id: int, day: date | str) -> str:
    return f"due:{person_id}:{day}"


def _last_mail(person_id: int) -> date | None:
    start = _key(person_id, "")
    keys = [
        model.objects.filter(key__startswith=start)
        .order_by("-key")
        .values_list("key", flat=True)
        .first()
        for model in (Notice, Mail)
    ]
    found = [date.fromisoformat(key.rpartition(":")[2]) for key in keys if key]
    return max(found, default=None)


def _write(person: Person, found: list[Due], *, today: date) -> bool:
    return tell(
        person,
        topic="partnerships",
        key=_key(person.pk, today),
        template="partnerships/mail/due",
        context={
            "name": person.name,
            "due": found,
            "count": len(found),
            "late": sum(one.is_late for one in found),
            "action_url": f"{settings.BASE_URL}/",
        },
    )
