"""Notifications of a list, grouped by their object and the day."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Min, Model, Q, QuerySet
from django.db.models.functions import TruncDate
from django.urls import Resolver404, resolve

from proxeny.kernel.hooks import KeyedHook
from proxeny.notices.models import Notice
from proxeny.notices.topics import TOPIC, Topic

#: Names of some objects by their number, read as the reader; none of those that they do not see.
Names = Callable[[Iterable[int]], Mapping[int, Any]]
OBJECTS: KeyedHook[Names] = KeyedHook(
    "notices.objects", "Names of objects that notifications are about, by the name of their page."
)


@dataclass(slots=True)
class Group:
    """The notifications of one day about one object, newest first.

    Attributes
    ----------
    path : str
        The object's page, empty where there is none.
    name : str
        The object's name, empty where it is not known.
    """

    path: str
    day: date
    first: datetime
    last: datetime
    name: str = ""
    notices: list[Notice] = field(default_factory=list)

    @property
    def newest(self) -> Notice:
        """The notification that tells most about how things stand."""
        return self.notices[0]

    @property
    def topic(self) -> Topic:
        """The topic of the newest one."""
        return TOPIC[self.newest.topic]

    @property
    def unread(self) -> int:
        """How many of them were not read."""
        return sum(one.read_at is None for one in self.notices)


class Groups(Sequence[Group]):
    """The groups of a queryset of notices, to be cut into pages. Days are those of the active zone.

    The newest come first, or with `is_oldest_first` the oldest. A page takes two queries, and one
    for the names of each kind of object on it.
    """

    def __init__(self, notices: QuerySet[Notice], *, is_oldest_first: bool) -> None:
        self._notices = notices.order_by().annotate(day=TruncDate("created_at"))
        self._order = "first" if is_oldest_first else "-last"

    def __len__(self) -> int:
        """Return the number of groups. One query."""
        return self._groups().count()

    def __getitem__(self, part: Any) -> Any:
        """Return the groups of a slice with their notices and names."""
        groups = [Group(one.pop("object_path"), **one) for one in self._groups()[part]]
        self._fill(groups)
        _name(one for one in groups if len(one.notices) > 1)
        return groups

    def _groups(self) -> QuerySet[Any, Any]:
        return (
            self._notices.values("object_path", "day")
            .annotate(first=Min("created_at"), last=Max("created_at"))
            .order_by(self._order, "object_path")
        )

    def _fill(self, groups: Sequence[Group]) -> None:
        by_key = {(one.path, one.day): one for one in groups}
        wanted = Q(pk__in=[])
        for one in groups:
            wanted |= Q(object_path=one.path, created_at__range=(one.first, one.last))
        for notice in self._notices.filter(wanted).order_by("-created_at", "-pk"):
            by_key[notice.object_path, notice.day].notices.append(notice)


def _name(groups: Iterable[Group]) -> None:
    """Name the objects of groups. One query for each kind of object."""
    found: dict[str, dict[int, list[Group]]] = {}
    for one in groups:
        try:
            page = resolve(one.path)
        except Resolver404:
            continue
        if page.view_name in OBJECTS and page.kwargs:
            number = list(page.kwargs.values())[-1]
            found.setdefault(page.view_name, {}).setdefault(number, []).append(one)
    for view_name, numbers in found.items():
        for number, name in OBJECTS[view_name](list(numbers)).items():
            for one in numbers[number]:
                one.name = str(name)


def titles_of(model: type[Model], *, column: str = "title") -> Names:
    """Return the function that names objects of a model by one of its columns."""

    def name(ids: Iterable[int]) -> dict[int, Any]:
        return dict(model._default_manager.filter(pk__in=set(ids)).values_list("pk", column))

    return name
