"""An award renewed by its holder: an application with the last answers, and what has changed."""

from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader
from proxeny.labels.content import SchemeText
from proxeny.labels.models import Answer, Application, Award, Document
from proxeny.labels.operations import life_mails
from proxeny.labels.operations.application_fields import clean
from proxeny.labels.operations.applying import begin_application
from proxeny.labels.operations.renaming import MOST_NAME
from proxeny.labels.queries.life import OwnAward, get_own_award, next_round
from proxeny.labels.queries.own_applications import get_open_round
from proxeny.labels.rules import takes_applications

#: What a renewal takes over from the application before it, whatever was written there last.
_KEPT = (
    "title",
    "summary",
    "country",
    "website",
    "topics",
    "contact_name",
    "contact_email",
    "language",
)
MOST_WHY = 500


@transaction.atomic
def begin_renewal(*, actor: Reader, award_id: int, changed: str = "", now: datetime) -> Application:
    """Begin the application that renews an award, in the open round of its label.

    Texts, points and documents come from the previous application; conditions are confirmed again.
    If a renewal was begun already, that one is returned.

    Side effects: an audit row, as of `begin_application`.

    Raises
    ------
    NotFound
        The award is not of the actor's organisations.
    Conflict
        Its last months have not begun, it holds no more, another follows already, or no round of
        the label is open for applications.
    InvalidInput
        The label is not for the organisation any more; too long a text.
    """
    own = get_own_award(actor, award_id, now)
    if own.renewal is not None:
        return own.renewal
    refuse_renewal(own, now)
    award = own.award
    held = next_round(award.scheme_id, now)
    if held is None or not takes_applications(held, now):
        raise Conflict(_("No round of this label is accepting applications right now."))
    words = clean("changed", changed)
    before = Application.objects.filter(pk=award.application_id or 0).first()
    one = begin_application(
        actor=actor,
        round_id=held.pk,
        organisation_id=award.organisation_id,
        title=award.title,
        now=now,
    )
    one.renews, one.changed, one.country = award, words, award.country
    if before is not None:
        for name in _KEPT:
            if value := getattr(before, name):
                setattr(one, name, value)
        _copy_answers(before, one, get_open_round(held.pk, now=now).scheme, now)
        _copy_documents(before, one)
    one.save()
    return one


def refuse_renewal(own: OwnAward, now: datetime) -> None:
    """Raise `Conflict` unless an award can be renewed at a moment."""
    if own.can_renew(now):
        return
    if own.follower is not None:
        raise Conflict(_("Another award already follows this one."))
    if own.state == "valid":
        day = date_format(localtime(own.renews_from))
        raise Conflict(_("This award can be renewed from %(day)s.") % {"day": day})
    raise Conflict(_("This award is no longer valid. Apply again in a round of the label."))


def _copy_answers(before: Application, one: Application, scheme: SchemeText, now: datetime) -> None:
    """Take answers over for the indicators that there are still, with points that still fit."""
    scales = {each.key: each.scale for each in scheme.indicators()}
    Answer.objects.bulk_create(
        [
            Answer(
                partnership_id=one.partnership_id,
                application=one,
                indicator=each.indicator,
                text=each.text,
                saved_at=now,
                points=each.points
                if each.points is None or each.points <= scales[each.indicator]
                else None,
            )
            for each in Answer.objects.filter(application=before).order_by("pk")
            if each.indicator in scales
        ]
    )


def _copy_documents(before: Application, one: Application) -> None:
    kept = Document.objects.defer(None).filter(application=before, dropped_at=None)
    Document.objects.bulk_create(
        [
            Document(
                partnership_id=one.partnership_id,
                application=one,
                indicator=each.indicator,
                number=number,
                name=each.name,
                media_type=each.media_type,
                size=each.size,
                sha256=each.sha256,
                content=each.content,
                person_id=each.person_id,
            )
            for number, each in enumerate(kept.order_by("number"), 1)
        ]
    )


@transaction.atomic
def ask_new_name(*, actor: Reader, award_id: int, name: str, why: str = "", now: datetime) -> Award:
    """Ask the clusters to put an award in the new name of its holder; they put it before all sides.

    Side effects: a mail to the managers of the clusters; an audit row that they read.

    Raises
    ------
    NotFound
        The award is not of the actor's organisations.
    Conflict
        It holds no more; this name was asked for already.
    InvalidInput
        There is no name, the same, or too long a text.
    """
    own = get_own_award(actor, award_id, now)
    award, name = own.award, " ".join(name.split())
    if own.state not in ("valid", "to-come"):
        raise Conflict(_("This award is no longer valid."))
    if not name or name == award.holder:
        raise InvalidInput(_("Enter the new name."), field="name")
    for field, text, most in (("name", name, MOST_NAME), ("why", why, MOST_WHY)):
        if len(text) > most:
            raise InvalidInput(
                _("Shorten this to %(most)d characters.") % {"most": most}, field=field
            )
    if not life_mails.ask_new_name(award, name, why.strip(), actor=actor, today=now.date()):
        raise Conflict(_("You’ve already requested this name. The clusters are considering it."))
    audit.record(
        actor,
        "ask_new_name",
        award,
        organisation_id=award.organisation_id,
        partnership_id=award.partnership_id,
        changes={"holder": [award.holder, name]},
        why=why.strip(),
    )
    return award
