"""Whom should an organisation meet: a list made by a job, and what people make of it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.directory import queries, rules
from proxeny.directory.folding import search_expression
from proxeny.directory.models import MatchChoice, MatchList, Organisation
from proxeny.directory.operations.meaning import kept_meaning
from proxeny.directory.operations.profiles import (
    Profiles,
    has_reason,
    keep_bonds,
    keep_gaps,
    keep_reasons,
    make_profiles,
    pairs_met,
)
from proxeny.directory.queries import matching as reads
from proxeny.directory.queries.matching import Entry
from proxeny.directory.queries.past_work import Bonds, bonds_of
from proxeny.engine.matching import (
    Embed,
    Match,
    Settings,
    Vocabulary,
    build_index,
    learn_taste,
    match_member,
)
from proxeny.engine.matching import Verdict as Answer
from proxeny.folding import fold
from proxeny.kernel import audit
from proxeny.kernel.errors import InvalidInput, NotAllowed
from proxeny.kernel.jobs import enqueue
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import Reader

#: So many proposals are kept.
MOST = 50
#: Up to so many others are all read; of more, those found by words and by field.
READ_ALL = 5000
BY_WORDS, BY_FIELD = 4000, 1000
#: A word that stands in more than this part of the entries finds nobody in particular.
COMMON = 0.2
MOST_WORDS = 60
DIVERSITY = 0.3
#: Refusals that do not say that such a partner is not wanted.
_SAYS_NOTHING = (MatchChoice.Why.KNOWN, MatchChoice.Why.LATER)

Verdict = MatchChoice.Verdict
Report = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Market:
    """Everything that a list is made of, read at one moment; the organisation stands first."""

    read: Profiles
    out: frozenset[int]
    liked: dict[int, float]
    bonds: Bonds
    embed: Embed | None
    considered: int
    basis: str


@transaction.atomic
def start_matching(*, actor: Reader, organisation_id: int, now: datetime) -> Job:
    """Have a list of partners made for an organisation, or return the job that makes it already.

    Side effects: a job; an audit row.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see the organisation, or is neither of it nor of its cluster.
    """
    organisation = _get_own(actor, organisation_id)
    MatchList.objects.get_or_create(organisation=organisation, person_id=actor.person)
    made = MatchList.objects.select_for_update().get(
        organisation=organisation, person_id=actor.person
    )
    job = reads.get_match_job(made)
    if job is not None and not job.is_over:
        return job
    job = enqueue(
        "directory.find-matches", actor=actor, arguments={"organisation_id": organisation_id},
        key=f"directory.find-matches:{made.pk}:{now.isoformat()}",
    )  # fmt: skip
    made.job_id = job.pk
    made.save(update_fields=["job_id"])
    audit.record(actor, "find_matches", organisation,
                 organisation_id=organisation.steward_id or organisation.pk)  # fmt: skip
    return job


def load_market(*, actor: Reader, organisation_id: int, today: date) -> Market:
    """Read an organisation and whom it could meet, with the eyes of the actor.

    Raises
    ------
    NotFound, NotAllowed
        As `start_matching`.
    """
    _get_own(actor, organisation_id)
    (own,) = reads.read_entries([organisation_id])
    considered = reads.count_partners(organisation_id)
    choices = reads.choices_of(own.id)
    partners = list(dict.fromkeys((*_preselect(own, considered), *choices)))
    read = make_profiles([own, *reads.read_entries(partners)])
    met = {other for one, other in pairs_met([own.id]) if one == own.id}
    bonds = bonds_of(own.id, today=today)
    # The clusters that an organisation belongs to need no introduction.
    known = {own.steward_id or 0, *(pk for ids in bonds.clusters.values() for pk in ids)}
    return Market(
        read=read,
        out=frozenset(met | known | set(choices)),
        liked={
            target: float(choice.verdict == Verdict.WANTED)
            for target, choice in choices.items()
            if choice.why not in _SAYS_NOTHING
        },
        bonds=bonds,
        embed=kept_meaning([own.id, *partners]),
        considered=considered,
        basis=reads.basis_of(own.id),
    )


def _preselect(own: Entry, count: int) -> list[int]:
    """Return whom to read: all, or the likeliest by words and by field."""
    if count <= READ_ALL:
        return reads.first_partners(own.id, READ_ALL)
    expression = _expression(own)
    found = reads.partners_by_words(own.id, expression, BY_WORDS) if expression else []
    chosen = dict.fromkeys((*found, *reads.partners_by_field(own, BY_FIELD)))
    return list(chosen) or reads.first_partners(own.id, BY_FIELD)


def _expression(own: Entry) -> str:
    """Return the telling words of an entry and its texts as a search for any of them."""
    vocabulary = Vocabulary()
    told = [(own.language, own.summary), *((one.language, one.words) for one in own.texts)]
    words = Counter(
        part
        for language, text in told
        for _term, word in vocabulary.read_pairs(text, language)
        for part in fold(word).split()
    )
    sample = reads.sample_words(own.id)
    most = COMMON * len(sample)
    telling = [
        # Endings differ: of a longer word its beginning is sought.
        word if len(word) < 6 else word[:-2]
        for word, _count in words.most_common(4 * MOST_WORDS)
        if len(word) > 2 and sum(word in text for text in sample) <= most
    ]
    parts = (search_expression(word) for word in dict.fromkeys(telling[:MOST_WORDS]))
    return " | ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Found:
    """What came out, as JSON: the proposals, best first, and what the profile lacks most."""

    proposals: list[dict[str, Any]]
    gaps: list[dict[str, Any]]


def rank_partners(market: Market, *, report: Report) -> Found:
    """Find the best partners with their reasons. Needs no database.

    Takes the time of an index over all profiles read: half a second for a thousand.
    """
    read = market.read
    report("index", 40)
    index = build_index(read.profiles, embed=market.embed)
    report("rank", 85)
    targets = [
        place
        for place, entry in enumerate(read.entries)
        if place and entry.id not in market.out and read.fit(0, place)
    ]
    answers = [
        Answer(0, place, market.liked[entry.id])
        for place, entry in enumerate(read.entries)
        if entry.id in market.liked
    ]
    found = match_member(
        index, 0, targets, top=MOST, diversity=DIVERSITY,
        settings=Settings(taste=learn_taste(index, answers)),
    )  # fmt: skip
    report("rank", 98)
    proposals = [_proposal(market, one) for one in found]
    return Found(
        [one for one in proposals if has_reason(one["reasons"])],
        keep_gaps(read.profiles[0], index),
    )


def _proposal(market: Market, found: Match) -> dict[str, Any]:
    read, partner = market.read, market.read.entries[found.target]
    reasons = keep_reasons(
        found.reasons, read, 0, found.target,
        they_offer=found.they_offer, they_need=found.they_need,
    )  # fmt: skip
    return {
        "target": partner.id,
        "score": round(found.score, 4),
        "they_offer": round(found.they_offer, 4),
        "they_need": round(found.they_need, 4),
        "reasons": [*reasons, *keep_bonds(market.bonds, partner.id)],
    }


@transaction.atomic
def store_matches(
    *, actor: Reader, organisation_id: int, market: Market, found: Found, now: datetime
) -> MatchList:  # fmt: skip
    """Keep a list that was made, in place of the earlier one."""
    made, _made = MatchList.objects.update_or_create(
        organisation_id=organisation_id, person_id=actor.person,
        defaults={
            "proposals": found.proposals,
            "gaps": found.gaps,
            "considered": market.considered,
            "basis": market.basis,
            "computed_at": now,
        },
    )  # fmt: skip
    return made


@transaction.atomic
def choose_match(
    *, actor: Reader, organisation_id: int, target_id: int, verdict: str, now: datetime,
    why: str = "",
) -> MatchChoice:  # fmt: skip
    """Say that an organisation wants to meet another, or does not, in place of an earlier choice.

    The other side is never told.

    Parameters
    ----------
    why : str
        One of `MatchChoice.Why`, for a refusal; may be empty.

    Side effects: an audit row; whom it refused is not proposed to it again.

    Raises
    ------
    NotFound, NotAllowed
        One of the two is not seen, or the actor is neither of the organisation nor of its cluster.
    InvalidInput
        Oneself, or a word that is none of the choices.
    """
    organisation = _get_own(actor, organisation_id)
    target = queries.get_organisation(target_id)
    _refuse_bad(organisation, target, verdict, why)
    choice = MatchChoice(
        organisation=organisation, target=target, verdict=verdict, person_id=actor.person,
        why=why if verdict == Verdict.REFUSED else "", created_at=now,
    )  # fmt: skip
    MatchChoice.objects.bulk_create(
        [choice], update_conflicts=True, unique_fields=["organisation", "target"],
        update_fields=["verdict", "why", "person", "created_at"],
    )  # fmt: skip
    audit.record(actor, "choose_match", organisation,
                 organisation_id=organisation.steward_id or organisation.pk,
                 changes={"target": target.pk, "verdict": verdict})  # fmt: skip
    return MatchChoice.objects.get(organisation=organisation, target=target)


@transaction.atomic
def clear_match(*, actor: Reader, organisation_id: int, target_id: int) -> bool:
    """Take a choice back; return whether there was one.

    Side effects: an audit row, if there was.

    Raises
    ------
    NotFound, NotAllowed
        As `choose_match`, but the other organisation may be hidden by now.
    """
    organisation = _get_own(actor, organisation_id)
    found = MatchChoice.objects.filter(organisation=organisation, target_id=target_id)
    count, _each = found.delete()
    if count:
        audit.record(actor, "clear_match", organisation,
                     organisation_id=organisation.steward_id or organisation.pk,
                     changes={"target": target_id})  # fmt: skip
    return bool(count)


def _get_own(actor: Reader, organisation_id: int) -> Organisation:
    organisation = queries.get_organisation(organisation_id)
    if not rules.can_see_matches(actor, organisation):
        raise NotAllowed(_("Only its own people and its cluster's team look for its partners."))
    return organisation


def _refuse_bad(organisation: Organisation, target: Organisation, verdict: str, why: str) -> None:
    if organisation.pk == target.pk:
        raise InvalidInput(_("You cannot meet yourself."), field="target")
    if verdict not in Verdict.values:
        raise InvalidInput(_("Say whether you want to meet them or not."), field="verdict")
    if why and why not in MatchChoice.Why.values:
        raise InvalidInput(_("Choose one of the reasons."), field="why")
