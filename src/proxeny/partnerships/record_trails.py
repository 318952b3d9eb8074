"""History texts for records of a room: in the partnership's news, and record by record."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.accounts.queries import names_of
from proxeny.accounts.trail import TRAILS, Trail
from proxeny.kernel.errors import NotFound
from proxeny.partnerships import history, texts
from proxeny.partnerships.kinds import KINDS, Kind
from proxeny.partnerships.models import Action, Agreement, FundingLine, KeyResult, Party, Stage
from proxeny.partnerships.models.records import RoomRecord

#: Verbs of a record's history besides add, change, archive and restore.
DEEDS = {
    "measure": gettext_lazy("Recorded a figure"),
    "remove_measurement": gettext_lazy("Removed a figure"),
    "ask_risk": gettext_lazy("Sent the acceptance of a risk for signature"),
    "sign_risk": gettext_lazy("Signed the acceptance of a risk"),
    "ask_stage": gettext_lazy("Asked all sides to enter a stage"),
    "sign_stage": gettext_lazy("Signed a stage"),
    "enter_stage": gettext_lazy("All sides have signed: a stage begins"),
    "ask_exit": gettext_lazy("Proposed an exit plan"),
    "sign_exit": gettext_lazy("Signed the exit plan"),
    "ask_joining": gettext_lazy("Invited another cluster"),
    "sign_joining": gettext_lazy("Signed for a cluster to join"),
    "ask_service": gettext_lazy("Sent the terms of a service for signature"),
    "sign_service": gettext_lazy("Signed the terms of a service"),
    "ask_brief": gettext_lazy("Sent an assessment brief for signature"),
    "sign_brief": gettext_lazy("Signed an assessment brief"),
    "ask_study": gettext_lazy("Sent the publication of a study for signature"),
    "sign_study": gettext_lazy("Signed the publication of a study"),
    "ask_page": gettext_lazy("Sent the public page for signature"),
    "sign_page": gettext_lazy("Signed the public page"),
    "sign_letter": gettext_lazy("Signed the letter of intent for a bid"),
    "ask_bid": gettext_lazy("Sent a bid to all its partners for signature"),
    "sign_bid": gettext_lazy("Signed a bid"),
    "ask_scheme": gettext_lazy("Sent a label scheme for signature"),
    "sign_scheme": gettext_lazy("Signed a label scheme"),
    "ask_award": gettext_lazy("Sent label awards for signature"),
    "sign_award": gettext_lazy("Signed label awards"),
    "ask_revoke": gettext_lazy("Sent the revocation of an award for signature"),
    "sign_revoke": gettext_lazy("Signed the revocation of an award"),
    "ask_round": gettext_lazy("Asked all sides to agree to the decision of a round"),
    "sign_round": gettext_lazy("Agreed to the decision of a round"),
    "ask_event": gettext_lazy("Proposed a step of an event"),
    "sign_event": gettext_lazy("Agreed to a step of an event"),
    "ask_advice": gettext_lazy("Accepted a recommendation for its side"),
    "sign_advice": gettext_lazy("Accepted a recommendation for its side"),
    "ask_end": gettext_lazy("Proposed to end the alliance"),
    "sign_end": gettext_lazy("Agreed to end the alliance"),
    "join_alliance": gettext_lazy("All sides have signed: a cluster has joined"),
    "leave_alliance": gettext_lazy("Left the alliance"),
    "close_text": gettext_lazy("Did not sign a text sent for signature"),
    "assess_partnership": gettext_lazy("Saved its internal assessment"),
    "name_contact": gettext_lazy("Named a contact for its side"),
    "set_rhythm": gettext_lazy("Set how often the sides meet"),
    "confirm_favour": gettext_lazy("Confirmed what the other side recorded"),
    "contest_favour": gettext_lazy("Disputed what the other side recorded"),
    "agree_placement": gettext_lazy("Agreed to a stay or visit"),
    "void_placement": gettext_lazy("Changed a stay or visit: the other side must agree again"),
    "close_placement": gettext_lazy("Closed a stay or visit with a report"),
    "reopen_placement": gettext_lazy("Reopened a stay or visit"),
    "set_rate": gettext_lazy("Set an exchange rate"),
    "remove_rate": gettext_lazy("Removed an exchange rate"),
    "open_review": gettext_lazy("Started a health review"),
    "show_review": gettext_lazy("Showed the answers of all sides"),
    "draft_recommendation": gettext_lazy("Drafted recommendations from a review"),
    "propose_recommendation": gettext_lazy("Proposed a recommendation"),
    "decide_recommendation": gettext_lazy("Decided on a recommendation, or took it further"),
    "add_evidence": gettext_lazy("Added evidence to a recommendation"),
    "remove_evidence": gettext_lazy("Removed evidence"),
}
#: Labels for changes that are no named fields.
LABELS = {
    "charges": gettext_lazy("In charge"),
    "needs": gettext_lazy("Depends on"),
    "origin": gettext_lazy("Decided"),
    "evidence": gettext_lazy("Evidence"),
}


def teach() -> None:
    """Called when Django is ready."""
    for verb, sentence in DEEDS.items():
        history.tell(verb, sentence)
    history.THINGS.add("partnerships.agreement", _subjects)
    for kind in KINDS.values():
        for deed, sentence in kind.told.items():
            history.tell(kind.verb(deed), sentence)
        history.THINGS.add(kind.model._meta.label_lower, _titles_of(kind))
        TRAILS.add(kind.name, trail_of(kind, _RELATED.get(kind.name, lambda record: {})))


def trail_of(kind: Kind, related: Callable[[Any], dict[str, QuerySet[Any]]]) -> Trail:
    """Return the trail of records of a kind; `related`: what belongs to one, by its table."""
    return Trail(
        find=_finder_of(kind),
        address=_address_of(kind),
        labels=LABELS,
        words=WORDS,
        related=related,
    )


def _subjects(ids: Iterable[int]) -> dict[int, str]:
    """Name the stages and event steps that texts are about; other records name themselves."""
    kinds = (Agreement.Kind.STAGE, Agreement.Kind.EVENT)
    found = Agreement.objects.filter(pk__in=set(ids), kind__in=kinds)
    agreements = list(found.only("kind", "subject"))
    stages = {one.pk: str(Stage(one.subject).label) for one in agreements if one.kind == kinds[0]}
    return stages | texts.names_of(one for one in agreements if one.kind == kinds[1])


def _titles_of(kind: Kind) -> Callable[[Iterable[int]], Mapping[int, str]]:
    def titles(ids: Iterable[int]) -> dict[int, str]:
        return {
            one.pk: kind.title_of(one)
            for one in kind.model._default_manager.filter(pk__in=set(ids))
        }

    return titles


def _finder_of(kind: Kind) -> Callable[[int], RoomRecord]:
    def find(pk: int) -> RoomRecord:
        found = kind.model._default_manager.filter(pk=pk).first()
        if found is None:
            raise NotFound(_("We couldn’t find this entry."))
        return found

    return find


def _address_of(kind: Kind) -> Callable[[Any], str]:
    def address(record: RoomRecord) -> str:
        if kind.name == "recommendation":
            return reverse("partnerships:recommendation", args=[record.partnership_id, record.pk])
        return kind.url_of(record)

    return address


def _of_objective(record: Any) -> dict[str, QuerySet[Any]]:
    return {"partnerships.KeyResult": KeyResult.objects.filter(objective=record).values("pk")}


def _of_risk(record: Any) -> dict[str, QuerySet[Any]]:
    signed = Agreement.objects.filter(
        partnership_id=record.partnership_id, kind=Agreement.Kind.RISK, subject=str(record.pk)
    )
    actions = Action.objects.filter(
        partnership_id=record.partnership_id, origin=Action.Origin.RISK, origin_id=record.pk
    )
    return {
        "partnerships.Agreement": signed.values("pk"),
        "partnerships.Action": actions.values("pk"),
    }


def _of_recommendation(record: Any) -> dict[str, QuerySet[Any]]:
    actions = Action.objects.filter(
        partnership_id=record.partnership_id,
        origin=Action.Origin.RECOMMENDATION,
        origin_id=record.pk,
    )
    return {"partnerships.Action": actions.values("pk")}


def _of_source(record: Any) -> dict[str, QuerySet[Any]]:
    return {"partnerships.FundingLine": FundingLine.objects.filter(source=record).values("pk")}


_RELATED: dict[str, Callable[[Any], Mapping[str, Any]]] = {
    "objective": _of_objective,
    "risk": _of_risk,
    "recommendation": _of_recommendation,
    "source": _of_source,
}


def _person(value: Any) -> str:
    return names_of([int(value)]).get(int(value), "") or _(
        "Someone whose name isn’t visible to you"
    )


def _party(value: Any) -> str:
    found = Party.objects.filter(pk=value).select_related("organisation").first()
    return found.organisation.name if found else str(value)


def _title_of(kind: str) -> Callable[[Any], str]:
    def title(value: Any) -> str:
        return _titles_of(KINDS[kind])([value]).get(value, str(value))

    return title


#: Functions that put ids of other records into words.
WORDS: dict[str, Callable[[Any], str]] = {
    "person": _person,
    "charges": _person,
    "party": _party,
    "giver": _party,
    "receiver": _party,
    "sender": _party,
    "host": _party,
    "borne_by": _party,
    "objective": _title_of("objective"),
    "activity": _title_of("activity"),
    "needs": _title_of("activity"),
    "source": _title_of("source"),
}
