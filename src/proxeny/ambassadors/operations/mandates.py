"""A member asks the ambassador to act; the ambassador accepts, declines, or asks back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.ambassadors import rules
from proxeny.ambassadors.models import Mandate
from proxeny.ambassadors.operations.entering import CHANGED, enter_desk
from proxeny.ambassadors.operations.mails import tell_mandate_answered, tell_mandate_asked
from proxeny.ambassadors.queries.cases import cluster_of_member, get_mandate
from proxeny.directory.queries.memberships import members_in
from proxeny.kernel import audit
from proxeny.kernel.addresses import is_address
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.models import Partnership, Party
from proxeny.partnerships.queries import get_partnership

State = Mandate.State
#: A mandate holds at most so long; it can be asked again.
MOST_DAYS = 731
ONLY_MEMBER = gettext_lazy("Only people of the member can change what it asks.")
OVER = gettext_lazy("It was declined or withdrawn already.")
ASKED = gettext_lazy("You have asked already. Change what you asked, or wait for the answer.")
NEWER = gettext_lazy("This member waits for an answer to something newer. Answer that first.")


@dataclass(frozen=True, slots=True)
class MandateFacts:
    """What a member writes: what it seeks, what may be shown, whom not to approach, until when."""

    seeks: str
    until: date
    material: str = ""
    material_url: str = ""
    no_go: str = ""


@transaction.atomic
def ask_mandate(
    *, actor: Reader, partnership_id: int, member_id: int, facts: MandateFacts, now: datetime,
    cluster_id: int | None = None,
) -> Mandate:  # fmt: skip
    """Ask the ambassador of one's own cluster to act in a partnership.

    Parameters
    ----------
    actor : Reader
        Somebody of the member.
    cluster_id : int, optional
        Whose ambassador is asked, where the member belongs to several parties.

    Side effects: an audit row; a mail to the cluster's ambassadors (managers where it has none).

    Raises
    ------
    NotFound, NotAllowed
        No such partnership of the member's cluster; the actor does not speak for the member.
    InvalidInput
        Nothing sought, a day in the past or too far, no such address.
    Conflict
        The member has asked already and waits for an answer, or is a member of neither cluster.
    """
    partnership = get_partnership(partnership_id)
    if partnership_id not in actor.circles:
        raise NotFound(_("There is no such partnership."))
    if member_id not in actor.organisations:
        raise NotAllowed(_("Only people of the member can ask for it."))
    today = now.date()
    _refuse_bad(facts, today)
    party = _party_of(partnership_id, member_id, cluster_id, today)
    with _once():
        mandate = Mandate.objects.create(
            partnership=partnership, cluster_id=party.organisation_id, member_id=member_id,
            asked_by_id=actor.person, asked_at=now, **asdict(_cleaned(facts)),
        )  # fmt: skip
    audit.record(actor, "ask_mandate", mandate, organisation_id=member_id)
    tell_mandate_asked(mandate, actor=actor, today=today)
    return mandate


@transaction.atomic
def change_mandate(
    *, actor: Reader, mandate_id: int, version: int, facts: MandateFacts, now: datetime
) -> Mandate:
    """Change what is asked, or answer what the ambassador asked back: it is asked anew by that.

    Side effects and errors as of `ask_mandate`; `Conflict` if somebody saved in between, if it was
    declined or withdrawn, or if the partnership has ended.
    """
    mandate = _lock(mandate_id)
    _refuse_over(actor, mandate)
    if mandate.version != version:
        raise Conflict(CHANGED)
    _refuse_bad(facts, now.date())
    _refuse_left(mandate, now.date())
    values = asdict(_cleaned(facts))
    before = {name: getattr(mandate, name) for name in values}
    changed = {name: value for name, value in values.items() if before[name] != value}
    if not changed and mandate.state != State.QUESTION:
        return mandate
    with _once():
        _write(mandate, state=State.ASKED, asked_at=now, **changed)
    audit.record(
        actor, "change_mandate", mandate, organisation_id=mandate.member_id,
        changes={name: [str(before[name]), str(value)] for name, value in changed.items()},
    )  # fmt: skip
    tell_mandate_asked(mandate, actor=actor, today=now.date())
    return mandate


@transaction.atomic
def answer_mandate(
    *, actor: Reader, mandate_id: int, state: str, answer: str, now: datetime,
    seen: int | None = None,
) -> Mandate:  # fmt: skip
    """Accept a mandate, decline it, or ask back.

    Parameters
    ----------
    state : {"accepted", "declined", "question"}
    answer : str
        What is asked, or why it is declined; a word to an acceptance may be empty.
    seen : int, optional
        The version that was read: nobody accepts what the member has changed since.

    Side effects: an audit row; a mail to who asked.

    Raises
    ------
    NotFound, NotAllowed
        Not seen; not at the desk of the member's cluster.
    InvalidInput
        No such answer; nothing said where something must be.
    Conflict
        It was withdrawn or changed, its last day has passed, or the partnership has ended.
    """
    mandate = _lock(mandate_id)
    if mandate.cluster_id not in actor.desks:
        raise NotAllowed(_("Only the cluster's ambassadors and managers answer a mandate."))
    enter_desk(actor, mandate.partnership_id)
    if not rules.can_answer_mandate(actor, mandate):
        raise Conflict(_("The member has withdrawn it."))
    if seen is not None and seen != mandate.version:
        raise Conflict(CHANGED)
    answer = _check_answer(mandate, state, answer, now.date())
    before = mandate.state
    with _once(NEWER):
        _write(mandate, state=state, answer=answer, answered_at=now, answered_by_id=actor.person)
    audit.record(
        actor, "answer_mandate", mandate, organisation_id=mandate.member_id,
        changes={"state": [before, state]}, why=answer,
    )  # fmt: skip
    tell_mandate_answered(mandate, actor=actor)
    return mandate


def _check_answer(mandate: Mandate, state: str, answer: str, today: date) -> str:
    if state not in (State.ACCEPTED, State.DECLINED, State.QUESTION):
        raise InvalidInput(_("Accept it, decline it, or ask back."), field="state")
    if state == State.ACCEPTED and mandate.until < today:
        raise Conflict(
            _("It held until %(day)s. Ask the member back whether it still holds.")
            % {"day": date_format(mandate.until)}, field="state",
        )  # fmt: skip
    answer = answer.strip()[:1000]
    if not answer and state != State.ACCEPTED:
        raise InvalidInput(
            _("Write what you want to know.") if state == State.QUESTION
            else _("Say why, in a sentence that the member reads."), field="answer",
        )  # fmt: skip
    return answer


@transaction.atomic
def withdraw_mandate(*, actor: Reader, mandate_id: int, now: datetime) -> Mandate:
    """Take a mandate back; introductions under it go on until the desk closes them.

    Side effects: an audit row; a mail to the desk.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not seen; not of the member; declined or withdrawn already.
    """
    mandate = _lock(mandate_id)
    _refuse_over(actor, mandate)
    before = mandate.state
    _write(mandate, state=State.WITHDRAWN)
    audit.record(
        actor, "withdraw_mandate", mandate, organisation_id=mandate.member_id,
        changes={"state": [before, State.WITHDRAWN]},
    )  # fmt: skip
    tell_mandate_asked(mandate, actor=actor, today=now.date())
    return mandate


@transaction.atomic
def ask_again(*, actor: Reader, mandate_id: int, now: datetime) -> Mandate:
    """Ask once more what was withdrawn, as it was: the ambassador answers it anew.

    Side effects: an audit row; a mail to the desk.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not seen; not of the member; not withdrawn, its last day has passed, another one waits, or
        the partnership has ended.
    """
    mandate = _lock(mandate_id)
    if mandate.member_id not in actor.organisations:
        raise NotAllowed(ONLY_MEMBER)
    if mandate.state != State.WITHDRAWN:
        raise Conflict(_("It was not withdrawn."))
    if mandate.until < now.date():
        raise Conflict(_("Its last day has passed. Ask for something new instead."))
    _refuse_left(mandate, now.date())
    with _once():
        _write(mandate, state=State.ASKED, asked_at=now)
    audit.record(
        actor, "ask_again", mandate, organisation_id=mandate.member_id,
        changes={"state": [State.WITHDRAWN, State.ASKED]},
    )  # fmt: skip
    tell_mandate_asked(mandate, actor=actor, today=now.date())
    return mandate


def _party_of(
    partnership_id: int, member_id: int, cluster_id: int | None, today: date
) -> Party:  # fmt: skip
    """Return the party to whose cluster a member belongs: the one that is named, or the first."""
    with as_service():
        clusters = {cluster for _member, cluster in members_in([member_id], today=today)}
        if cluster_id is not None:
            clusters &= {cluster_id}
        parties = Party.objects.filter(partnership_id=partnership_id).select_related("organisation")
        party = cluster_of_member(parties.order_by("side"), clusters)
    if party is None:
        raise Conflict(_("Your organisation is a member of neither cluster of this partnership."))
    return party


def _refuse_over(actor: Reader, mandate: Mandate) -> None:
    if mandate.member_id not in actor.organisations:
        raise NotAllowed(ONLY_MEMBER)
    if not rules.can_write_mandate(actor, mandate):
        raise Conflict(OVER)


def _refuse_left(mandate: Mandate, today: date) -> None:
    """Refuse what nobody could act on: an ended partnership, a member that has left its cluster."""
    if mandate.partnership.state != Partnership.State.ACTIVE:
        raise Conflict(_("This partnership has ended. What it keeps stays as it is."))
    _party_of(mandate.partnership_id, mandate.member_id, mandate.cluster_id, today)


@contextmanager
def _once(sentence: object = ASKED) -> Iterator[None]:
    """Turn the database's word that a member waits for an answer already into a sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "mandate_asked_once" not in str(error):
            raise
        raise Conflict(sentence) from error


def _lock(mandate_id: int) -> Mandate:
    # Names may be hidden from who may read the mandate: of a partnership that has ended.
    if not Mandate.objects.filter(pk=mandate_id).exists():
        raise NotFound(_("There is no such mandate."))
    with as_service():
        Mandate.objects.select_for_update().get(pk=mandate_id)
        return get_mandate(mandate_id)


def _write(mandate: Mandate, **values: object) -> None:
    values["version"] = mandate.version + 1
    for name, value in values.items():
        setattr(mandate, name, value)
    mandate.save(update_fields=list(values))


def _cleaned(facts: MandateFacts) -> MandateFacts:
    texts = {name: value.strip() for name, value in asdict(facts).items() if isinstance(value, str)}
    return MandateFacts(until=facts.until, **texts)


def _refuse_bad(facts: MandateFacts, today: date) -> None:
    if not facts.seeks.strip():
        raise InvalidInput(_("Write what you seek, in a sentence or two."), field="seeks")
    for name in ("seeks", "material", "no_go"):
        if len(getattr(facts, name)) > 2000:
            raise InvalidInput(_("Please write no more than 2,000 letters."), field=name)
    if facts.until < today:
        raise InvalidInput(_("This day lies in the past."), field="until")
    if facts.until > today + timedelta(days=MOST_DAYS):
        raise InvalidInput(_("A mandate holds two years at most."), field="until")
    if len(facts.material_url.strip()) > 500:
        raise InvalidInput(
            _("This address is too long: 500 letters at most."), field="material_url"
        )
    if facts.material_url.strip() and not is_address(facts.material_url.strip()):
        raise InvalidInput(
            _("Enter a full web address, like https://company.example."), field="material_url"
        )
