"""Whom a bid writes to about its partners, and what it says: those who are asked, and the room."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.accounts.queries import managers_of
from proxeny.bids.models import Partner
from proxeny.bids.operations.links import make_link
from proxeny.bids.queries.links import zone_in
from proxeny.bids.queries.own import asker_of
from proxeny.calls.moments import tell_moment
from proxeny.directory.queries.advisers import people_of
from proxeny.kernel.holdings import tell_name
from proxeny.kernel.tenancy import STRANGER, Reader, as_service
from proxeny.meetings.operations.letters import Letter, To, send, to_person
from proxeny.partnerships.models import Agreement
from proxeny.partnerships.queries import parties_joined


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who answers for a partner: a person in their own account, or whoever gets a link by mail."""

    to: To
    person: int | None = None


def receivers_of(partner: Partner, *, now: datetime) -> list[Receiver]:
    """Return who answers for a partner: its people, and the address that the room noted.

    Of a cluster its managers; those of a party answer in their account alone, as in all that a party
    signs.
    """
    organisation = partner.organisation
    with as_service():
        people = (
            managers_of([organisation.pk], today=now.date()) if organisation.is_cluster
            else people_of(organisation.pk, today=now.date())
        )  # fmt: skip
        parties = {one.organisation_id for one in parties_joined(partner.partnership_id)}
    contact = partner.contact_email if organisation.pk not in parties else ""
    found = [Receiver(to_person(one, "bids"), one.pk) for one in people if one.email != contact]
    if contact:
        name = tell_name(partner.contact_name) or partner.name
        zone = zone_in(partner.country, partner.bid.call.closes_at)
        found.append(Receiver(To(name, contact, partner.language, zone)))
    return found


def _write(
    partner: Partner, letter: Callable[[Receiver, str], Letter], *, kind: str, now: datetime,
    receivers: Iterable[Receiver] | None = None, with_link: bool = False, but: int | None = None,
) -> int:  # fmt: skip
    """Write to those who answer for a partner, each with the address at which they do.

    `with_link`: who has none gets a new link; older ones are closed.
    """
    written = 0
    own = f"{settings.BASE_URL}{reverse('bids:own', args=[partner.pk])}"
    for one in receivers_of(partner, now=now) if receivers is None else receivers:
        if but is not None and one.person == but:
            continue
        url = own if one.person else make_link(partner, now=now) if with_link else ""
        written += send(
            one.to, partial(letter, one, url),
            key=f"bid-partner:{partner.pk}:{kind}:{one.person or 'link'}:{_stamp(partner, now)}",
        )  # fmt: skip
    return written


def _stamp(partner: Partner, now: datetime) -> str:
    return f"{now:%Y%m%d%H%M%S%f}.{partner.version}"


def _names(partner: Partner, actor: Reader = STRANGER) -> dict[str, object]:
    bid = partner.bid
    return {
        "name": partner.name, "bid": bid.acronym or bid.title, "title": bid.title,
        "role": partner.get_role_display(), "call": bid.call.title, "actor": actor.name,
        "room": partner.partnership.title,
    }  # fmt: skip


def _foot(partner: Partner) -> str:
    """Return why a partner gets a mail, and to whom it can write."""
    names = _names(partner)
    with as_service():
        asker = asker_of(partner)
    if asker is None:
        return _("You get this message because %(name)s is asked to take part in a bid of"
                 " “%(room)s”.") % names  # fmt: skip
    return _("You get this message because %(asker)s wrote down that you speak for %(name)s in a"
             " bid of “%(room)s”. Questions: %(address)s") % (
        names | {"asker": asker.name, "address": asker.email}
    )  # fmt: skip


def _deadline(partner: Partner, zone: str) -> str:
    closes = partner.bid.call.closes_at
    if closes is None:
        return ""
    return _("The call closes on %(moment)s.") % {"moment": tell_moment(closes, zone)}


def _again(kind: str) -> str:
    return {
        "again": _("Something has changed since we asked you. This is how it stands now; the link"
                   " you had before does not work any more."),
        "reminded": _("Some days ago we asked you something, and have no answer yet."),
        "renewed": _("The link you had has run out. Here is a new one."),
    }.get(kind, "")  # fmt: skip


def _subject(kind: str, subject: str) -> str:
    return _("Once more: %(subject)s") % {"subject": subject} if kind == "reminded" else subject


def ask(partner: Partner, *, now: datetime, kind: str = "") -> int:
    """Ask a partner to take part: its letter of intent waits. Returns how many mails were written.

    `kind` says why once more: `again` (it changed), `reminded`, `renewed` (the link had run out).
    """

    def letter(one: Receiver, url: str) -> Letter:
        names = _names(partner)
        return Letter(
            _subject(kind, _("Would %(name)s take part in “%(bid)s”?") % names),
            tuple(filter(None, (
                _again(kind),
                _("%(room)s prepares a bid for the call “%(call)s” and would like to have %(name)s"
                  " with it. Role: %(role)s.") % names,
                _deadline(partner, one.to.zone),
                _("Read what it is about, and sign a letter of intent or say no. It is no contract.")
                if one.person else
                _("Read what it is about, and sign a letter of intent or say no. It is no contract,"
                  " and you need no account."),
                _("What we hope you bring:") if partner.brings else "",
            ))),
            _foot(partner), quote=partner.brings, label=_("Read and answer"), url=url,
        )  # fmt: skip

    return _write(partner, letter, kind=kind or "asked", now=now, with_link=True)


def ask_to_sign(
    partner: Partner, agreement: Agreement, *, now: datetime, kind: str = ""
) -> int:  # fmt: skip
    """Ask a partner to sign the whole bid, by a new link and in its people's accounts.

    Returns how many mails were written. `kind` as of `ask`; `again`: after a change.
    """

    def letter(one: Receiver, url: str) -> Letter:
        names = _names(partner) | {"number": agreement.number}
        return Letter(
            _subject(kind, _("Please sign the bid “%(bid)s”") % names),
            tuple(filter(None, (
                _again(kind),
                _("The bid is ready, and all partners sign the same text before it is submitted:"
                  " text no. %(number)d. Read it, and sign it for %(name)s or say why not.") % names,
                _deadline(partner, one.to.zone),
            ))),
            _foot(partner), label=_("Read and sign"), url=url,
        )  # fmt: skip

    return _write(
        partner, letter, kind=f"sign-{agreement.pk}-{kind}", now=now, with_link=True
    )  # fmt: skip


def lead_back(partner: Partner, *, now: datetime) -> int:
    """Send a partner that takes part a new link to its page, where nothing waits for it."""

    def letter(_one: Receiver, url: str) -> Letter:
        names = _names(partner)
        return Letter(
            _("Your page of the bid “%(bid)s”") % names, (_again("renewed"),), _foot(partner),
            label=_("Open your page"), url=url,
        )  # fmt: skip

    guests = [one for one in receivers_of(partner, now=now) if one.person is None]
    return _write(partner, letter, kind="page", now=now, receivers=guests, with_link=True)


def tell_withdrawn(partner: Partner, *, actor: Reader, now: datetime) -> int:
    """Tell a partner that it is not asked any more."""

    def letter(one: Receiver, url: str) -> Letter:
        names = _names(partner, actor)
        return Letter(
            _("You need not answer any more: “%(bid)s”") % names,
            (_("%(actor)s has taken back the question whether %(name)s takes part. There is nothing"
               " you have to do.") % names,),
            _foot(partner),
        )  # fmt: skip

    return _write(partner, letter, kind="withdrawn", now=now)


def confirm(partner: Partner, agreement: Agreement, name: str, *, now: datetime) -> int:
    """Write to the address behind a link what was signed by it, so that who did not can say so."""

    def letter(_one: Receiver, _url: str) -> Letter:
        names = _names(partner) | {"who": name}
        return Letter(
            _("Signed: “%(bid)s”") % names,
            (_("%(who)s has signed this text for %(name)s. If that should not be, please tell whoever"
               " asked you.") % names,),
            _foot(partner), quote=agreement.text,
        )  # fmt: skip

    guests = [one for one in receivers_of(partner, now=now) if one.person is None]
    return _write(partner, letter, kind=f"kept-{agreement.pk}", now=now, receivers=guests)


def tell_void(partner: Partner, gone: Partner, *, now: datetime, but: int | None = None) -> int:
    """Tell a partner that has signed the bid that its signature holds no longer: another is out."""

    def letter(_one: Receiver, _url: str) -> Letter:
        names = _names(partner) | {"gone": gone.name}
        return Letter(
            _("Your signature under “%(bid)s” holds no longer") % names,
            (
                _("%(gone)s does not take part any more, so the text that you signed is no longer"
                  " the bid. Once the consortium is complete again, you are asked to sign it anew.")
                % names,
                _("Nothing else of your part has changed."),
            ),
            _foot(partner), quote=gone.word,
        )  # fmt: skip

    return _write(partner, letter, kind=f"void-{gone.pk}", now=now, but=but)


def tell_room(partner: Partner, kind: str, *, actor: Reader, now: datetime) -> int:
    """Tell the managers of all sides, and who asked, what a partner did.

    `kind` is `joined`, `declined`, `left` or `asks` (something, before it answers); its word stands
    with the partner.
    """
    with as_service():
        parties = parties_joined(partner.partnership_id)
        people = {
            one.pk: one
            for one in managers_of([each.organisation_id for each in parties], today=now.date())
        }
        if asker := asker_of(partner):
            people[asker.pk] = asker
    people.pop(actor.person or 0, None)
    path = reverse("bids:consortium", args=[partner.partnership_id, partner.bid_id])
    url = f"{settings.BASE_URL}{path}#partner-{partner.pk}"
    return sum(
        send(
            to_person(one, "bids"), lambda: _news(partner, kind, url),
            key=f"bid-partner:{partner.pk}:{kind}:{one.pk}:{_stamp(partner, now)}",
        )
        for one in people.values()
    )  # fmt: skip


def _news(partner: Partner, kind: str, url: str) -> Letter:
    names = _names(partner)
    subject, line = {
        "joined": (_("%(name)s takes part in “%(bid)s”"),
                   _("It has signed its letter of intent.")),
        "declined": (_("%(name)s does not take part in “%(bid)s”"),
                     _("It is out of the consortium. The page says what is missing now.")),
        "left": (_("%(name)s has left “%(bid)s”"),
                 _("It is out of the consortium, and what was signed holds no longer. The page says"
                   " what is missing now; all others are kept.")),
        "asks": (_("%(name)s asks something about “%(bid)s”"),
                 _("It has not answered yet. Write to it, or change what it is asked for and ask"
                   " again.")),
    }[kind]  # fmt: skip
    why = _("You get this message because your cluster takes part in “%(room)s”.") % names
    return Letter(
        subject % names, (line % names,), why, quote=partner.word, label=_("Open the consortium"),
        url=url,
    )  # fmt: skip
