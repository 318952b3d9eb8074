"""How what happens with labels reads in a history."""

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.trail import keep_trail
from proxeny.labels.models import (
    Condition,
    Criterion,
    Decision,
    Indicator,
    Juror,
    Level,
    Quota,
    Round,
    SchemeVersion,
)
from proxeny.partnerships import history
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.models import Agreement
from proxeny.partnerships.record_trails import trail_of

#: Deeds that are no adding, changing, putting away and bringing back. Each part adds its own.
DEEDS: dict[str, object] = {
    "begin_scheme": _("Began a label with an example"),
    "take_back_example": _("Put the example away again"),
    "translate_scheme": _("Translated texts of a label"),
    "publish_scheme": _("All have signed: the label is published"),
    "withdraw_scheme": _("Withdrew the label"),
    "open_round": _("Published a round: one can apply"),
    "make_issuer_key": _("Made a key to sign awards with"),
    "rotate_issuer_key": _("Replaced the key that signs awards"),
    "lose_issuer_key": _("Reported a key as lost"),
    "sign_awards_anew": _("Let awards be signed anew after the loss of a key"),
    "put_awards": _("Put awards before all sides"),
    "issue_awards": _("All have signed: the awards hold"),
    "ask_checkups": _("Asked holders how their projects are doing"),
    "ask_checkup": _("Asked a holder how a project is doing"),
    "answer_checkup": _("Answered how a project is doing"),
    "review_checkup": _("Looked at an answer of a holder"),
    "ask_new_name": _("Asked for an award in a new name"),
    "ask_revocation": _("Asked to revoke an award"),
    "revoke_award": _("All have signed: the award is revoked"),
    "take_back_round": _("Took the publication of a round back"),
    "begin_judging": _("Began to judge a round"),
    "begin_discussing": _("Went on to discussing a round"),
    "resume_judging": _("Went back to judging a round"),
    "ask_juror": _("Asked somebody to judge"),
    "change_juror": _("Changed what a juror knows or reads"),
    "take_out_juror": _("Took somebody out of a jury"),
    "remind_jurors": _("Reminded a jury"),
    "join_jury": _("Agreed to judge"),
    "leave_jury": _("Does not judge in a round"),
    "declare_jury": _("Declared conflicts of interest before judging"),
    "assign_jury": _("Assigned applications to a jury"),
    "add_assignment": _("Gave an application to a juror"),
    "remove_assignment": _("Took an application from a juror"),
    "abstain": _("Abstained from judging an application"),
    "save_scores": _("Scored an application"),
    "finish_scoring": _("Finished scoring an application"),
    "reopen_scoring": _("Went on scoring an application"),
    "change_scores": _("Changed scores while the jury talked it over"),
    "remark_application": _("Said something of an application"),
    "begin_label_application": _("Began an application for a label"),
    "write_label_application": _("Wrote an application for a label"),
    "decide_label_round": _("Decided a round: all scores are frozen"),
    "write_result_letter": _("Wrote a letter to an applicant"),
    "send_result_letter": _("Sent a letter to an applicant"),
    "give_up_place": _("Gave the place in a round up"),
    "move_up_in_round": _("Let an application move up from the waiting list"),
    "ask_label_appeal": _("Appealed against a decision on a label"),
    "read_label_appeal": _("Gave an application to other jurors after an appeal"),
    "decide_label_appeal": _("Decided an appeal"),
    "submit_label_application": _("Handed in an application for a label"),
    "withdraw_label_application": _("Withdrew an application for a label"),
    "restore_label_application": _("Undid the withdrawal of an application for a label"),
    "bring_label_document": _("Brought a document to an application for a label"),
    "drop_label_document": _("Took a document away from an application for a label"),
    "restore_label_document": _("Brought a document back to an application for a label"),
    "note_label_eligibility": _("Noted whether an application can take part"),
    "declare_label_conflict": _("Declared a conflict of interest with an application"),
    "note_label_fee": _("Noted when the fee of an application was paid"),
    "ask_label_applicant": _("Asked something about an application"),
    "ask_as_label_juror": _("Asked something about an application that one judges"),
    "pass_on_label_question": _("Passed on a question about an application"),
    "answer_label_question": _("Answered a question about an application"),
}
#: What is told of them that is no field with a name of its own.
LABELS: dict[str, object] = {"count": _("How many"), "number": _("Number")}


def teach() -> None:
    """Called when Django is ready."""
    for verb, sentence in DEEDS.items():
        history.tell(verb, sentence)
    for name, related in {
        "scheme": _of_scheme, "label-criterion": _alone, "label-indicator": _alone,
        "label-condition": _alone, "label-level": _alone, "label-quota": _alone,
        "label-round": _of_round,
    }.items():  # fmt: skip
        trail = trail_of(KINDS[name], related)
        keep_trail(name, replace(trail, labels={**trail.labels, **LABELS}))


def _alone(_one: Any) -> dict[str, QuerySet[Any]]:
    return {}


def _of_scheme(scheme: Any) -> dict[str, QuerySet[Any]]:
    """Return what is told along with a label: its parts, versions and rounds."""
    own = {
        f"labels.{model.__name__}": model.objects.filter(scheme=scheme).values("pk")
        for model in (Criterion, Indicator, Condition, Level, Quota, Round, SchemeVersion)
    }
    signed = Agreement.objects.filter(
        partnership_id=scheme.partnership_id, kind=Agreement.Kind.SCHEME, subject=str(scheme.pk)
    )
    return {**own, "partnerships.Agreement": signed.values("pk")}


def _of_round(held: Any) -> dict[str, QuerySet[Any]]:
    """Return what is told along with a round: its jury and its decisions."""
    return {
        f"labels.{model.__name__}": model.objects.filter(round=held).values("pk")
        for model in (Juror, Decision)
    }
