"""A round goes on: published, judged, discussed; and back, with a reason."""

from collections.abc import Iterable
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
from proxeny.labels.operations.confirming import void_waiting
from proxeny.labels.operations.guards import enter_round
from proxeny.labels.operations.refusing import log_refusal
from proxeny.labels.queries.rounds import Progress, progress_of
from proxeny.labels.queries.schemes import published_version
from proxeny.partnerships.models import Party
from proxeny.partnerships.operations.room import Entered, note, save_version

State = Round.State
MOST_WHY = 500


@transaction.atomic
def publish_round(
    *, actor: Reader, partnership_id: int, round_id: int, version: int | None = None, now: datetime
) -> Round:
    """Publish a round: it becomes public, and takes applications from its opening to its end.

    It is judged by the newest version of its label that all sides have signed, for ever.

    Side effects: drafts of an earlier publication go by this version from now on; an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; it is published already; no version is signed; it has closed already.
    """
    entered = enter_round(actor, partnership_id, round_id, version=version)
    held = entered.record
    if held.state != State.PLANNED:
        # Publishing it again would change the version for those who have applied.
        log_refusal("round_version_again", round_id=held.pk)
        raise Conflict(_("This round is published: it’s judged by the version it opened with."))
    if held.scheme.dropped_at is not None:
        raise Conflict(_("This label is archived. Restore it first."))
    signed = published_version(held.scheme)
    if signed is None:
        raise Conflict(
            _("No version of this label has been signed by all sides yet. Publish the label first.")
        )
    if held.closes_at <= now:
        raise Conflict(_("This round would already be closed. Choose a later closing time first."))
    save_version(held, state=State.OPEN, scheme_version=signed, published_at=now)
    with as_service("Managers cannot see drafts, but each draft has to follow the signed version."):
        Application.objects.filter(round=held).update(scheme_version=signed)
    _note(actor, "open_round", entered, {"number": signed.number})
    return held


@transaction.atomic
def take_back_round(
    *, actor: Reader, partnership_id: int, round_id: int, version: int | None = None, now: datetime
) -> Round:
    """Undo the publication of a round, as long as it has no applications.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; it is not open; it has applications.
    """
    entered = enter_round(actor, partnership_id, round_id, State.OPEN, version=version)
    held = entered.record
    with as_service("An application hidden from this manager keeps the round published as well."):
        has_any = Application.objects.filter(round=held, submitted_at__isnull=False).exists()
    if has_any:
        raise Conflict(_("Someone has applied, so this round stays published."))
    save_version(held, state=State.PLANNED, scheme_version=None, published_at=None)
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
    held = entered.record
    with as_service("Applications hidden by a conflict of interest count in the round as well."):
        progress = progress_of(held)
    if refusal := refuse_judging(held, entered.parties, progress, now=now):
        raise Conflict(refusal)
    save_version(held, state=State.JUDGING)
    _note(actor, "begin_judging", entered, {"count": progress.submitted})
    with as_service("Jurors of every side are told, even those hidden from this manager."):
        jurors = list(
            Juror.objects.filter(round=held)
            .exclude(state=Juror.State.OUT)
            .select_related("person")
            .order_by("pk")
        )
    for one in jurors:
        jury_mails.ask_to_declare(one, held, count=progress.submitted)
    return held


def refuse_judging(
    held: Round, parties: Iterable[Party], progress: Progress, *, now: datetime
) -> str:
    """Return why a round cannot be judged yet; empty if it can."""
    if now < held.closes_at:
        return _("Applications are still open. Judging starts once the round has closed.")
    if not progress.submitted:
        return _("No one has applied in this round. You can make it close later.")
    if lacking := progress.lacking(parties):
        names = join_items(one.organisation.name for one in lacking)
        return _("There’s no one on the jury yet for: %(names)s.") % {"names": names}
    return ""


def refuse_discussing(progress: Progress) -> str:
    """Return the missing scores, as a sentence; empty if there are none."""
    parts = []
    if progress.lacks:
        parts.append(
            ngettext(
                "%(count)d application is missing a juror.",
                "%(count)d applications are missing a juror.",
                progress.lacks,
            )
            % {"count": progress.lacks}
        )
    if progress.open:
        parts.append(
            ngettext(
                "%(count)d evaluation isn’t finished.",
                "%(count)d evaluations aren’t finished.",
                progress.open,
            )
            % {"count": progress.open}
        )
    return " ".join(parts)


@transaction.atomic
def begin_discussing(
    *,
    actor: Reader,
    partnership_id: int,
    round_id: int,
    why: str = "",
    version: int | None = None,
    now: datetime,
) -> Round:
    """Begin the discussion: jurors read each other's scores from now on.

    Parameters
    ----------
    why : str
        Required if an application lacks a juror or a score.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; it is not being judged.
    InvalidInput
        Something is not scored yet, and no reason is given.
    """
    entered = enter_round(actor, partnership_id, round_id, State.JUDGING, version=version)
    held, why = entered.record, _short(why)
    with as_service("Applications hidden by a conflict of interest count in the round as well."):
        missing = refuse_discussing(progress_of(held))
    if missing and not why:
        raise InvalidInput(
            _("%(missing)s Explain why you’re continuing anyway.") % {"missing": missing},
            field="why",
        )
    save_version(held, state=State.DISCUSSING)
    _note(actor, "begin_discussing", entered, why=why if missing else "")
    return held


@transaction.atomic
def resume_judging(
    *,
    actor: Reader,
    partnership_id: int,
    round_id: int,
    why: str,
    version: int | None = None,
    now: datetime,
) -> Round:
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
        raise InvalidInput(_("Give a reason in a few words."), field="why")
    save_version(entered.record, state=State.JUDGING)
    void_waiting(entered.record, now=now)
    _note(actor, "resume_judging", entered, why=why)
    return entered.record


def _short(why: str) -> str:
    why = why.strip()
    if len(why) > MOST_WHY:
        raise InvalidInput(
            _("Enter no more than %(most)d characters.") % {"most": MOST_WHY}, field="why"
        )
    return why


def _note(
    actor: Reader,
    verb: str,
    entered: Entered[Round],
    changes: dict[str, Any] | None = None,
    why: str = "",
) -> None:
    note(actor, verb, entered, changes={"title": entered.record.title, **(changes or {})}, why=why)
