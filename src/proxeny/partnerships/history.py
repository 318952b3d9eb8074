"""The history of a partnership in sentences: the audit rows both sides may read."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.queries import names_of
from proxeny.kernel import audit
from proxeny.kernel.hooks import KeyedHook
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.rows import Column, Rows
from proxeny.partnerships import queries
from proxeny.partnerships.delegation_queries import delegation_names
from proxeny.partnerships.introduction_queries import plan_names
from proxeny.partnerships.models import Partnership

#: The sentence of each operation. Higher-level packages add theirs with `tell`.
_SENTENCES: dict[str, Any] = {
    "propose_partnership": _("Sent the proposal"),
    "sign_agreement": _("Signed the agreement"),
    "activate_partnership": _("All sides have signed: the partnership is active"),
    "amend_agreement": _("Proposed a new text for the agreement"),
    "decline_partnership": _("Declined the proposal"),
    "withdraw_proposal": _("Withdrew the proposal"),
    "end_partnership": _("Ended the partnership"),
    "grant_sharing": _("Shared the member list"),
    "share_member": _("Shared one member"),
    "share_file": _("Shared a file"),
    "change_sharing": _("Changed what is shared, or until when"),
    "withdraw_sharing": _("Stopped sharing the member list"),
    "withdraw_member": _("Stopped sharing a member"),
    "withdraw_file": _("Stopped sharing a file"),
    "remove_file": _("Deleted a shared file"),
    "give_delegation": _("Delegated a decision to another party"),
    "withdraw_delegation": _("Revoked a delegation"),
    "plan_introductions": _("Searched for introductions between members"),
}

#: Reads of shared content: shown in the ledger, and in the full history of a record.
READING: dict[str, Any] = {
    "read_shared_member": _("Opened an entry"),
    "read_shared_file": _("Downloaded a file"),
    "export_shared_list": _("Downloaded the list"),
}

#: Not news for the other side, but told where a record's whole history is read.
_QUIET = {
    "change_draft": _("Changed the draft"),
    "draft_partnership": _("Drafted the partnership"),
    "decide_introduction": _("Kept or dropped a proposed introduction"),
    "ask_letter": _("Wrote a letter of intent for a partner of a bid"),
}


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """One thing that happened; `what` names what it was done to, as far as the reader sees it."""

    id: int
    verb: str
    at: datetime
    sentence: Any
    what: str
    by: str
    side: str
    why: str


#: The history of a partnership, newest first. A row of a file is a `HistoryItem`.
HISTORY = Rows(
    "history",
    (
        Column("when", gettext_lazy("When"), lambda one: one.at, ("at",)),
        Column("what", gettext_lazy("What"), lambda one: one.sentence, ("verb", "-at")),
        Column("about", gettext_lazy("About"), lambda one: one.what),
        Column("by", gettext_lazy("By"), lambda one: one.by),
        Column("why", gettext_lazy("Reason"), lambda one: one.why),
    ),
    sort="-when",
)


_Names = Callable[[Iterable[int]], Mapping[int, str]]
#: Functions that name the objects of actions, by the label of their model.
THINGS: KeyedHook[_Names] = KeyedHook(
    "history.things", "Names of the records of one model, for the history of a partnership."
)


def teach() -> None:
    """Called when Django is ready."""
    audit.SENTENCES.update(_SENTENCES | _QUIET | READING)
    THINGS.add("partnerships.sharinggrant", queries.grant_names)
    THINGS.add("partnerships.introductionplan", plan_names)
    THINGS.add("partnerships.delegation", delegation_names)


def tell(verb: str, sentence: Any) -> None:
    """Say how an operation of another capability reads in a partnership's history."""
    _SENTENCES[verb] = sentence
    audit.SENTENCES.update({verb: sentence})


def list_verbs() -> list[tuple[str, Any]]:
    """Return the operations that the history can be filtered by, with their sentences."""
    return list(_SENTENCES.items())


def find_entries(
    partnership: Partnership, *, organisation_id: int | None = None, verb: str = ""
) -> QuerySet[AuditEntry]:
    """Return the history of a partnership, newest first: the audit rows that have a sentence.

    The rest (each rating, each moved meeting) is kept in the trail and would only bury the news.
    """
    entries = AuditEntry.objects.filter(partnership_id=partnership.pk, verb__in=_SENTENCES)
    entries = entries.order_by("-at", "-pk")
    if organisation_id is not None:
        entries = entries.filter(organisation_id=organisation_id)
    if verb in _SENTENCES:
        entries = entries.filter(verb=verb)
    return entries


def recent_entries(
    partnership_ids: Iterable[int], *, since: datetime, apart_from: int | None, most: int
) -> list[AuditEntry]:
    """Return the history of several partnerships since a moment, newest first. One query.

    Parameters
    ----------
    apart_from : int, optional
        The person whose own actions are left out.
    """
    entries = AuditEntry.objects.filter(
        partnership_id__in=list(partnership_ids), verb__in=_SENTENCES, at__gte=since
    )
    return list(entries.exclude(person_id=apart_from).order_by("-at", "-pk")[:most])


def tell_entries(partnership: Partnership, entries: list[AuditEntry]) -> list[HistoryItem]:
    """Turn audit rows into sentences. One query for the people, one for each kind of thing."""
    return tell_together([partnership], entries)


def tell_together(
    partnerships: Iterable[Partnership], entries: list[AuditEntry]
) -> list[HistoryItem]:
    """Turn audit rows of several partnerships into sentences, as `tell_entries` does."""
    names = names_of(entry.person_id for entry in entries if entry.person_id)
    things = _name_all(entries)
    sides = {
        (one.pk, party.organisation_id): party.side.lower()
        for one in partnerships
        for party in one.parties.all()
    }
    return [
        HistoryItem(
            id=entry.pk,
            verb=entry.verb,
            at=entry.at,
            sentence=_SENTENCES[entry.verb],
            what=things.get((entry.target, entry.target_id), ""),
            by=names.get(entry.person_id or 0, ""),
            side="both"
            if entry.verb == "activate_partnership"
            else sides.get((entry.partnership_id or 0, entry.organisation_id or 0), ""),
            why=entry.why,
        )
        for entry in entries
    ]


def _name_all(entries: list[AuditEntry]) -> dict[tuple[str, int | None], str]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        if entry.target in THINGS and entry.target_id:
            wanted[entry.target].add(entry.target_id)
    return {
        (label, pk): name
        for label, ids in wanted.items()
        for pk, name in THINGS[label](ids).items()
    }
