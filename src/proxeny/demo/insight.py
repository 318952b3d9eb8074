"""The radar of one demo partnership, and its figures for today and for two past quarters."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.db.models.functions import Least

from proxeny.demo.in_room import InRoom
from proxeny.demo.listings import find_company
from proxeny.demo.past_projects import bring_projects
from proxeny.demo.texts import read_content
from proxeny.demo.world import World
from proxeny.directory.operations.listings import ListingText, add_listing
from proxeny.insight.models import Snapshot
from proxeny.insight.operations.foresight_actions import weigh_trend
from proxeny.insight.operations.refreshing import refresh
from proxeny.insight.parts import OF_ROOM, OF_TEAM
from proxeny.insight.pipeline import eyes_of
from proxeny.insight.quarters import before, days_of, quarter_of
from proxeny.kernel.tenancy import SERVICE, acting_as

type Told = Mapping[str, Any]

#: Members wrote so many days ago what they need of what is coming.
_WRITTEN_DAYS = -18


def build_insight(world: World) -> None:
    """Import past projects, fill the radar, and calculate the figures of both sides."""
    content = read_content("insight")
    room = _Insight(world, content["partnership"])
    count = bring_projects(room, content["projects"])
    for told in content["texts"]:
        room.say(told)
    for ago, quarter in reversed(list(enumerate(room.quarters))):
        for told in content["trends"]:
            if told["quarter"] == ago:
                room.notice(told, quarter)
        room.work_out(quarter)
    world.say(f"  {len(content['trends'])} trends on a radar, {count} past projects, two boards")


class _Insight(InRoom):
    """The two sides, as they look ahead together."""

    @property
    def quarters(self) -> list[str]:
        """This quarter, and the two before it."""
        now = quarter_of(self.world.today)
        return [now, before(now), before(before(now))]

    def say(self, told: Told) -> None:
        """Let a member's cluster publish its need or offer."""
        organisation_id, member = find_company(self.world, told)
        names = ("direction", "kind", "title", "summary")
        text = ListingText(language=member.language, **{name: told[name] for name in names})
        self.deed(
            self.world.sides[told["cluster"]].manager_id,
            _WRITTEN_DAYS,
            add_listing,
            organisation_id=organisation_id,
            text=text,
        )

    def notice(self, told: Told, quarter: str) -> None:
        """Put a trend on the radar with its evidence, and let both sides weigh it."""
        day = days_of(quarter)[0] + timedelta(days=told["day"])
        days = min((day - self.world.today).days, -3)
        names = ("title", "area", "horizon", "words", "details")
        trend = self.add("a", days, "trend", **{name: told[name] for name in names}).pk
        for one in told["evidence"]:
            self.add(
                "b",
                days + 1,
                "trend-evidence",
                trend=trend,
                title=one["title"],
                link=one["link"],
                said_on=date.fromisoformat(one["on"]) if "on" in one else None,
                note=one.get("note", ""),
            )
        for side in "ab":
            if side in told:
                self.act(
                    side,
                    days + 2,
                    weigh_trend,
                    trend_id=trend,
                    seen=None,
                    relevance=told[side]["relevance"],
                    why=told[side].get("why", ""),
                )

    def work_out(self, quarter: str) -> None:
        """Calculate the figures of both sides as of the end of a quarter, or today."""
        today = min(days_of(quarter)[1], self.world.today)
        for side in self.sides.values():
            eyes = partial(eyes_of, side.id, today=today)
            for part in OF_TEAM:
                refresh(eyes(None), part, report=_silent)
            for part in OF_ROOM:
                refresh(eyes(self.pk), part, report=_silent)
        if today != self.world.today:
            self.date_board(quarter, datetime.combine(today, time(21), UTC))

    def date_board(self, quarter: str, at: datetime) -> None:
        """Date the boards of a past quarter, which show the time of their calculation."""
        with acting_as(SERVICE):
            Snapshot.objects.filter(partnership_id=self.pk, period=quarter).update(
                computed_at=at, looked_at=at, counted_until=Least("counted_until", at)
            )


def _silent(_step: str, _percent: int) -> None:
    """Tell nobody."""
