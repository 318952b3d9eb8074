"""How what a room keeps reads in a history: in the news of the partnership, and record by record."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.accounts.queries import names_of
from proxeny.accounts.trail import Trail, keep_trail
from proxeny.kernel.errors import NotFound
from proxeny.partnerships import history
from proxeny.partnerships.kinds import KINDS, Kind
from proxeny.partnerships.models import Action, Agreement, FundingLine, KeyResult, Party, Stage
from proxeny.partnerships.models.records import RoomRecord

#: What is done with a record besides adding, changing, putting away and bringing back.
DEEDS = {
    "measure": gettext_lazy("Noted a figure"),
    "remove_measurement": gettext_lazy("Took a figure back"),
    "ask_risk": gettext_lazy("Put the acceptance of a risk before all sides"),
    "sign_risk": gettext_lazy("Signed the acceptance of a risk"),
    "ask_stage": gettext_lazy("Asked all sides to enter a stage"),
    "sign_stage": gettext_lazy("Signed a stage"),
    "enter_stage": gettext_lazy("All sides have signed: a stage is entered"),
    "ask_exit": gettext_lazy("Proposed a plan for the exit"),
    "sign_exit": gettext_lazy("Signed the plan for the exit"),
    "ask_joining": gettext_lazy("Invited a further cluster"),
    "sign_joining": gettext_lazy("Signed that a cluster joins"),
    "ask_service": gettext_lazy("Put the terms of a service before all"),
    "sign_service": gettext_lazy("Signed the terms of a service"),
    "ask_brief": gettext_lazy("Put the brief of an assessment before all"),
    "sign_brief": gettext_lazy("Signed the brief of an assessment"),
    "ask_study": gettext_lazy("Put the publication of a study before all"),
    "sign_study": gettext_lazy("Signed the publication of a study"),
    "ask_page": gettext_lazy("Put the public page before all sides"),
    "sign_page": gettext_lazy("Signed the public page"),
    "sign_letter": gettext_lazy("Signed the letter of intent for a bid"),
    "ask_bid": gettext_lazy("Put a bid before all its partners"),
    "sign_bid": gettext_lazy("Signed a bid"),
    "ask_scheme": gettext_lazy("Put the scheme of a label before all sides"),
    "sign_scheme": gettext_lazy("Signed the scheme of a label"),
    "ask_award": gettext_lazy("Put awards of a label before all sides"),
    "sign_award": gettext_lazy("Signed awards of a label"),
    "ask_revoke": gettext_lazy("Put the revocation of an award before all sides"),
    "sign_revoke": gettext_lazy("Signed the revocation of an award"),
    "join_alliance": gettext_lazy("All sides have signed: a cluster has joined"),
    "leave_alliance": gettext_lazy("Left the alliance"),
    "close_text": gettext_lazy("Did not sign what was put before all sides"),
    "assess_partnership": gettext_lazy("Weighed the partnership for itself"),
    "name_contact": gettext_lazy("Said who speaks for its side"),
    "set_rhythm": gettext_lazy("Set how often the sides meet"),
    "confirm_favour": gettext_lazy("Confirmed what the other side noted"),
    "contest_favour": gettext_lazy("Said that it is not so"),
    "agree_placement": gettext_lazy("Agreed to a stay or visit"),
    "void_placement": gettext_lazy("Changed a stay or visit: the other side agrees anew"),
    "close_placement": gettext_lazy("Closed a stay or visit with a report"),
    "reopen_placement": gettext_lazy("Opened a stay or visit again"),
    "set_rate": gettext_lazy("Set an exchange rate"),
    "remove_rate": gettext_lazy("Took an exchange rate back"),
    "open_review": gettext_lazy("Asked how the partnership does"),
    "show_review": gettext_lazy("Showed the answers of both sides"),
    "draft_recommendation": gettext_lazy("Drafted what follows from a review"),
    "propose_recommendation": gettext_lazy("Proposed a recommendation"),
    "decide_recommendation": gettext_lazy("Decided on a recommendation, or went on with it"),
    "add_evidence": gettext_lazy("Said what a recommendation rests on"),
    "remove_evidence": gettext_lazy("Took evidence away"),
}
#: What changes that is no field with a name of its own.
LABELS = {
    "charges": gettext_lazy("In charge"),
    "needs": gettext_lazy("Needs the end of"),
    "origin": gettext_lazy("Decided"),
    "evidence": gettext_lazy("Evidence"),
}


def teach() -> None:
    """Called when Django is ready."""
    for verb, sentence in DEEDS.items():
        history.tell(verb, sentence)
    history.name_things("partnerships.agreement", _subjects)
    for kind in KINDS.values():
        for deed, sentence in kind.told.items():
            history.tell(kind.verb(deed), sentence)
        history.name_things(kind.model._meta.label_lower, _titles_of(kind))
        keep_trail(kind.name, trail_of(kind, _RELATED.get(kind.name, lambda record: {})))


def trail_of(kind: Kind, related: Callable[[Any], dict[str, QuerySet[Any]]]) -> Trail:
    """Return how records of a kind are told; `related`: what belongs to one, by its table."""
    return Trail(
        find=_finder_of(kind), address=_address_of(kind), labels=LABELS, words=WORDS,
        related=related,
    )  # fmt: skip


def _subjects(ids: Iterable[int]) -> dict[int, str]:
    """Name the stages that texts are about; what others are about, their own records tell."""
    found = Agreement.objects.filter(pk__in=set(ids), kind=Agreement.Kind.STAGE)
    return {pk: str(Stage(subject).label) for pk, subject in found.values_list("pk", "subject")}


def _titles_of(kind: Kind) -> Callable[[Iterable[int]], Mapping[int, str]]:
    def titles(ids: Iterable[int]) -> dict[int, str]:
        return {one.pk: kind.title_of(one) for one in kind.model.objects.filter(pk__in=set(ids))}

    return titles


def _finder_of(kind: Kind) -> Callable[[int], RoomRecord]:
    def find(pk: int) -> RoomRecord:
        found = kind.model.objects.filter(pk=pk).first()
        if found is None:
            raise NotFound(_("There is no such entry."))
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
        "partnerships.Agreement": signed.values("pk"), "partnerships.Action": actions.values("pk")
    }  # fmt: skip


def _of_recommendation(record: Any) -> dict[str, QuerySet[Any]]:
    actions = Action.objects.filter(
        partnership_id=record.partnership_id, origin=Action.Origin.RECOMMENDATION,
        origin_id=record.pk,
    )  # fmt: skip
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
        "Somebody whose name is not shown to you"
    )


def _party(value: Any) -> str:
    found = Party.objects.filter(pk=value).select_related("organisation").first()
    return found.organisation.name if found else str(value)


def _title_of(kind: str) -> Callable[[Any], str]:
    def title(value: Any) -> str:
        return _titles_of(KINDS[kind])([value]).get(value, str(value))

    return title


#: How the numbers of others read.
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
