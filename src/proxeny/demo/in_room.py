"""Actions in the room of a demo partnership by the people of its two sides."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from proxeny.accounts.models import Person
from proxeny.demo.texts import read_content
from proxeny.demo.world import Side, World
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.partnerships.models import Party
from proxeny.partnerships.operations.records import add_record


class InRoom:
    """One partnership, its two sides, and the people who act in it.

    Parameters
    ----------
    key : str
        The partnership's key in the demo's content.
    """

    def __init__(self, world: World, key: str) -> None:
        self.world, self.pk = world, world.partnerships[key]
        slugs = read_content("partnerships")[key]["parties"]
        self.sides: dict[str, Side] = dict(
            zip("ab", (world.sides[slug] for slug in slugs), strict=True)
        )
        with acting_as(SERVICE):
            found = Party.objects.filter(partnership_id=self.pk).order_by("side")
            self.parties = dict(zip("ab", found.values_list("pk", flat=True), strict=True))
            seats = [one for one in read_content("people")["seats"] if one["cluster"] in slugs]
            rows = Person.objects.filter(
                account__email__in=[one["email"] for one in seats]
            ).order_by("pk")
            self.people: dict[str, int] = dict(rows.values_list("account__email", "pk"))
        self.side_of = {one["email"]: "ab"[slugs.index(one["cluster"])] for one in seats}

    def act(
        self, who: str, days: int, operation: Callable[..., Any], /, *, hour: int = 10, **given: Any
    ) -> Any:
        """Run an operation of the room as a side's manager (`a`, `b`) or a person named by address."""
        person = self.sides[who].manager_id if who in self.sides else self.people[who]
        return self.deed(person, days, operation, hour=hour, partnership_id=self.pk, **given)

    def deed(
        self,
        person: int,
        days: int,
        operation: Callable[..., Any],
        /,
        *,
        hour: int = 10,
        **given: Any,
    ) -> Any:
        """Run an operation as a person, this many days from that of loading."""
        now = self.world.moment(days, hour)
        with self.world.acting(person, at=now) as actor:
            return operation(actor=actor, now=now, **given)

    def add(self, who: str, days: int, sort: str, /, **values: Any) -> Any:
        """Add a record of the room."""
        return self.act(who, days, add_record, kind=sort, values=values)

    def day(self, days: int) -> date:
        """Return the day this many days from that of loading."""
        return self.world.today + timedelta(days=days)

    def charges(self) -> dict[int, int]:
        """Return the people in charge of most things: the two managers."""
        return {self.parties[side]: self.sides[side].manager_id for side in "ab"}
