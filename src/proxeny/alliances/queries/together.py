"""The contents of a room's page: members, goals, activities, results, supporting organisations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from proxeny.alliances import content
from proxeny.alliances.models import PageVersion
from proxeny.alliances.queries.line import Line, read_line
from proxeny.alliances.rules import home_of, joined
from proxeny.directory.countries import country_name
from proxeny.directory.models import Organisation, Visibility
from proxeny.partnerships.goal_queries import Goal, read_goals
from proxeny.partnerships.models import Activity, Partnership, Party
from proxeny.partnerships.public_results import (
    PublicResult,
    Supporter,
    find_results,
    find_supporters,
)


@dataclass(frozen=True, slots=True)
class Beside:
    """An organisation of a further country; `website` where everybody may read of it."""

    supporter: Supporter
    is_public: bool
    website: str = ""

    @property
    def country_label(self) -> str:
        """The country in the reader's language."""
        return country_name(self.supporter.country)


@dataclass(frozen=True, slots=True)
class Together:
    """The contents of a room, as the reader sees them.

    `members` are the participants, `further` those of them from countries other than those of the
    two founding sides, and `beside` the organisations of such countries that are not members.
    """

    members: Sequence[content.Member]
    further: Sequence[content.Member]
    beside: Sequence[Beside]
    goals: Sequence[Goal]
    activities: Sequence[Activity]
    results: Sequence[PublicResult]
    line: Line

    @property
    def is_alliance(self) -> bool:
        """Whether more than two take part."""
        return len(self.members) >= content.ALLIANCE


def read_together(
    partnership: Partnership,
    parties: Sequence[Party],
    versions: Sequence[PageVersion],
    *,
    today: date,
) -> Together:
    """Return the contents of a room. Seven queries, and one for each kind registered elsewhere.

    Parameters
    ----------
    parties : sequence of Party
        With their clusters.
    versions : sequence of PageVersion
        Those of its page.
    """
    home, taking = home_of(parties), joined(parties)
    line = read_line(partnership, parties, versions)
    members = [_member(one, line) for one in taking]
    own = {one.organisation_id for one in parties}
    supporters = [
        one for one in find_supporters(partnership, home=home) if one.organisation_id not in own
    ]
    goals = read_goals(partnership.pk, today=today)
    activities = Activity.objects.filter(partnership=partnership, dropped_at=None)
    return Together(
        members=members,
        further=[one for one in members if one.country not in home],
        beside=_beside(supporters),
        goals=[*goals.open, *goals.closed],
        activities=list(activities.order_by("starts_on", "ends_on", "pk")),
        results=find_results(partnership),
        line=line,
    )


def _member(party: Party, line: Line) -> content.Member:
    one = party.organisation
    return content.Member(
        name=one.name,
        country=one.country,
        website=one.website,
        party=party.pk,
        side=party.side,
        city=one.city,
        since=line.joined.get(party.pk),
    )


def _beside(supporters: Sequence[Supporter]) -> list[Beside]:
    """Return organisations, each with whether everybody may read of it. One query."""
    numbers = [one.organisation_id for one in supporters]
    public = Organisation.objects.filter(pk__in=numbers, visibility=Visibility.PUBLIC)
    websites = dict(public.values_list("pk", "website"))
    return [
        Beside(one, one.organisation_id in websites, websites.get(one.organisation_id, ""))
        for one in supporters
    ]
