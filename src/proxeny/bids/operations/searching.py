"""Starting of a search for consortia: the criteria are checked, and a job runs it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.bids.models import Bid, Partner, Search, WorkPackage
from proxeny.bids.operations.guards import enter_bid
from proxeny.bids.operations.wishes import (
    MOST_MEMBERS,
    MOST_NEEDS,
    MOST_WORDS,
    Figures,
    NeedWish,
    SearchSettings,
    check_settings,
)
from proxeny.bids.queries import searches as reads
from proxeny.bids.queries.bids import counted, partners_of
from proxeny.bids.rules import OPEN
from proxeny.calls.operations.checking import rules_of
from proxeny.engine.consortium import Share, Total
from proxeny.kernel.errors import Conflict
from proxeny.kernel.jobs import enqueue
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.introduction_queries import find_by_name, folded
from proxeny.partnerships.models import Partnership, Party
from proxeny.partnerships.operations.room import Entered, note

__all__ = [
    "Figures",
    "NeedWish",
    "SearchSettings",
    "asks_for_figures",
    "begin_settings",
    "find_to_leave_out",
    "gap_settings",
    "search_again",
    "search_partners",
    "settings_of",
]

State = Search.State
#: So many are added to a consortium, at most, to fill its gaps.
MOST_TO_FILL = 3


@transaction.atomic
def search_partners(
    *, actor: Reader, partnership_id: int, bid_id: int, settings: SearchSettings
) -> Search:
    """Start a search for the best consortia among the organisations visible to the whole room.

    Side effects: a job; an audit row that both sides read. What an earlier search found stays.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see the bid, or may not write in its room.
    InvalidInput
        Something that cannot be asked for; its field is with the error.
    Conflict
        The partnership or the bid is over, or a search is being worked out already.
    """
    entered = enter_bid(actor, partnership_id, bid_id, *OPEN)
    bid = entered.record
    check_settings(
        settings,
        partners=[one.organisation_id for one in counted(partners_of(bid))],
        parties=[one.pk for one in entered.parties if one.state == Party.State.JOINED],
    )
    _refuse_while_working(bid)
    search = Search.objects.create(
        partnership=entered.partnership,
        bid=bid,
        settings=settings.to_json(),
        person_id=actor.person,
    )
    return _queue(actor, entered, search)


def _queue(actor: Reader, entered: Entered[Bid], search: Search) -> Search:
    numbers = {"partnership_id": entered.partnership.pk, "bid_id": entered.record.pk}
    job = enqueue(
        "bids.search",
        actor=actor,
        key=f"bids.search:{search.pk}",
        arguments={**numbers, "search_id": search.pk},
        partnership_id=entered.partnership.pk,
    )
    search.job_id = job.pk
    search.save(update_fields=["job_id"])
    note(actor, "search_partners", entered, search, changes={"title": entered.record.title})
    return search


def _refuse_while_working(bid: Bid) -> None:
    waiting = list(reads.searches_of(bid).filter(state=State.WORKING))
    if any(not job.is_over for job in reads.jobs_of(waiting).values()):
        raise Conflict(_("A search for this bid is already running."))


def search_again(
    *, actor: Reader, partnership_id: int, bid_id: int, search_id: int, without: int | None = None
) -> Search:
    """Repeat a search with the current directory.

    Parameters
    ----------
    without : int, optional
        An organisation that is to be left out as well.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput, Conflict
        As `search_partners`: a partner that was kept may have left meanwhile.
    """
    settings = settings_of(reads.get_search(partnership_id, bid_id, search_id))
    if without is not None:
        settings = replace(
            settings,
            keep=tuple(one for one in settings.keep if one != without),
            without=tuple(dict.fromkeys((*settings.without, without))),
        )
    return search_partners(
        actor=actor, partnership_id=partnership_id, bid_id=bid_id, settings=settings
    )


def settings_of(search: Search) -> SearchSettings:
    """Return the criteria of a search.

    Raises
    ------
    Conflict
        It was kept in a form that is not read any more.
    """
    try:
        return SearchSettings.from_json(search.settings)
    except (ValueError, TypeError, KeyError):
        raise Conflict(_("This search is too old to be displayed. Start a new one.")) from None


def begin_settings(
    bid: Bid, partners: Sequence[Partner], packages: Sequence[WorkPackage], parties: Sequence[int]
) -> SearchSettings:
    """Return the default criteria of a search for a bid. No query.

    All partners are kept; the topics of the call and the work packages are good to have; each side
    has a member, and as many as are kept may take part.
    """
    keep = tuple(one.organisation_id for one in partners)
    usual = SearchSettings()
    words = (*bid.call.topics, *(one.title for one in packages))
    needs = {
        need.label.casefold(): need for one in words if (need := NeedWish(one[:MOST_WORDS])).label
    }
    return replace(
        usual,
        keep=keep[:MOST_MEMBERS],
        needs=tuple(needs.values())[:MOST_NEEDS],
        most=min(MOST_MEMBERS, max(usual.most, len(keep))),
        sides=dict.fromkeys(parties, 1),
    )


def gap_settings(
    bid: Bid, partners: Sequence[Partner], packages: Sequence[WorkPackage], parties: Sequence[int]
) -> SearchSettings:
    """Return the criteria for filling a gap: as `begin_settings`, with as few more as will do.

    No query.
    """
    usual = begin_settings(bid, partners, packages, parties)
    most = min(MOST_MEMBERS, len(usual.keep) + MOST_TO_FILL)
    return replace(usual, least=max(1, len(usual.keep)), most=max(most, len(usual.keep)))


def find_to_leave_out(
    partnership: Partnership, parties: Sequence[Party], names: list[str], *, today: date
) -> tuple[list[int], list[str]]:
    """Return the organisations with these names, and the names that match none visible to the room.

    Two queries, none without names.
    """
    if not names:
        return [], []
    seen = reads.room_of(partnership, parties, today=today).organisations()
    found = find_by_name(seen, names)
    unknown = [name for name in names if not found.get(folded(name))]
    return [pk for ids in found.values() for pk in ids], unknown


def asks_for_figures(bid: Bid) -> bool:
    """Whether a condition of the call looks at what partners cost or ask for."""
    _kept, rules = rules_of(bid.call)
    return any(isinstance(rule, Share | Total) for rule in rules)
