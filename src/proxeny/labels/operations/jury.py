"""The jury of a round: jurors are asked, changed, reminded, and taken out."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.accounts.models import Person
from proxeny.accounts.queries import live_seats
from proxeny.folding import fold
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.models import Assignment, Juror, Round
from proxeny.labels.operations import jury_mails
from proxeny.labels.operations.guards import enter_round
from proxeny.labels.queries.jury import get_juror, list_jurors
from proxeny.partnerships.models import Party
from proxeny.partnerships.operations.room import Entered, note
from proxeny.partnerships.rules import party_managed

State = Juror.State
MOST_TOPICS, MOST_TOPIC = 20, 80
MOST_WHY = 300


@transaction.atomic
def ask_juror(
    *,
    actor: Reader,
    partnership_id: int,
    round_id: int,
    person_id: int,
    topics: Iterable[str] = (),
    most: int | None = None,
    now: datetime,
) -> Juror:
    """Ask a person of the actor's own team to judge in a round; a former juror can be asked again.

    Side effects: a mail to them; an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`.
    InvalidInput
        They hold no seat in the actor's cluster, or are in the jury already.
    """
    entered = enter_round(actor, partnership_id, round_id)
    party = _own_party(actor, entered)
    person = _teammate(party, person_id, now)
    juror = Juror.objects.filter(round=entered.record, person_id=person_id).first()
    if juror is not None and juror.state != State.OUT:
        raise InvalidInput(_("This person is already on the jury."), field="person_id")
    if juror is None:
        juror = Juror(partnership_id=partnership_id, round=entered.record, person=person)
    juror.party, juror.state, juror.why, juror.asked_at = party, State.ASKED, "", now
    _describe(juror, topics, most)
    juror.save()
    _note(actor, "ask_juror", entered, juror)
    jury_mails.ask(juror, entered.record, actor=actor, now=now)
    return juror


@transaction.atomic
def change_juror(
    *,
    actor: Reader,
    partnership_id: int,
    round_id: int,
    juror_id: int,
    topics: Iterable[str] = (),
    most: int | None = None,
    now: datetime,
) -> Juror:
    """Set the fields of expertise and the maximum of applications of a juror of the own side.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; no juror; one of another side.
    InvalidInput
        Too many fields, or an invalid number.
    """
    entered, juror = _enter_own(actor, partnership_id, round_id, juror_id)
    before = {"topics": juror.topics, "most": juror.most}
    _describe(juror, topics, most)
    after = {"topics": juror.topics, "most": juror.most}
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changes:
        juror.save(update_fields=["topics", "most"])
        _note(actor, "change_juror", entered, juror, changes)
    return juror


@transaction.atomic
def take_out_juror(
    *,
    actor: Reader,
    partnership_id: int,
    round_id: int,
    juror_id: int,
    why: str = "",
    now: datetime,
) -> Juror:
    """Take a juror of the own side out: unfinished applications are free for others.

    Complete scores are kept and count.

    Side effects: a mail to the juror; an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; no juror; one of another side, or out already.
    """
    entered, juror = _enter_own(actor, partnership_id, round_id, juror_id)
    if juror.state == State.OUT:
        raise Conflict(_("This person is no longer on the jury."))
    juror.state, juror.why = State.OUT, why.strip()[:MOST_WHY]
    juror.save(update_fields=["state", "why"])
    free = free_open(juror, why=_("No longer on the jury."))
    _note(actor, "take_out_juror", entered, juror, {"count": free})
    jury_mails.tell_out(juror, entered.record, now=now)
    return juror


def free_open(juror: Juror, *, why: str) -> int:
    """Free a juror's unfinished applications, after an access check; return their number."""
    with as_service("No reader may write assignments; the callers check who may free them."):
        given = juror.assignments.filter(state=Assignment.State.OPEN, frozen_at=None)
        return given.update(state=Assignment.State.ABSTAINED, why=why)


@transaction.atomic
def remind_jurors(
    *, actor: Reader, partnership_id: int, round_id: int, now: datetime
) -> list[Juror]:
    """Remind all jurors of their open tasks, each at most once a day; return the reminded ones.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`.
    """
    entered = enter_round(actor, partnership_id, round_id)
    reminded = []
    for one in list_jurors(entered.record):
        what = one.waits
        if what == "declare" and not can_declare(entered.record, now):
            continue
        if what and jury_mails.remind(
            one.juror, entered.record, what=what, count=one.open, now=now
        ):
            reminded.append(one.juror)
    if reminded:
        note(
            actor,
            "remind_jurors",
            entered,
            changes={"title": entered.record.title, "count": len(reminded)},
        )
    return reminded


def can_declare(held: Round, now: datetime) -> bool:
    """Whether the applicants are settled, so that jurors can declare conflicts."""
    if held.state == Round.State.OPEN:
        return now >= held.closes_at
    return held.state != Round.State.PLANNED


def read_topics(topics: Iterable[str]) -> list[str]:
    """Return fields of expertise in their stored form: folded, each once.

    Raises
    ------
    InvalidInput
        Too many, or one that is too long.
    """
    found = list(dict.fromkeys(key for one in topics if (key := fold(one))))
    if len(found) > MOST_TOPICS:
        raise InvalidInput(
            _("Enter at most %(most)d fields.") % {"most": MOST_TOPICS}, field="topics"
        )
    if long := next((one for one in found if len(one) > MOST_TOPIC), ""):
        raise InvalidInput(
            _("“%(field)s…” is too long. Shorten it.") % {"field": long[:20]}, field="topics"
        )
    return found


def _describe(juror: Juror, topics: Iterable[str], most: int | None) -> None:
    juror.topics, juror.most = read_topics(topics), most
    try:
        juror.clean_fields(
            exclude=[one.name for one in Juror._meta.concrete_fields if one.name != "most"]
        )
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), field="most") from error


def _own_party(actor: Reader, entered: Entered[Round]) -> Party:
    party = party_managed(actor, entered.parties)
    if party is None:
        raise NotAllowed(_("Only a manager of one of the clusters can change this."))
    return party


def _teammate(party: Party, person_id: int, now: datetime) -> Person:
    seat = (
        live_seats(today=now.date())
        .filter(organisation_id=party.organisation_id, person_id=person_id)
        .select_related("person")
        .first()
    )
    if seat is None or seat.person is None:
        raise InvalidInput(_("Choose someone from your own team."), field="person_id")
    return seat.person


def _enter_own(
    actor: Reader, partnership_id: int, round_id: int, juror_id: int
) -> tuple[Entered[Round], Juror]:
    """Return a juror of the actor's own side: each cluster asks its own people."""
    entered = enter_round(actor, partnership_id, round_id)
    juror = get_juror(partnership_id, round_id, juror_id)
    if juror.party.organisation_id not in actor.managed:
        raise NotAllowed(
            _("%(name)s decides who judges on its behalf.")
            % {"name": juror.party.organisation.name}
        )
    return entered, juror


def _note(
    actor: Reader,
    verb: str,
    entered: Entered[Round],
    juror: Juror,
    changes: dict[str, Any] | None = None,
) -> None:
    note(actor, verb, entered, juror, changes={"title": entered.record.title, **(changes or {})})
