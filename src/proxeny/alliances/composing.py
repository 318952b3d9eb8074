"""Composition of the public page from the draft's texts and the selected contents of the room."""

from collections.abc import Collection, Iterable

from proxeny.alliances import content, rules
from proxeny.alliances.models import Page
from proxeny.alliances.queries.together import Together
from proxeny.partnerships import goal_queries as goals
from proxeny.partnerships.models import Activity
from proxeny.partnerships.public_results import PublicResult


def compose(page: Page, together: Together) -> content.Content:
    """Return the page as it would be published from the current draft. No query."""
    shown = set(page.shown)
    line = together.line
    return content.Content(
        headline=page.headline,
        about=page.about,
        audience=page.audience,
        joining=page.joining,
        language=page.language,
        since=line.since,
        alliance_since=line.alliance_since,
        members=tuple(together.members),
        partners=tuple(_partners(together, shown)),
        goals=tuple(
            goal_of(one)
            for one in together.goals
            if rules.key_of(rules.GOAL, one.record.pk) in shown
        ),
        activities=tuple(
            doing_of(one)
            for one in together.activities
            if rules.key_of(rules.ACTIVITY, one.pk) in shown
        ),
        results=tuple(result_of(one, shown) for one in together.results if one.key in shown),
    )


def _partners(together: Together, shown: Collection[str]) -> Iterable[content.Partner]:
    for one in together.beside:
        who = one.supporter
        if one.is_public and rules.key_of(rules.PARTNER, who.organisation_id) in shown:
            yield content.Partner(who.name, who.country, one.website)


def goal_of(goal: goals.Goal) -> content.Goal:
    """Return a goal with how far it is; its figures stay in the room."""
    one = goal.record
    return content.Goal(
        title=one.title,
        due_on=one.due_on,
        closed_on=one.closed_on,
        outcome=one.outcome,
        measures=tuple(
            content.Measure(result.record.title, measured(result)) for result in goal.results
        ),
    )


def measured(result: goals.Result) -> int | None:
    """Return how much of a key result's way is gone; None where nobody has measured it."""
    return result.percent if result.now else None


def doing_of(one: Activity) -> content.Doing:
    """Return an activity as the world sees it."""
    return content.Doing(one.title, one.starts_on, one.ends_on, one.state, one.is_milestone)


def result_of(one: PublicResult, shown: Collection[str]) -> content.Result:
    """Return a result as the world sees it; its sum alone if that is shown."""
    has_sum = rules.sum_of(one.key) in shown
    return content.Result(
        kind=one.kind,
        title=one.title,
        note=one.note,
        language=one.language,
        on=one.on,
        url=one.url,
        amount=one.amount if has_sum else None,
        currency=one.currency if has_sum else "",
    )
