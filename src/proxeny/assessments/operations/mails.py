"""Whom the consultation service writes to about a request, a brief and a plan, and what it says."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from proxeny.accounts.models import Person
from proxeny.assessments.models import Adviser, Engagement, Step
from proxeny.assessments.operations.letters import (
    askers_of,
    managers_in,
    own_foot,
    people_at_work,
    people_who_deliver,
    send,
    team_foot,
    url_for_client,
    url_for_team,
)
from proxeny.directory.countries import country_name
from proxeny.kernel.tenancy import Reader
from proxeny.meetings.operations.letters import Letter
from proxeny.partnerships.models import Agreement, Party


def _names(engagement: Engagement, actor: Reader) -> dict[str, object]:
    return {
        "company": engagement.client.name, "title": engagement.title, "actor": actor.name,
        "market": country_name(engagement.market), "cluster": engagement.cluster.name,
    }  # fmt: skip


def _to_team(
    engagement: Engagement, subject: str, *lines: str, quote: str = "", label: str = ""
) -> Letter:
    return Letter(
        subject, tuple(filter(None, lines)), team_foot(engagement), quote,
        label=label or _("Open the assessment"), url=url_for_team(engagement),
    )  # fmt: skip


def _to_client(
    engagement: Engagement, subject: str, *lines: str, quote: str = "", label: str = ""
) -> Letter:
    return Letter(
        subject, tuple(filter(None, lines)), own_foot(engagement), quote,
        label=label or _("Open your assessment"), url=url_for_client(engagement),
    )  # fmt: skip


def tell_asked(
    engagement: Engagement, parties: Sequence[Party], *, actor: Reader, today: date, waits: bool
) -> int:
    """Tell who delivers on each side what a company asks, and the company that it came in."""

    def to_team() -> Letter:
        names = _names(engagement, actor)
        return _to_team(
            engagement, _("%(company)s asks for a market assessment: %(market)s") % names,
            _("%(actor)s asks for it:") % names,
            _("No place is free just now: the company knows that it waits.") if waits else
            _("Name who works on it on your side. Each is asked first for a conflict of interest."),
            quote=engagement.title,
        )  # fmt: skip

    def to_client() -> Letter:
        names = _names(engagement, actor)
        return _to_client(
            engagement, _("Your request is received: %(title)s") % names,
            _("All places are taken just now. Your request waits, and you hear as soon as work on"
              " it begins.") if waits else
            _("The teams of both clusters now check who can work on it without a conflict of"
              " interest. Then they write a brief that you sign."),
        )  # fmt: skip

    delivering = people_who_deliver(engagement, parties, today=today)
    written = send(engagement, delivering, to_team, key="asked", but=actor.person)
    return written + send(engagement, askers_of(engagement, today=today), to_client, key="received")


def tell_changed(
    engagement: Engagement, parties: Sequence[Party], *, actor: Reader, today: date
) -> int:
    """Tell who delivers that a company has changed its request."""

    def write() -> Letter:
        names = _names(engagement, actor)
        return _to_team(
            engagement, _("%(company)s has changed its request") % names,
            quote=engagement.title,
        )  # fmt: skip

    people = people_who_deliver(engagement, parties, today=today)
    return send(engagement, people, write, key=f"changed:{engagement.version}", but=actor.person)


def tell_withdrawn(
    engagement: Engagement, parties: Sequence[Party], *, actor: Reader, today: date
) -> int:
    """Tell the teams that a company has withdrawn its request, and why."""

    def write() -> Letter:
        names = _names(engagement, actor)
        return _to_team(
            engagement, _("%(company)s has withdrawn its request") % names,
            _("“%(title)s” is not worked on any more. The company says:") % names,
            quote=engagement.reason,
        )  # fmt: skip

    people = [*people_who_deliver(engagement, parties, today=today), *people_at_work(engagement)]
    return send(engagement, people, write, key=f"withdrawn:{engagement.version}", but=actor.person)


def tell_declined(engagement: Engagement, *, actor: Reader, today: date) -> int:
    """Tell a company that its request is declined, and why."""

    def write() -> Letter:
        names = _names(engagement, actor)
        return _to_client(
            engagement, _("Your request is declined: %(title)s") % names,
            _("%(actor)s says why:") % names, quote=engagement.reason,
        )  # fmt: skip

    people = askers_of(engagement, today=today)
    return send(engagement, people, write, key=f"declined:{engagement.version}", but=actor.person)


def tell_taken_up(
    engagement: Engagement, parties: Sequence[Party], *, actor: Reader, today: date
) -> int:
    """Tell both the company and the teams that a request is taken up again."""

    def to_team() -> Letter:
        return _to_team(
            engagement, _("Taken up again: %(title)s") % _names(engagement, actor),
        )  # fmt: skip

    def to_client() -> Letter:
        return _to_client(
            engagement, _("Taken up again: %(title)s") % _names(engagement, actor),
        )  # fmt: skip

    key = f"again:{engagement.version}"
    people = [*people_who_deliver(engagement, parties, today=today), *people_at_work(engagement)]
    written = send(engagement, people, to_team, key=key, but=actor.person)
    client = askers_of(engagement, today=today)
    return written + send(engagement, client, to_client, key=f"own-{key}", but=actor.person)


def tell_begun(engagement: Engagement, *, actor: Reader, today: date) -> int:
    """Tell a company that its request is taken up."""

    def write() -> Letter:
        return _to_client(
            engagement, _("Your request is taken up: %(title)s") % _names(engagement, actor),
            _("Whoever is to work on it first declares to have no conflict of interest. Then you"
              " get a brief to read and sign."),
        )  # fmt: skip

    people = askers_of(engagement, today=today)
    return send(engagement, people, write, key=f"begun:{engagement.version}", but=actor.person)


def tell_named(engagement: Engagement, adviser: Adviser, person: Person, *, actor: Reader) -> int:
    """Ask somebody who was named whether they are free of a conflict of interest."""

    def write() -> Letter:
        names = _names(engagement, actor)
        return _to_team(
            engagement, _("Can you work on an assessment for %(company)s?") % names,
            _("%(actor)s names you for it. First say whether you have a conflict of interest: shares"
              " in the company, work for a competitor, family. If you have one, you read nothing of"
              " it from then on.") % names,
            label=_("Declare"),
        )  # fmt: skip

    key = f"named:{engagement.version}"
    return send(engagement, [person], write, key=key, but=actor.person)


def tell_conflict(
    engagement: Engagement, party: Party, *, actor: Reader, has_lead: bool, today: date
) -> int:
    """Tell a side's managers that somebody cannot work on it, and that they name somebody else.

    Why is told on the page alone: it may be personal.
    """

    def write() -> Letter:
        names = _names(engagement, actor)
        return _to_team(
            engagement, _("%(actor)s has a conflict of interest: %(title)s") % names,
            _("They read nothing of it any more, and do not work on it."),
            "" if has_lead else _("Nobody leads on your side now. Please name somebody else."),
        )  # fmt: skip

    people = managers_in([party], today=today)
    key = f"conflict:{actor.person}:{engagement.version}"
    return send(engagement, people, write, key=key, but=actor.person)


def tell_ready(engagement: Engagement, *, actor: Reader) -> int:
    """Tell the advisers that the brief can be written."""

    def write() -> Letter:
        return _to_team(
            engagement, _("The brief can be written: %(title)s") % _names(engagement, actor),
            _("On each side somebody leads who is free of a conflict of interest."),
            label=_("Write the brief"),
        )  # fmt: skip

    people = people_at_work(engagement)
    return send(engagement, people, write, key=f"ready:{engagement.version}", but=actor.person)


def tell_brief(
    engagement: Engagement, agreement: Agreement, *, kind: str, actor: Reader,
    waiting: Iterable[Party], client_waits: bool, today: date,
) -> int:  # fmt: skip
    """Tell who is to sign a brief, or all that it is signed, or that somebody said no and why.

    `kind` is `asked`, `agreed` or `closed`. Who waits to sign is asked once, however many sign
    before them.
    """
    key = f"brief-{kind}:{agreement.pk}"
    managers = managers_in(waiting, today=today)
    if kind == "asked":
        clients = askers_of(engagement, today=today) if client_waits else []
    else:
        managers += people_at_work(engagement)
        clients = askers_of(engagement, today=today)
    written = send(
        engagement, managers, lambda: _brief_to(engagement, agreement, kind, actor, _to_team),
        key=key, but=actor.person,
    )  # fmt: skip
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
            engagement, _("A brief waits for your signature: %(title)s") % names,
            _("It says what is looked at, what you get, by when, and at what price. Work begins"
              " when all have signed."), label=_("Read and sign"),
        )  # fmt: skip
    if kind == "closed":
        return write(
            engagement, _("The brief is not signed: %(title)s") % names,
            _("%(actor)s says why:") % names, quote=agreement.closed_why,
        )  # fmt: skip
    day = {"day": date_format(engagement.due_on)} if engagement.due_on else {"day": ""}
    return write(
        engagement, _("Work begins: %(title)s") % names,
        _("All have signed the brief. The report is due on %(day)s.") % day,
    )  # fmt: skip


def tell_step(step: Step, person: Person, *, late: bool) -> int:
    """Remind somebody of a step of theirs: two days before, and once it is late."""
    engagement = step.engagement

    def write() -> Letter:
        names = {"step": step.title, "title": engagement.title, "day": date_format(step.due_on)}
        subject = _("Late: %(step)s") if late else _("Due on %(day)s: %(step)s")
        return _to_team(
            engagement, subject % names,
            _("It is a step of “%(title)s” that you are in charge of.") % names,
            _("It was due on %(day)s. Do it, or move it to a day that holds.") % names
            if late else "",
        )  # fmt: skip

    when = "late" if late else "soon"
    return send(engagement, [person], write, key=f"step-{when}:{step.pk}:{step.due_on:%Y%m%d}")


def tell_closed(engagement: Engagement, *, actor: Reader, today: date) -> int:
    """Tell a company that the work is closed."""

    def write() -> Letter:
        return _to_client(
            engagement, _("Closed: %(title)s") % _names(engagement, actor),
            _("The teams have closed their work. What you received stays on your page."),
        )  # fmt: skip

    people = askers_of(engagement, today=today)
    return send(engagement, people, write, key=f"closed:{engagement.version}", but=actor.person)
