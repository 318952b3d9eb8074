"""A round goes on: published, judged, discussed; and back, with a reason."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.models import Application, Juror, Round
from proxeny.labels.operations import jury_mails
from proxeny.labels.operations.entering import InRound, enter_round, note
from proxeny.labels.operations.refusing import log_refusal
from proxeny.labels.queries.rounds import Progress, progress_of
from proxeny.labels.queries.schemes import published_version

State = Round.State
MOST_WHY = 500


@transaction.atomic
def publish_round(
    *, actor: Reader, partnership_id: int, round_id: int, version: int | None = None, now: datetime
) -> Round:
    """Publish a round: everybody reads it, and one can apply from its opening to its end.

    It is judged by the newest version of its label that all sides have signed, for ever.

    Side effects: drafts of an earlier publication go by this version from now on; an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; it is published already; no version is signed; it has closed already.
    """
    entered = enter_round(actor, partnership_id, round_id, version=version)
    held = entered.round
    if held.state != State.PLANNED:
        # Whoever publishes it anew would put another version under those who applied.
        log_refusal("round_version_again", round_id=held.pk)
        raise Conflict(
            _("This round is published: it is judged by the version with which it opened.")
        )
    if held.scheme.dropped_at is not None:
        raise Conflict(_("This label was put away. Bring it back first."))
    signed = published_version(held.scheme)
    if signed is None:
        raise Conflict(
            _("No version of this label is signed by all sides yet. Publish the label first.")
        )
    if held.closes_at <= now:
        raise Conflict(_("This round would have closed already. Choose a later end first."))
    _move(held, state=State.OPEN, scheme_version=signed, published_at=now)
    with as_service():
        Application.objects.filter(round=held).update(scheme_version=signed)
    _note(actor, "open_round", entered, {"number": signed.number})
    return held


@transaction.atomic
def take_back_round(
    *, actor: Reader, partnership_id: int, round_id: int, version: int | None = None, now: datetime
) -> Round:
    """Take the publication of a round back, as long as nobody has applied in it.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; it is not open; somebody has applied.
    """
    entered = enter_round(actor, partnership_id, round_id, State.OPEN, version=version)
    held = entered.round
    with as_service():
        has_any = Application.objects.filter(round=held, submitted_at__isnull=False).exists()
    if has_any:
        raise Conflict(_("Somebody has applied: this round stays published."))
    _move(held, state=State.PLANNED, scheme_version=None, published_at=None)
    _note(actor, "take_back_round", entered)
    return held


@transaction.atomic
def begin_judging(
    *, actor: Reader, partnership_id: int, round_id: int, version: int | None = None, now: datetime
) -> Round:
    """Begin to judge what was submitted, once the round has closed.

    Side effects: the jurors are written to; an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; it has not closed yet, nobody has applied, or a side has no juror.
    """
    entered = enter_round(actor, partnership_id, round_id, State.OPEN, version=version)
    held = entered.round
    with as_service():
        progress = progress_of(held)
    if refusal := refuse_judging(entered, progress, now=now):
        raise Conflict(refusal)
    _move(held, state=State.JUDGING)
    _note(actor, "begin_judging", entered, {"count": progress.submitted})
    with as_service():
        jurors = list(
            Juror.objects.filter(round=held).exclude(state=Juror.State.OUT)
            .select_related("person").order_by("pk")
        )  # fmt: skip
    for one in jurors:
        jury_mails.ask_to_declare(one, held, count=progress.submitted)
    return held


def refuse_judging(entered: Any, progress: Progress, *, now: datetime) -> str:
    """Return why a round cannot be judged yet; empty if it can.

    `entered` is anything with the round and the parties.
    """
    if now < entered.round.closes_at:
        return _("One can still apply. Judging begins once the round has closed.")
    if not progress.submitted:
        return _("Nobody has applied in this round. It can close later.")
    if lacking := progress.lacking(entered.parties):
        names = join_items(one.organisation.name for one in lacking)
        return _("Nobody is in the jury yet for: %(names)s.") % {"names": names}
    return ""


def refuse_discussing(progress: Progress) -> str:
    """Return what is not scored yet, as a sentence; empty if all is."""
    parts = []
    if progress.lacks:
        parts.append(
            ngettext(
                "%(count)d application lacks a juror.", "%(count)d applications lack a juror.",
                progress.lacks,
            ) % {"count": progress.lacks}
        )  # fmt: skip
    if progress.open:
        parts.append(
            ngettext(
                "%(count)d review is not finished.", "%(count)d reviews are not finished.",
                progress.open,
            ) % {"count": progress.open}
        )  # fmt: skip
    return " ".join(parts)


@transaction.atomic
def begin_discussing(
    *, actor: Reader, partnership_id: int, round_id: int, why: str = "",
    version: int | None = None, now: datetime,
) -> Round:  # fmt: skip
    """Go on to discussing: jurors read each other's scores from now on.

    Parameters
    ----------
    why : str
        Needed where an application lacks a juror, or somebody has not scored.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; it is not being judged.
    InvalidInput
        Something is not scored yet, and no reason is given.
    """
    entered = enter_round(actor, partnership_id, round_id, State.JUDGING, version=version)
    held, why = entered.round, _short(why)
    with as_service():
        missing = refuse_discussing(progress_of(held))
    if missing and not why:
        raise InvalidInput(
            _("%(missing)s Say why you go on all the same.") % {"missing": missing}, field="why"
        )
    _move(held, state=State.DISCUSSING)
    _note(actor, "begin_discussing", entered, why=why if missing else "")
    return held


@transaction.atomic
def resume_judging(
    *, actor: Reader, partnership_id: int, round_id: int, why: str, version: int | None = None,
    now: datetime,
) -> Round:  # fmt: skip
    """Go back to judging: scores can be written and jurors assigned again.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; it is not being discussed.
    InvalidInput
        No reason.
    """
    entered = enter_round(actor, partnership_id, round_id, State.DISCUSSING, version=version)
    why = _short(why)
    if not why:
        raise InvalidInput(_("Say in a few words why."), field="why")
    _move(entered.round, state=State.JUDGING)
    _note(actor, "resume_judging", entered, why=why)
    return entered.round


def _short(why: str) -> str:
    why = why.strip()
    if len(why) > MOST_WHY:
        raise InvalidInput(
            _("Please write no more than %(most)d letters.") % {"most": MOST_WHY}, field="why"
        )
    return why


def _move(held: Round, **values: Any) -> None:
    for name, value in values.items():
        setattr(held, name, value)
    held.version += 1
    held.save(update_fields=[*values, "version"])


def _note(
    actor: Reader, verb: str, entered: InRound, changes: dict[str, Any] | None = None, why: str = ""
) -> None:
    note(
        actor, verb, entered.round, partnership_id=entered.partnership.pk,
        organisation_id=entered.organisation_id,
        changes={"title": entered.round.title, **(changes or {})}, why=why,
    )  # fmt: skip
