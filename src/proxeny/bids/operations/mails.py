"""Mails about the partners of a bid: to the invited organisations, and to the room."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.accounts.queries import managers_of
from proxeny.bids.models import Partner
from proxeny.bids.operations.links import make_link
from proxeny.bids.queries.links import zone_in
from proxeny.bids.queries.own import asker_of
from proxeny.calls.rules import format_deadline
from proxeny.directory.queries.advisers import people_of
from proxeny.kernel.mail_senders import Sender
from proxeny.kernel.personal_data import tell_name
from proxeny.kernel.tenancy import STRANGER, Reader, as_service
from proxeny.meetings.operations.mails import Letter, To, send, to_person
from proxeny.partnerships.models import Agreement
from proxeny.partnerships.queries import parties_joined


@dataclass(frozen=True, slots=True)
class Receiver:
    """A respondent for a partner: a person with an account, or the recipient of a link."""

    to: To
    person: int | None = None


def receivers_of(partner: Partner, *, now: datetime) -> list[Receiver]:
    """Return the respondents for a partner: its people, and the address that the room noted.

    For a cluster, its managers; people of a party answer in their account only, as with everything
    that a party signs.
    """
    organisation = partner.organisation
    with as_service("The room may not see the people of a partner, who are only written to."):
        people = (
            managers_of([organisation.pk], today=now.date())
            if organisation.is_cluster
            else people_of(organisation.pk, today=now.date())
        )
        parties = {one.organisation_id for one in parties_joined(partner.partnership_id)}
    contact = partner.contact_email if organisation.pk not in parties else ""
    found = [Receiver(to_person(one, "bids"), one.pk) for one in people if one.email != contact]
    if contact:
        name = tell_name(partner.contact_name) or partner.name
        zone = zone_in(partner.country, partner.bid.call.closes_at)
        found.append(Receiver(To(name, contact, partner.language, zone)))
    return found


def _write(
    partner: Partner,
    letter: Callable[[Receiver, str], Letter],
    *,
    kind: str,
    now: datetime,
    receivers: Iterable[Receiver] | None = None,
    with_link: bool = False,
    but: int | None = None,
) -> int:
    """Write to the respondents for a partner, each with the address at which they answer.

    `with_link`: people without an account get a new link; older ones are closed.
    """
    written = 0
    own = f"{settings.BASE_URL}{reverse('bids:own', args=[partner.pk])}"
    for one in receivers_of(partner, now=now) if receivers is None else receivers:
        if but is not None and one.person == but:
            continue
        url = own if one.person else make_link(partner, now=now) if with_link else ""
        written += send(
            one.to,
            partial(letter, one, url),
            key=f"bid-partner:{partner.pk}:{kind}:{one.person or 'link'}:{_stamp(partner, now)}",
        )
    return written


def _stamp(partner: Partner, now: datetime) -> str:
    return f"{now:%Y%m%d%H%M%S%f}.{partner.version}"


def _names(partner: Partner, actor: Reader = STRANGER) -> dict[str, object]:
    bid = partner.bid
    return {
        "name": partner.name,
        "bid": bid.acronym or bid.title,
        "title": bid.title,
        "role": partner.get_role_display(),
        "call": bid.call.title,
        "actor": actor.name,
        "room": partner.partnership.title,
    }


def _from_asker(partner: Partner) -> dict[str, Any]:
    """Return the reason for a mail to a partner, with the contact for questions, and its sender.

    The person who asked is named in each of its mails, with their address.
    """
    with as_service("A partner sees nobody of the room but the person who asked them."):
        asker = asker_of(partner)
    names = _names(partner)
    if asker is None:
        foot = _(
            "You’re receiving this message because %(name)s has been invited to take part in a "
            "bid by “%(room)s”."
        )
        return {"foot": foot % names, "sender": Sender(partner.partnership.title)}
    foot = _(
        "You’re receiving this message because %(asker)s listed you as the contact for %(name)s "
        "in a bid by “%(room)s”. Questions: %(address)s"
    )
    return {
        "foot": foot % (names | {"asker": asker.name, "address": asker.email}),
        "sender": Sender(partner.partnership.title, asker.name, asker.email),
    }


def _deadline(partner: Partner, zone: str) -> str:
    closes = partner.bid.call.closes_at
    if closes is None:
        return ""
    return _("The call closes on %(moment)s.") % {"moment": format_deadline(closes, zone)}


def _again(kind: str) -> str:
    return {
        "again": _(
            "Something has changed since we last wrote to you. Here is the current version; your "
            "previous link no longer works."
        ),
        "reminded": _("A few days ago we asked you a question, and we haven’t had an answer yet."),
        "renewed": _("Your link has expired. Here’s a new one."),
    }.get(kind, "")


def _subject(kind: str, subject: str) -> str:
    return _("Reminder: %(subject)s") % {"subject": subject} if kind == "reminded" else subject


def ask(partner: Partner, *, now: datetime, kind: str = "") -> int:
    """Ask a partner to take part: its letter of intent waits. Returns how many mails were written.

    `kind` says why once more: `again` (it changed), `reminded`, `renewed` (the link had run out).
    """

    def letter(one: Receiver, url: str) -> Letter:
        names = _names(partner)
        return Letter(
            _subject(kind, _("Would %(name)s like to take part in “%(bid)s”?") % names),
            tuple(
                filter(
                    None,
                    (
                        _again(kind),
                        _(
                            "%(room)s is preparing a bid for the call “%(call)s” and would like "
                            "%(name)s to take part. Role: %(role)s."
                        )
                        % names,
                        _deadline(partner, one.to.zone),
                        _(
                            "Read what it’s about, then sign a letter of intent or decline. It "
                            "isn’t a contract."
                        )
                        if one.person
                        else _(
                            "Read what it’s about, then sign a letter of intent or decline. It "
                            "isn’t a contract, and you don’t need an account."
                        ),
                        _("What we hope you’ll contribute:") if partner.brings else "",
                    ),
                )
            ),
            **_from_asker(partner),
            quote=partner.brings,
            label=_("Read and answer"),
            url=url,
        )

    return _write(partner, letter, kind=kind or "asked", now=now, with_link=True)


def ask_to_sign(partner: Partner, agreement: Agreement, *, now: datetime, kind: str = "") -> int:
    """Ask a partner to sign the whole bid, by a new link and in its people's accounts.

    Returns how many mails were written. `kind` as of `ask`; `again`: after a change.
    """

    def letter(one: Receiver, url: str) -> Letter:
        names = _names(partner) | {"number": agreement.number}
        return Letter(
            _subject(kind, _("Please sign the bid “%(bid)s”") % names),
            tuple(
                filter(
                    None,
                    (
                        _again(kind),
                        _(
                            "The bid is ready, and all partners sign the same text before it’s "
                            "submitted: text no. %(number)d. Read it, then sign it for %(name)s "
                            "or explain why not."
                        )
                        % names,
                        _deadline(partner, one.to.zone),
                    ),
                )
            ),
            **_from_asker(partner),
            label=_("Read and sign"),
            url=url,
        )

    return _write(partner, letter, kind=f"sign-{agreement.pk}-{kind}", now=now, with_link=True)


def lead_back(partner: Partner, *, now: datetime) -> int:
    """Send a partner that takes part a new link to its page, where nothing waits for it."""

    def letter(_one: Receiver, url: str) -> Letter:
        names = _names(partner)
        return Letter(
            _("Your page for the bid “%(bid)s”") % names,
            (_again("renewed"),),
            **_from_asker(partner),
            label=_("Open your page"),
            url=url,
        )

    guests = [one for one in receivers_of(partner, now=now) if one.person is None]
    return _write(partner, letter, kind="page", now=now, receivers=guests, with_link=True)


def tell_withdrawn(partner: Partner, *, actor: Reader, now: datetime) -> int:
    """Tell a partner that it is not asked any more."""

    def letter(one: Receiver, url: str) -> Letter:
        names = _names(partner, actor)
        return Letter(
            _("You no longer need to reply: “%(bid)s”") % names,
            (
                _(
                    "%(actor)s has withdrawn the invitation for %(name)s to take part. You don’t "
                    "need to do anything."
                )
                % names,
            ),
            **_from_asker(partner),
        )

    return _write(partner, letter, kind="withdrawn", now=now)


def confirm(partner: Partner, agreement: Agreement, name: str, *, now: datetime) -> int:
    """Confirm a signature to the address behind a link, so that a wrong one can be reported."""

    def letter(_one: Receiver, _url: str) -> Letter:
        names = _names(partner) | {"who": name}
        return Letter(
            _("Signed: “%(bid)s”") % names,
            (
                _(
                    "%(who)s has signed this text for %(name)s. If this is a mistake, please let "
                    "the person who invited you know."
                )
                % names,
            ),
            **_from_asker(partner),
            quote=agreement.text,
        )

    guests = [one for one in receivers_of(partner, now=now) if one.person is None]
    return _write(partner, letter, kind=f"kept-{agreement.pk}", now=now, receivers=guests)


def tell_void(partner: Partner, gone: Partner, *, now: datetime, but: int | None = None) -> int:
    """Tell a partner that has signed the bid that its signature holds no longer: another is out."""

    def letter(_one: Receiver, _url: str) -> Letter:
        names = _names(partner) | {"gone": gone.name}
        return Letter(
            _("Your signature on “%(bid)s” is no longer valid") % names,
            (
                _(
                    "%(gone)s is no longer taking part, so the text you signed no longer matches "
                    "the bid. Once the consortium is complete again, we’ll ask you to sign again."
                )
                % names,
                _("Nothing else changes for you."),
            ),
            **_from_asker(partner),
            quote=gone.word,
        )

    return _write(partner, letter, kind=f"void-{gone.pk}", now=now, but=but)


def tell_room(partner: Partner, kind: str, *, actor: Reader, now: datetime) -> int:
    """Tell the managers of all sides, and the inviter, about an action of a partner.

    `kind` is `joined`, `declined`, `left` or `asks` (a question before it answers); its message is
    stored with the partner.
    """
    with as_service("A partner outside the room may not see its managers, who are only told."):
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
            to_person(one, "bids"),
            lambda: _news(partner, kind, url),
            key=f"bid-partner:{partner.pk}:{kind}:{one.pk}:{_stamp(partner, now)}",
        )
        for one in people.values()
    )


def _news(partner: Partner, kind: str, url: str) -> Letter:
    names = _names(partner)
    subject, line = {
        "joined": (_("%(name)s is taking part in “%(bid)s”"), _("The letter of intent is signed.")),
        "declined": (
            _("%(name)s is not taking part in “%(bid)s”"),
            _("It’s no longer in the consortium. The page shows what’s missing now."),
        ),
        "left": (
            _("%(name)s has left “%(bid)s”"),
            _(
                "It’s no longer in the consortium, and the signatures are no longer valid. The "
                "page shows what’s missing now; all the other partners stay."
            ),
        ),
        "asks": (
            _("%(name)s has a question about “%(bid)s”"),
            _(
                "It hasn’t replied yet. Write to it, or change what you’re asking for and invite "
                "it again."
            ),
        ),
    }[kind]
    why = _("You’re receiving this message because your cluster takes part in “%(room)s”.") % names
    return Letter(
        subject % names,
        (line % names,),
        why,
        quote=partner.word,
        label=_("Open the consortium"),
        url=url,
    )
