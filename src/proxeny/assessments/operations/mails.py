"""Mails about a request, a brief and a plan: their recipients and texts."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from proxeny.accounts.models import Person
from proxeny.assessments.models import Adviser, Engagement, Step
from proxeny.assessments.operations.mail_parts import (
    askers_of,
    managers_in,
    own_foot,
    own_sender,
    people_at_work,
    people_who_deliver,
    send,
    team_foot,
    url_for_client,
    url_for_team,
)
from proxeny.directory.countries import country_name
from proxeny.kernel.tenancy import Reader
from proxeny.meetings.operations.mails import Letter
from proxeny.partnerships.models import Agreement, Party


def _names(engagement: Engagement, actor: Reader) -> dict[str, object]:
    return {
        "company": engagement.client.name,
        "title": engagement.title,
        "actor": actor.name,
        "market": country_name(engagement.market),
        "cluster": engagement.cluster.name,
    }


def _to_team(
    engagement: Engagement, subject: str, *lines: str, quote: str = "", label: str = ""
) -> Letter:
    return Letter(
        subject,
        tuple(filter(None, lines)),
        team_foot(engagement),
        quote,
        label=label or _("Open the assessment"),
        url=url_for_team(engagement),
    )


def _to_client(
    engagement: Engagement, subject: str, *lines: str, quote: str = "", label: str = ""
) -> Letter:
    return Letter(
        subject,
        tuple(filter(None, lines)),
        own_foot(engagement),
        quote,
        label=label or _("Open your assessment"),
        url=url_for_client(engagement),
        sender=own_sender(engagement),
    )


def tell_asked(
    engagement: Engagement, parties: Sequence[Party], *, actor: Reader, today: date, waits: bool
) -> int:
    """Tell the delivering people of each side about a request, and confirm it to the company."""

    def to_team() -> Letter:
        names = _names(engagement, actor)
        return _to_team(
            engagement,
            _("%(company)s has requested a market assessment: %(market)s") % names,
            _("Requested by %(actor)s:") % names,
            _("No places are free right now. The company knows it has to wait.")
            if waits
            else _(
                "Name the people on your side who will work on it. Each is first asked to "
                "declare any conflict of interest."
            ),
            quote=engagement.title,
        )

    def to_client() -> Letter:
        names = _names(engagement, actor)
        return _to_client(
            engagement,
            _("We’ve received your request: %(title)s") % names,
            _(
                "All places are taken right now. Your request will wait, and we’ll let you know "
                "as soon as work on it begins."
            )
            if waits
            else _(
                "The teams of both clusters are now checking who can work on it without a "
                "conflict of interest. They’ll then write a brief for you to sign."
            ),
        )

    delivering = people_who_deliver(engagement, parties, today=today)
    written = send(engagement, delivering, to_team, key="asked", but=actor.person)
    return written + send(engagement, askers_of(engagement, today=today), to_client, key="received")


def tell_changed(
    engagement: Engagement, parties: Sequence[Party], *, actor: Reader, today: date
) -> int:
    """Tell the delivering people that a company has changed its request."""

    def write() -> Letter:
        names = _names(engagement, actor)
        return _to_team(
            engagement,
            _("%(company)s has changed its request") % names,
            quote=engagement.title,
        )

    people = people_who_deliver(engagement, parties, today=today)
    return send(engagement, people, write, key=f"changed:{engagement.version}", but=actor.person)


def tell_withdrawn(
    engagement: Engagement, parties: Sequence[Party], *, actor: Reader, today: date
) -> int:
    """Tell the teams that a company has withdrawn its request, and why."""

    def write() -> Letter:
        names = _names(engagement, actor)
        return _to_team(
            engagement,
            _("%(company)s has withdrawn its request") % names,
            _("Work on “%(title)s” has stopped. The company’s reason:") % names,
            quote=engagement.reason,
        )

    people = [*people_who_deliver(engagement, parties, today=today), *people_at_work(engagement)]
    return send(engagement, people, write, key=f"withdrawn:{engagement.version}", but=actor.person)


def tell_declined(engagement: Engagement, *, actor: Reader, today: date) -> int:
    """Tell a company that its request is declined, and why."""

    def write() -> Letter:
        names = _names(engagement, actor)
        return _to_client(
            engagement,
            _("Your request has been declined: %(title)s") % names,
            _("%(actor)s gave this reason:") % names,
            quote=engagement.reason,
        )

    people = askers_of(engagement, today=today)
    return send(engagement, people, write, key=f"declined:{engagement.version}", but=actor.person)


def tell_taken_up(
    engagement: Engagement, parties: Sequence[Party], *, actor: Reader, today: date
) -> int:
    """Tell both the company and the teams that a request was reopened."""

    def to_team() -> Letter:
        return _to_team(
            engagement,
            _("Reopened: %(title)s") % _names(engagement, actor),
        )

    def to_client() -> Letter:
        return _to_client(
            engagement,
            _("Reopened: %(title)s") % _names(engagement, actor),
        )

    key = f"again:{engagement.version}"
    people = [*people_who_deliver(engagement, parties, today=today), *people_at_work(engagement)]
    written = send(engagement, people, to_team, key=key, but=actor.person)
    client = askers_of(engagement, today=today)
    return written + send(engagement, client, to_client, key=f"own-{key}", but=actor.person)


def tell_begun(engagement: Engagement, *, actor: Reader, today: date) -> int:
    """Tell a company that its request has been accepted."""

    def write() -> Letter:
        return _to_client(
            engagement,
            _("Your request has been accepted: %(title)s") % _names(engagement, actor),
            _(
                "First, everyone who will work on it declares that they have no conflict of "
                "interest. You’ll then get a brief to read and sign."
            ),
        )

    people = askers_of(engagement, today=today)
    return send(engagement, people, write, key=f"begun:{engagement.version}", but=actor.person)


def tell_named(engagement: Engagement, adviser: Adviser, person: Person, *, actor: Reader) -> int:
    """Ask a newly named adviser to declare any conflict of interest."""

    def write() -> Letter:
        names = _names(engagement, actor)
        return _to_team(
            engagement,
            _("Can you work on an assessment for %(company)s?") % names,
            _(
                "%(actor)s has named you for it. First declare whether you have a conflict of "
                "interest: shares in the company, work for a competitor, family ties. If you do, "
                "you’ll no longer have access to it."
            )
            % names,
            label=_("Declare"),
        )

    key = f"named:{engagement.version}"
    return send(engagement, [person], write, key=key, but=actor.person)


def tell_conflict(
    engagement: Engagement, party: Party, *, actor: Reader, has_lead: bool, today: date
) -> int:
    """Tell a side's managers that an adviser has a conflict, and that they need to name another.

    The reason is given on the page alone: it may be personal.
    """

    def write() -> Letter:
        names = _names(engagement, actor)
        return _to_team(
            engagement,
            _("%(actor)s has declared a conflict of interest: %(title)s") % names,
            _("They no longer have access to it and won’t work on it."),
            "" if has_lead else _("Your side has no lead now. Please name someone else."),
        )

    people = managers_in([party], today=today)
    key = f"conflict:{actor.person}:{engagement.version}"
    return send(engagement, people, write, key=key, but=actor.person)


def tell_ready(engagement: Engagement, *, actor: Reader) -> int:
    """Tell the advisers that the brief can be written."""

    def write() -> Letter:
        return _to_team(
            engagement,
            _("The brief can now be written: %(title)s") % _names(engagement, actor),
            _("Each side has a lead without a conflict of interest."),
            label=_("Write the brief"),
        )

    people = people_at_work(engagement)
    return send(engagement, people, write, key=f"ready:{engagement.version}", but=actor.person)


def tell_brief(
    engagement: Engagement,
    agreement: Agreement,
    *,
    kind: str,
    actor: Reader,
    waiting: Iterable[Party],
    client_waits: bool,
    today: date,
) -> int:
    """Tell the signatories of a brief to sign it, or everyone that it is signed or was refused.

    `kind` is `asked`, `agreed` or `closed`. Each signatory is asked once, however many sign before
    them.
    """
    key = f"brief-{kind}:{agreement.pk}"
    managers = managers_in(waiting, today=today)
    if kind == "asked":
        clients = askers_of(engagement, today=today) if client_waits else []
    else:
        managers += people_at_work(engagement)
        clients = askers_of(engagement, today=today)
    written = send(
        engagement,
        managers,
        lambda: _brief_to(engagement, agreement, kind, actor, _to_team),
        key=key,
        but=actor.person,
    )
    return written + send(
        engagement,
        clients,
        lambda: _brief_to(engagement, agreement, kind, actor, _to_client),
        key=f"own-{key}",
        but=actor.person,
    )


def _brief_to(
    engagement: Engagement,
    agreement: Agreement,
    kind: str,
    actor: Reader,
    write: Callable[..., Letter],
) -> Letter:
    names = _names(engagement, actor)
    if kind == "asked":
        return write(
            engagement,
            _("A brief is waiting for your signature: %(title)s") % names,
            _(
                "It sets out the scope, what you get, the date and the price. Work begins once "
                "everyone has signed."
            ),
            label=_("Read and sign"),
        )
    if kind == "closed":
        return write(
            engagement,
            _("The brief wasn’t signed: %(title)s") % names,
            _("%(actor)s gave this reason:") % names,
            quote=agreement.closed_why,
        )
    day = {"day": date_format(engagement.due_on)} if engagement.due_on else {"day": ""}
    return write(
        engagement,
        _("Work has begun: %(title)s") % names,
        _("Everyone has signed the brief. The report is due on %(day)s.") % day,
    )


def tell_step(step: Step, person: Person, *, late: bool) -> int:
    """Remind a person of a step of theirs: two days before, and once it is late."""
    engagement = step.engagement

    def write() -> Letter:
        names = {"step": step.title, "title": engagement.title, "day": date_format(step.due_on)}
        subject = _("Overdue: %(step)s") if late else _("Due on %(day)s: %(step)s")
        return _to_team(
            engagement,
            subject % names,
            _("It’s a step of “%(title)s” assigned to you.") % names,
            _("It was due on %(day)s. Complete it, or move it to a realistic date.") % names
            if late
            else "",
        )

    when = "late" if late else "soon"
    return send(engagement, [person], write, key=f"step-{when}:{step.pk}:{step.due_on:%Y%m%d}")


def tell_closed(engagement: Engagement, *, actor: Reader, today: date) -> int:
    """Tell a company that the work is closed."""

    def write() -> Letter:
        return _to_client(
            engagement,
            _("Closed: %(title)s") % _names(engagement, actor),
            _("The teams have finished their work. What you received stays on your page."),
        )

    people = askers_of(engagement, today=today)
    return send(engagement, people, write, key=f"closed:{engagement.version}", but=actor.person)
