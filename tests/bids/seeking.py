"""Shorthands of the tests of searches: organisations that say something, and a search worked out."""

from itertools import combinations
from typing import Any

from django.utils import timezone

from proxeny.bids.models import Bid, Search
from proxeny.bids.operations.covering import cover
from proxeny.bids.operations.proposing import load_search, make_problem
from proxeny.bids.operations.searching import NeedWish, SearchSettings, search_partners
from proxeny.engine.consortium import Organisation as Member
from proxeny.engine.consortium import Rate, Relation, Wish, check_consortium
from proxeny.kernel import jobs
from proxeny.kernel.tenancy import SERVICE, WEB, acting_as, enter
from tests.conftest import reader_of
from tests.factories.directory import ListingFactory, OrganisationFactory


def public(name: str, country: str, offer: str = "", **values: Any) -> Any:
    """Return an organisation that everybody sees."""
    one = OrganisationFactory(name=name, country=country, visibility="public", **values)
    if offer:
        ListingFactory(organisation=one, title=offer)
    return one


def wish(*topics: str, must: tuple[str, ...] = (), **values: Any) -> SearchSettings:
    """Return what a search asks for: topics that are good to have, others that have to be covered."""
    needs = (*(NeedWish(one) for one in topics), *(NeedWish(one, must=True) for one in must))
    return SearchSettings(**{"least": 3, "most": 4, "needs": needs, **values})


def ask(person: Any, bid: Bid, settings: SearchSettings | None = None) -> Search:
    """Ask for a search as somebody would."""
    reader = reader_of(person)
    with acting_as(WEB, reader):
        return search_partners(
            actor=reader,
            partnership_id=bid.partnership_id,
            bid_id=bid.pk,
            settings=settings or wish(),
        )


def search(person: Any, bid: Bid, settings: SearchSettings | None = None) -> Search:
    """Ask for a search, and have it worked out."""
    made = ask(person, bid, settings)
    jobs.run(made.job_id)
    enter(SERVICE)
    return Search.objects.get(pk=made.pk)


def members(found: Search, number: int = 1) -> set[int]:
    """Return the organisations of a proposal."""
    return {one["id"] for one in found.result["proposals"][number - 1]["members"]}


def everybody(found: Search) -> set[int]:
    """Return the organisations of all proposals."""
    return {one["id"] for each in found.result["proposals"] for one in each["members"]}


def read(person: Any, found: Search) -> tuple[list[Member], Wish, list[Relation]]:
    """Return the problem of a search as the engine gets it."""
    reader = reader_of(person)
    with acting_as(WEB, reader):
        draft = load_search(
            actor=reader,
            partnership_id=found.partnership_id,
            bid_id=found.bid_id,
            search_id=found.pk,
            today=timezone.localdate(),
        )
    covering = cover(draft.texts, [one.words for one in draft.settings.needs], draft.theme)
    levels = {"bid": 3, "project": 3, "followed": 2, "met": 1}
    relations = [Relation(str(a), str(b), levels[why]) for (a, b), why in draft.ties.items()]
    return *make_problem(draft, covering), relations


def try_all(some: list[Member], wanted: Wish, relations: list[Relation]) -> list[int]:
    """Return what each consortium is worth that meets everything, the best first, by trying all."""
    keep, strength = set(wanted.keep), {}
    for one in relations:
        strength[one.one, one.other] = strength[one.other, one.one] = one.level
    some = [one for one in some if one.key not in wanted.without and one.free_bids != 0]
    found = []
    for size in range(wanted.least_members, wanted.most_members + 1):
        for chosen in combinations(some, size):
            if keep <= {one.key for one in chosen} and _is_met(chosen, wanted):
                found.append(_worth(chosen, wanted, strength))
    return sorted(found, reverse=True)


def _is_met(chosen: tuple[Member, ...], wanted: Wish) -> bool:
    covered = all(
        sum(bool(one.covers.get(need.key)) for one in chosen) >= need.least for need in wanted.needs
    )
    on_side = all(
        sum(one.side == side for one in chosen) >= least for side, least in wanted.sides.items()
    )
    if not covered or not on_side:
        return False
    report = check_consortium([one.as_participant() for one in chosen], wanted.call)
    # Of a rate nothing is known where nobody's costs are.
    return all(
        one.status == "met" or (isinstance(one.rule, Rate) and one.status == "unknown")
        for one in report.verdicts
    )


def _worth(chosen: tuple[Member, ...], wanted: Wish, strength: dict[Any, int]) -> int:
    sides = [sum(one.side == side for one in chosen) for side in wanted.sides]
    best = [max(one.covers.get(need.key, 0) for one in chosen) for need in wanted.needs]
    knows = [max(strength.get((one.key, other.key), 0) for other in chosen) for one in chosen]
    return (
        100 * sum(best)
        + sum(one.fit for one in chosen)
        + 60 * sum(knows)
        - 50 * (max(sides) - min(sides))
        - 300 * len(chosen)
    )
