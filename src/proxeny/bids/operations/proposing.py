"""The search for consortia: organisations visible to the room, their coverage, the best ones."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction
from math import floor
from typing import Any, cast

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from proxeny.bids.models import Partner, Search
from proxeny.bids.operations.budgets import UNPAID, to_minor, work_out
from proxeny.bids.operations.covering import Covering, Theme, cover
from proxeny.bids.operations.outcomes import keep_found
from proxeny.bids.operations.searching import SearchSettings, settings_of
from proxeny.bids.queries import searches as reads
from proxeny.bids.queries.bids import counted, get_bid, partners_of
from proxeny.bids.queries.budgets import packages_of, spendings_of
from proxeny.bids.queries.ties import LEVELS, read_ties
from proxeny.bids.rules import OPEN, OUT
from proxeny.calls.models import Call
from proxeny.calls.operations.checking import Entrant, asked_of, is_nonprofit, is_sme, rate_for
from proxeny.directory.models import Kind
from proxeny.directory.queries.terms import labels_of
from proxeny.directory.quoting import about_text
from proxeny.engine.budget import Budget
from proxeny.engine.consortium import Call as Asked
from proxeny.engine.consortium import (
    Need,
    Only,
    Organisation,
    Participant,
    Proposals,
    Relation,
    Rule,
    Settings,
    Wish,
    check_consortium,
    propose_consortia,
)
from proxeny.kernel.errors import Conflict
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Party
from proxeny.partnerships.operations.room import enter

__all__ = ["Candidate", "SearchDraft", "load_search", "store_search", "work_search_out"]

#: How long is looked for the best, by the clock, and how many are proposed. One worker: the same
#: question then has the same answer, and a second one would take the place of another job.
TIME_LIMIT_S, PROPOSED, WORKERS = 5.0, 10, 1
#: Put before the keys of conditions, so that none is called like a demand of the wish.
RULE = "rule:"

State = Search.State
Report = Callable[[str, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One that might take part. `sme`, `nonprofit`: None if not known; sums in minor units.

    `is_in`: it is a partner of the bid; `leads`: it coordinates there.
    """

    id: int
    country: str
    kind: str
    role: str = "beneficiary"
    group: str = ""
    party: int | None = None
    sme: bool | None = None
    nonprofit: bool | None = None
    cost: int | None = None
    request: int | None = None
    free_bids: int | None = None
    leads: bool = False
    is_in: bool = False


@dataclass(frozen=True, slots=True)
class SearchDraft:
    """The input of a search, read at one moment.

    `texts` and `candidates` stand in the same order; `sides` names the parties.
    """

    search: Search
    settings: SearchSettings
    call: Asked
    theme: Theme
    candidates: list[Candidate]
    texts: list[list[tuple[str, str]]]
    ties: dict[tuple[int, int], str]
    sides: dict[int, str]
    left_out: dict[str, int] = field(default_factory=dict)


def load_search(
    *, actor: Reader, partnership_id: int, bid_id: int, search_id: int, today: date
) -> SearchDraft:
    """Read the organisations visible to the whole room, their offers, and their ties.

    Of partners whose entry is not visible to everybody in the room, only the data in the bid is
    read. Twenty-one queries at most, and one for each party that shares its list, however many
    organisations there are.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As `search_partners`: the actor may have lost the right meanwhile.
    """
    partnership, parties = enter(actor, partnership_id)
    bid = get_bid(partnership_id, bid_id)
    search = reads.get_search(partnership_id, bid_id, search_id)
    if bid.dropped_at is not None or bid.state not in OPEN:
        raise Conflict(_("This bid can no longer be edited."))
    settings = settings_of(search)
    partners = partners_of(bid)
    budget = work_out(bid, partners, packages_of(bid), spendings_of(bid))
    room = reads.room_of(partnership, parties, today=today)
    own = {one.organisation_id: one for one in partners}
    entries = reads.read_room(
        room, kinds=settings.kinds, countries=settings.countries, always=own.keys()
    )
    out = {one.organisation_id for one in partners if one.state in OUT}
    read = _Reading(settings, bid.call, budget, room.side_of, reads.count_open_bids(bid), today)
    found = {one.id: read.entry(one) for one in entries if one.id not in own}
    found |= {one.organisation_id: read.partner(one) for one in counted(partners)}
    return SearchDraft(
        search=search,
        settings=settings,
        call=read.asked,
        theme=_theme(bid.call),
        candidates=list(found.values()),
        texts=_texts(found, entries, partners, bid.call.language),
        ties=read_ties(partnership, bid, today=today),
        sides=_names(parties),
        left_out={"declined": len(out)} if out else {},
    )


def _theme(call: Call) -> Theme:
    return Theme("\n".join((call.title, *call.topics)), call.text, call.language)


def _names(parties: Iterable[Party]) -> dict[int, str]:
    return {one.pk: one.organisation.name for one in parties if one.state == Party.State.JOINED}


class _Reading:
    """Conversion of an entry, or a partner of the bid, to a candidate."""

    def __init__(
        self,
        settings: SearchSettings,
        call: Call,
        budget: Budget,
        side_of: Mapping[int, int],
        bids: Mapping[int, int],
        today: date,
    ) -> None:
        self.settings, self.budget, self.side_of, self.bids = settings, budget, side_of, bids
        asked, _kept = asked_of(call, today=today)
        rules = tuple(replace(one, key=f"{RULE}{one.key}") for one in asked.rules)
        self.asked = replace(asked, rules=rules)
        self._given: dict[tuple[Any, ...], Fraction] = {}

    def entry(self, one: reads.Entry) -> Candidate:
        """Return an entry of the directory."""
        most = self.settings.most_bids
        return self._with_usual(
            Candidate(
                id=one.id,
                country=one.country,
                kind=one.kind,
                sme=is_sme(one.kind, one.size),
                # A party stands for its own side, as do those that it keeps.
                party=self.side_of.get(one.id) or self.side_of.get(one.steward_id or 0),
                nonprofit=is_nonprofit(one.kind),
                free_bids=None if most is None else max(0, most - self.bids.get(one.id, 0)),
            )
        )

    def partner(self, one: Partner) -> Candidate:
        """Return a partner of the bid, with its budget if it has one."""
        found = Candidate(
            id=one.organisation_id,
            country=one.country,
            kind=one.kind,
            role=cast("Any", one.role),
            group=one.group.casefold().strip(),
            party=one.party_id,
            sme=one.sme,
            nonprofit=is_nonprofit(one.kind) if one.nonprofit is None else one.nonprofit,
            leads=one.leads,
            is_in=True,
        )
        cost = self.budget.lines[str(one.pk)].total
        if cost or one.request is not None:
            return replace(found, cost=cost, request=self.budget.requests[str(one.pk)])
        return self._with_usual(found)

    def _with_usual(self, one: Candidate) -> Candidate:
        """Return one with what its kind usually costs, and asks for: if not said, what it is given."""
        figures = self.settings.figures_of(one.kind)
        if figures.cost is None:
            return one
        cost = to_minor(figures.cost)
        if figures.request is not None and one.role not in UNPAID:
            return replace(one, cost=cost, request=to_minor(figures.request))
        return replace(one, cost=cost, request=floor(cost * self._rate(one)))

    def _rate(self, one: Candidate) -> Fraction:
        if one.role in UNPAID:
            return Fraction(0)
        alike = (one.country, one.kind, one.role, one.sme, one.nonprofit)
        if alike not in self._given:
            country, kind, role, sme, nonprofit = alike
            self._given[alike] = rate_for(
                Entrant(
                    key="",
                    name="",
                    country=country,
                    kind=kind,
                    role=role,
                    sme=sme,
                    nonprofit=nonprofit,
                ),
                self.asked,
            )
        return self._given[alike]


def _texts(
    found: Mapping[int, Candidate],
    entries: Sequence[reads.Entry],
    partners: Iterable[Partner],
    language: str,
) -> list[list[tuple[str, str]]]:
    """Return the texts of each candidate about its capabilities, in order. Two queries at most."""
    texts: dict[int, list[tuple[str, str]]] = {pk: [] for pk in found}
    seen = [one for one in entries if one.id in found]
    # In one language for every reader: the same question has the same answer.
    with translation.override("en"):
        labels = labels_of("euroscivoc", {code for one in seen for code in one.topics})
    for one in seen:
        texts[one.id].append((about_text(one.summary, one.sectors), one.language))
        if one.topics:
            texts[one.id].append((" ".join(labels[code] for code in one.topics), "en"))
    for owner, words, lang in reads.read_offers([one.id for one in seen]):
        texts[owner].append((words, lang))
    for partner in partners:
        if partner.brings and partner.organisation_id in texts:
            texts[partner.organisation_id].append((partner.brings, language))
    return list(texts.values())


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The engine's result, and its stored form."""

    found: Proposals | None
    kept: dict[str, Any]


def work_search_out(
    draft: SearchDraft,
    *,
    report: Report,
    should_stop: Callable[[], bool],
    clock: Callable[[], float],
    time_limit_s: float = TIME_LIMIT_S,
) -> SearchResult:
    """Find the best consortia. Needs no database.

    Parameters
    ----------
    should_stop : callable
        Once it returns true, the results found so far are kept.
    clock : callable
        Returns seconds, for the time limit.

    Raises
    ------
    Conflict
        The sums are too large to be compared.
    """
    report("cover", 30)
    covering = cover(draft.texts, [one.words for one in draft.settings.needs], draft.theme)
    if should_stop():
        return SearchResult(None, {"version": 1, "stopped": True})
    report("propose", 50)
    organisations, wish = make_problem(draft, covering)
    relations = [
        Relation(str(one), str(other), LEVELS[why]) for (one, other), why in draft.ties.items()
    ]
    try:
        found = propose_consortia(
            organisations,
            wish,
            relations=relations,
            settings=Settings(time_limit_s=time_limit_s, workers=WORKERS),
            # Once somebody stops it, time is up.
            clock=lambda: clock() + (1e9 if should_stop() else 0),
        )
    except ValueError as error:
        if "too large" not in str(error):
            raise
        raise Conflict(_("The amounts are too large to compare. Enter smaller ones.")) from None
    report("explain", 95)
    kept = keep_found(found, draft.candidates, covering, wish, ties=draft.ties, sides=draft.sides)
    left_out = {**draft.left_out, **found.left_out}
    return SearchResult(found, {**kept, "left_out": left_out, "stopped": should_stop()})


def make_problem(draft: SearchDraft, covering: Covering) -> tuple[list[Organisation], Wish]:
    """Return the organisations and the criteria in the engine's terms.

    A missing fact counts as a criterion not met. Every organisation that may coordinate by the
    conditions can; where a partner of the bid coordinates, no other can.
    """
    settings = draft.settings
    keep = set(settings.keep)
    is_led = any(one.leads and one.id in keep for one in draft.candidates)
    organisations = [
        Organisation(
            key=str(one.id),
            country=one.country,
            role=cast("Any", one.role),
            kind=one.kind,
            group=one.group,
            side=draft.sides.get(one.party or 0, ""),
            sme=bool(one.sme),
            tags=frozenset(("cluster",) if one.kind == Kind.CLUSTER else ()),
            nonprofit=bool(one.nonprofit),
            cost=one.cost,
            request=one.request,
            covers={str(need): level for need, level in enumerate(levels) if level},
            fit=fit,
            free_bids=one.free_bids,
            can_coordinate=one.role == Partner.Role.BENEFICIARY and (one.leads or not is_led),
        )
        for one, levels, fit in zip(
            draft.candidates, covering.levels.tolist(), covering.fits.tolist(), strict=True
        )
    ]
    there = {one.id for one in draft.candidates}
    wish = Wish(
        call=replace(draft.call, rules=_sure_rules(draft)),
        needs=[Need(key=str(at), least=int(one.must)) for at, one in enumerate(settings.needs)],
        least_members=settings.least,
        most_members=settings.most,
        sides={name: settings.sides.get(pk, 0) for pk, name in draft.sides.items()},
        request_most=None if settings.request_most is None else to_minor(settings.request_most),
        keep=[str(pk) for pk in settings.keep],
        without=[str(pk) for pk in settings.without if pk in there],
        needs_coordinator=settings.coordinator,
        count=PROPOSED,
        differ_by=settings.differ_by,
    )
    return organisations, wish


def _sure_rules(draft: SearchDraft) -> tuple[Rule, ...]:
    """Return the conditions but for those that are not sure of a partner to keep by itself.

    Whether such a partner may take part is for people to find out: it stops no search, and each
    proposal says that it is not sure.
    """
    keep = set(draft.settings.keep)
    kept = [
        Participant(
            key=str(one.id),
            country=one.country,
            role=cast("Any", one.role),
            kind=one.kind,
            group=one.group,
            sme=bool(one.sme),
            nonprofit=bool(one.nonprofit),
            cost=one.cost,
            request=one.request,
        )
        for one in draft.candidates
        if one.id in keep
    ]
    doubted = {
        verdict.rule.key
        for one in kept
        for verdict in check_consortium([one], draft.call).verdicts
        if isinstance(verdict.rule, Only) and verdict.status == "unknown"
    }
    return tuple(one for one in draft.call.rules if one.key not in doubted)


@transaction.atomic
def store_search(
    *, draft: SearchDraft, result: SearchResult, seconds: float, now: datetime
) -> Search:
    """Save the results with their duration; those of an earlier attempt are replaced."""
    search = Search.objects.select_for_update().get(pk=draft.search.pk)
    status = result.found.status if result.found else "unknown"
    search.state = {"infeasible": State.EMPTY, "unknown": State.CUT}.get(status, State.READY)
    search.result, search.seconds, search.finished_at = result.kept, round(seconds, 3), now
    search.save(update_fields=["state", "result", "seconds", "finished_at"])
    return search
