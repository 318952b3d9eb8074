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
from proxeny.ambassadors.operations.guards import CHANGED, enter_desk
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
ONLY_MEMBER = gettext_lazy("Only people from the member organisation can change its mandate.")
OVER = gettext_lazy("It has already been declined or withdrawn.")
ASKED = gettext_lazy("You’ve already sent a mandate. Change it, or wait for the answer.")
NEWER = gettext_lazy(
    "This member is waiting for an answer to a newer mandate. Answer that one first."
)


@dataclass(frozen=True, slots=True)
class MandateFacts:
    """Content of a mandate: goal, shareable material, organisations to avoid, and last day."""

    seeks: str
    until: date
    material: str = ""
    material_url: str = ""
    no_go: str = ""


@transaction.atomic
def ask_mandate(
    *,
    actor: Reader,
    partnership_id: int,
    member_id: int,
    facts: MandateFacts,
    now: datetime,
    cluster_id: int | None = None,
) -> Mandate:
    """Ask the ambassador of the member's own cluster to act in a partnership.

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
        raise NotFound(_("We couldn’t find this partnership."))
    if member_id not in actor.organisations:
        raise NotAllowed(_("Only people from the member organisation can ask on its behalf."))
    today = now.date()
    _refuse_bad(facts, today)
    party = _party_of(partnership_id, member_id, cluster_id, today)
    with _once():
        mandate = Mandate.objects.create(
            partnership=partnership,
            cluster_id=party.organisation_id,
            member_id=member_id,
            asked_by_id=actor.person,
            asked_at=now,
            **asdict(_cleaned(facts)),
        )
    audit.record(actor, "ask_mandate", mandate, organisation_id=member_id)
    tell_mandate_asked(mandate, actor=actor, today=today)
    return mandate


@transaction.atomic
def change_mandate(
    *, actor: Reader, mandate_id: int, version: int, facts: MandateFacts, now: datetime
) -> Mandate:
    """Change a mandate, or answer the ambassador's question; it then waits for an answer again.

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
        actor,
        "change_mandate",
        mandate,
        organisation_id=mandate.member_id,
        changes={name: [str(before[name]), str(value)] for name, value in changed.items()},
    )
    tell_mandate_asked(mandate, actor=actor, today=now.date())
    return mandate


@transaction.atomic
def answer_mandate(
    *,
    actor: Reader,
    mandate_id: int,
    state: str,
    answer: str,
    now: datetime,
    seen: int | None = None,
) -> Mandate:
    """Accept a mandate, decline it, or ask back.

    Parameters
    ----------
    state : {"accepted", "declined", "question"}
    answer : str
        The question, or the reason for declining; may be empty for an acceptance.
    seen : int, optional
        The version that was read: a mandate changed since is not accepted.

    Side effects: an audit row; a mail to the author.

    Raises
    ------
    NotFound, NotAllowed
        Not visible; not at the desk of the member's cluster.
    InvalidInput
        No such answer; a required text is missing.
    Conflict
        It was withdrawn or changed, its last day has passed, or the partnership has ended.
    """
    mandate = _lock(mandate_id)
    if mandate.cluster_id not in actor.desks:
        raise NotAllowed(_("Only the cluster’s ambassadors and managers can answer a mandate."))
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
        actor,
        "answer_mandate",
        mandate,
        organisation_id=mandate.member_id,
        changes={"state": [before, state]},
        why=answer,
    )
    tell_mandate_answered(mandate, actor=actor)
    return mandate


def _check_answer(mandate: Mandate, state: str, answer: str, today: date) -> str:
    if state not in (State.ACCEPTED, State.DECLINED, State.QUESTION):
        raise InvalidInput(_("Accept, decline or ask a question."), field="state")
    if state == State.ACCEPTED and mandate.until < today:
        raise Conflict(
            _("It was valid until %(day)s. Ask the member whether it still applies.")
            % {"day": date_format(mandate.until)},
            field="state",
        )
    answer = answer.strip()[:1000]
    if not answer and state != State.ACCEPTED:
        raise InvalidInput(
            _("Enter your question.")
            if state == State.QUESTION
            else _("Give a reason in a sentence. The member will see it."),
            field="answer",
        )
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
        actor,
        "withdraw_mandate",
        mandate,
        organisation_id=mandate.member_id,
        changes={"state": [before, State.WITHDRAWN]},
    )
    tell_mandate_asked(mandate, actor=actor, today=now.date())
    return mandate


@transaction.atomic
def ask_again(*, actor: Reader, mandate_id: int, now: datetime) -> Mandate:
    """Ask a withdrawn mandate again, unchanged; it then waits for an answer.

    Side effects: an audit row; a mail to the desk.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not visible; not of the member; not withdrawn, its last day has passed, another one waits,
        or the partnership has ended.
    """
    mandate = _lock(mandate_id)
    if mandate.member_id not in actor.organisations:
        raise NotAllowed(ONLY_MEMBER)
    if mandate.state != State.WITHDRAWN:
        raise Conflict(_("It hasn’t been withdrawn."))
    if mandate.until < now.date():
        raise Conflict(_("It has expired. Send a new mandate instead."))
    _refuse_left(mandate, now.date())
    with _once():
        _write(mandate, state=State.ASKED, asked_at=now)
    audit.record(
        actor,
        "ask_again",
        mandate,
        organisation_id=mandate.member_id,
        changes={"state": [State.WITHDRAWN, State.ASKED]},
    )
    tell_mandate_asked(mandate, actor=actor, today=now.date())
    return mandate


def _party_of(partnership_id: int, member_id: int, cluster_id: int | None, today: date) -> Party:
    """Return the party to whose cluster a member belongs: the one that is named, or the first."""
    with as_service("A member that has left its cluster may no longer see the parties."):
        clusters = {cluster for _member, cluster in members_in([member_id], today=today)}
        if cluster_id is not None:
            clusters &= {cluster_id}
        parties = Party.objects.filter(partnership_id=partnership_id).select_related("organisation")
        party = cluster_of_member(parties.order_by("side"), clusters)
    if party is None:
        raise Conflict(_("Your organisation isn’t a member of either cluster in this partnership."))
    return party


def _refuse_over(actor: Reader, mandate: Mandate) -> None:
    if mandate.member_id not in actor.organisations:
        raise NotAllowed(ONLY_MEMBER)
    if not rules.can_write_mandate(actor, mandate):
        raise Conflict(OVER)


def _refuse_left(mandate: Mandate, today: date) -> None:
    """Refuse what nobody could act on: an ended partnership, a member that has left its cluster."""
    if mandate.partnership.state != Partnership.State.ACTIVE:
        raise Conflict(_("This partnership has ended. Its records stay as they are."))
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
    # Names may be hidden from a reader of the mandate, if the partnership has ended.
    if not Mandate.objects.filter(pk=mandate_id).exists():
        raise NotFound(_("We couldn’t find this mandate."))
    with as_service("Names in a mandate may be hidden once its partnership has ended."):
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
        raise InvalidInput(
            _("Describe what you’re looking for in a sentence or two."), field="seeks"
        )
    for name in ("seeks", "material", "no_go"):
        if len(getattr(facts, name)) > 2000:
            raise InvalidInput(_("Use no more than 2,000 characters."), field=name)
    if facts.until < today:
        raise InvalidInput(_("This date is in the past. Choose a later one."), field="until")
    if facts.until > today + timedelta(days=MOST_DAYS):
        raise InvalidInput(_("A mandate can last up to two years."), field="until")
    if len(facts.material_url.strip()) > 500:
        raise InvalidInput(
            _("This address is too long. Use up to 500 characters."), field="material_url"
        )
    if facts.material_url.strip() and not is_address(facts.material_url.strip()):
        raise InvalidInput(
            _("Enter a full web address, such as https://company.example."), field="material_url"
        )
