"""Events of requests, briefs and plans, as a history describes them."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.queries import names_of
from proxeny.accounts.trail import TRAILS, Trail
from proxeny.assessments.models import Engagement
from proxeny.assessments.queries.engagements import get_engagement
from proxeny.kernel import audit
from proxeny.partnerships.models import Agreement

SENTENCES = {
    "accept_request": _("Accepted a request"),
    "add_step": _("Added a step"),
    "ask_assessment": _("Requested a market assessment"),
    "ask_brief": _("Sent a brief to the company and all sides for signature"),
    "begin_work": _("Brief signed by everyone: work began"),
    "change_request": _("Changed a request"),
    "change_step": _("Changed a step"),
    "close_engagement": _("Closed an assessment"),
    "declare_conflict": _("Declared a conflict of interest"),
    "declare_free": _("Declared no conflict of interest"),
    "decline_request": _("Declined a request"),
    "drop_step": _("Removed a step from the plan"),
    "finish_step": _("Completed a step"),
    "name_adviser": _("Named an adviser for an assessment"),
    "open_brief": _(
        "Each side has a lead without a conflict of interest: the brief can be written"
    ),
    "release_adviser": _("Removed someone from an assessment"),
    "reopen_engagement": _("Reopened an assessment"),
    "reopen_step": _("Reopened a completed step"),
    "sign_brief": _("Signed a brief"),
    "withdraw_request": _("Withdrew a request"),
    "write_brief": _("Wrote the brief"),
}


def teach() -> None:
    """Called when Django is ready."""
    audit.SENTENCES.update(SENTENCES)
    TRAILS.add(
        "assessment",
        Trail(
            find=get_engagement,
            # Who works on it is led on to the page of the teams.
            address=lambda one: reverse("assessments:own-engagement", args=[one.pk]),
            related=_related,
            labels={"state": _("State")},
            words={"state": _state, "adviser": _name},
        ),
    )


def _related(engagement: Any) -> dict[str, Any]:
    texts = Agreement.objects.filter(
        partnership_id=engagement.partnership_id,
        kind=Agreement.Kind.BRIEF,
        subject=str(engagement.pk),
    )
    return {"partnerships.agreement": texts.values("pk")}


def _state(value: Any) -> str:
    return str(dict(Engagement.State.choices).get(value, value))


def _name(person_id: Any) -> str:
    number = int(person_id) if str(person_id).isdecimal() else 0
    return names_of([number]).get(number, str(_("someone who has left")))


def name_briefs(subjects: set[str]) -> dict[str, str]:
    """Return the names of briefs, by their subjects; service role."""
    numbers = [int(one) for one in subjects if one.isdecimal()]
    found = Engagement.objects.filter(pk__in=numbers).values_list("pk", "title")
    return {str(pk): title for pk, title in found}
