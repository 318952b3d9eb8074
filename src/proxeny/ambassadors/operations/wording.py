"""Texts of the desk's mails. Each function gives one letter in the language in force."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.ambassadors.models import Link, Mandate
from proxeny.kernel.mail_senders import Sender
from proxeny.meetings.operations.invitations import Moment
from proxeny.meetings.operations.mails import Letter

Purpose = Link.Purpose


@dataclass(frozen=True, slots=True)
class Words:
    """Building blocks of the letters to one of the two sides."""

    own: str
    other: str
    cluster: str
    desk: str
    reason: str
    partnership: str
    minutes: int
    #: Address of the person in charge; empty without one.
    address: str = ""

    @property
    def foot(self) -> str:
        """The reason for getting the mail, and the address to write to."""
        why = _(
            "%(cluster)s brings together companies from two countries. You’re receiving this "
            "message because %(desk)s listed you as the contact for %(own)s."
        ) % {"cluster": self.cluster, "desk": self.desk, "own": self.own}
        return f"{why} {self.desk}: {self.address}" if self.address else why

    @property
    def sender(self) -> Sender:
        """Who looks after it, or the cluster of the desk."""
        return Sender(self.cluster, "" if self.desk == self.cluster else self.desk, self.address)

    def fill(self, text: str, **more: object) -> str:
        """Return a sentence with the names in it."""
        names = {
            "own": self.own,
            "other": self.other,
            "cluster": self.cluster,
            "desk": self.desk,
            "minutes": self.minutes,
        }
        return text % (names | more)


def asked(
    words: Words,
    *,
    purpose: str,
    kind: str,
    who: str,
    word: str,
    moments: tuple[Moment, ...],
    place: str,
    url: str,
) -> Letter:
    """Ask a side whether to meet, when, how it went, or about the outcome."""
    subject, lines, label, quote = _ASKED[Purpose(purpose)](words)
    first = _first_line(words, kind, who)
    if kind == "reminded":
        subject = _("Reminder: %(subject)s") % {"subject": subject}
    return Letter(
        subject=subject,
        lines=tuple(filter(None, (first, *lines))),
        foot=words.foot,
        quote=word or quote,
        moments=moments,
        place=place if moments else "",
        label=label,
        url=url,
        sender=words.sender,
    )


def _first_line(words: Words, kind: str, who: str) -> str:
    if kind == "handed":
        return words.fill(_("%(who)s has forwarded this to you on behalf of %(own)s."), who=who)
    if kind == "renewed":
        return _("Your link has expired. Here’s a new one.")
    if kind == "reminded":
        return _("A few days ago we asked you a question, and we haven’t had an answer yet.")
    return ""


_Parts = tuple[str, tuple[str, ...], str, str]


def _wish(words: Words) -> _Parts:
    return (
        words.fill(_("Would you like to meet %(other)s?")),
        (
            words.fill(_("%(desk)s of %(cluster)s would like to introduce you to %(other)s.")),
            _("You don’t need an account. No one gets your address until you say yes."),
        ),
        _("Answer in one minute"),
        words.reason,
    )


def _time(words: Words) -> _Parts:
    return (
        words.fill(_("When can you meet %(other)s?")),
        (
            words.fill(
                _(
                    "You’d both like to meet. %(desk)s proposes these times, for %(minutes)s "
                    "minutes. Choose the ones that suit you, or propose another."
                )
            ),
        ),
        _("Choose a time"),
        "",
    )


def _day(words: Words) -> _Parts:
    return (
        words.fill(_("How was the meeting with %(other)s?")),
        (words.fill(_("It only takes one tap. %(other)s won’t see your answer.")),),
        _("Rate the meeting"),
        "",
    )


def _later(words: Words) -> _Parts:
    return (
        words.fill(_("What came of the meeting with %(other)s?")),
        (
            words.fill(
                _(
                    "You met six months ago. It only takes one tap, and %(other)s won’t see your "
                    "answer."
                )
            ),
        ),
        _("Share the outcome"),
        "",
    )


_ASKED = {Purpose.WISH: _wish, Purpose.TIME: _time, Purpose.DAY: _day, Purpose.LATER: _later}


def kept(words: Words, *, kind: str) -> Letter:
    """Return the receipt of a side's answer."""
    subject = words.fill(_("Your answer about %(other)s has been saved"))
    said = {
        "yes": _(
            "You’d like to meet %(other)s. As soon as they agree too, %(desk)s will write to you "
            "about a time."
        ),
        "both": _(
            "You’d both like to meet, you and %(other)s. %(desk)s will write to you about a time."
        ),
        "no": _(
            "You’d rather not meet %(other)s. They’ll only learn that the meeting isn’t going "
            "ahead."
        ),
        "times": _(
            "Your times have been saved. As soon as one suits everyone, you’ll get an invitation."
        ),
        "rated": _("Thank you for sharing how it went with %(other)s."),
    }[kind]
    stray = words.fill(_("If you didn’t send this answer, please write to %(desk)s."))
    return Letter(subject, (words.fill(said), stray), words.foot, sender=words.sender)


def handed_over(words: Words, *, to: str) -> Letter:
    """Return the letter telling the previous contact that somebody else answers now."""
    return Letter(
        words.fill(_("Forwarded: meeting with %(other)s")),
        (
            words.fill(_("%(to)s now answers for %(own)s. Your link no longer works."), to=to),
            words.fill(_("If you didn’t forward it, please write to %(desk)s.")),
        ),
        words.foot,
        sender=words.sender,
    )


def covered(words: Words) -> Letter:
    """Return the letter telling a member that somebody is asked under its mandate."""
    return Letter(
        words.fill(_("%(desk)s is asking %(other)s for you")),
        (
            words.fill(
                _(
                    "As your mandate allows, %(desk)s is asking %(other)s whether they’d like to "
                    "meet you. We’ll write to you as soon as they answer."
                )
            ),
        ),
        words.foot,
        quote=words.reason,
        sender=words.sender,
    )


def ended(words: Words) -> Letter:
    """Return the letter telling a side that the introduction will not go ahead."""
    return Letter(
        words.fill(_("The meeting with %(other)s isn’t going ahead")),
        (
            words.fill(
                _(
                    "It hasn’t worked out this time. Thank you for your answer; %(desk)s will "
                    "keep an eye out for you."
                )
            ),
        ),
        words.foot,
        sender=words.sender,
    )


def news(
    *,
    kind: str,
    member: str,
    stakeholder: str,
    side: str,
    organisation: str,
    who: str,
    word: str,
    moments: tuple[Moment, ...],
    url: str,
    partnership: str,
) -> Letter:
    """Return the letter telling the desk about an action of a side."""
    names = {"side": side, "organisation": organisation, "who": who}
    said = {
        "yes": _(
            "%(side)s (%(organisation)s) would like to meet. The other side hasn’t answered yet."
        ),
        "no": _("%(side)s (%(organisation)s) declined."),
        "both": _("Both would like to meet. Propose some times."),
        "proposed": _(
            "%(side)s (%(organisation)s) proposes another time. Let them know whether it suits "
            "you too."
        ),
        "none": _("None of the times suits %(side)s (%(organisation)s). Propose other times."),
        "handed": _(
            "%(who)s has forwarded the request: %(side)s now answers for %(organisation)s."
        ),
        "late": _("%(side)s (%(organisation)s) used an expired link."),
        "silent": _(
            "%(side)s (%(organisation)s) hasn’t answered after two reminders. A call may help."
        ),
        "bounced": _("An email to %(side)s (%(organisation)s) bounced. Find another address."),
        "off": _(
            "%(side)s (%(organisation)s) can’t come to the booked meeting. It has been "
            "cancelled; propose other times."
        ),
        "proposed-booked": _(
            "%(side)s (%(organisation)s) is asking for another time. The meeting stays as it is "
            "until you agree."
        ),
        **_by_mail(),
    }[kind]
    lines = [said % names]
    if who and kind == "delegated":
        lines.append(_("Person named: %(who)s") % names)
    if word and kind in ("no", "off", "none", "declines", "desk-declines"):
        lines.append(_("Their reason:"))
    return Letter(
        f"{member} · {stakeholder}",
        tuple(lines),
        _foot(partnership),
        quote=word,
        moments=moments,
        label=_("Open the introduction"),
        url=url,
    )


def _by_mail() -> dict[str, str]:
    """Return the texts on answers by mail, which cancel nothing and hand nothing on."""
    return {
        "declines": _(
            "%(side)s (%(organisation)s) declined the invitation by email. This doesn’t cancel "
            "the meeting: it stays booked until you cancel it."
        ),
        "comes": _(
            "%(side)s (%(organisation)s) is coming after all: they accepted the invitation by "
            "email."
        ),
        "unsure": _(
            "%(side)s (%(organisation)s) answered the invitation by email: they may come but "
            "aren’t sure yet."
        ),
        "delegated": _(
            "%(side)s (%(organisation)s) wants to send someone else. This doesn’t invite anyone: "
            "write to the person who’s coming, and add their name and address to the "
            "introduction."
        ),
        "left": _(
            "%(side)s answered by email but no longer has a role at %(organisation)s, so their "
            "answer wasn’t counted. Ask who’s coming instead."
        ),
        "desk-declines": _(
            "%(who)s, who’s in charge, declined the invitation by email. The meeting stays "
            "booked, but someone else may need to attend."
        ),
        "desk-bounced": _(
            "An email to %(who)s, who works at this desk, bounced. Ask them for another address."
        ),
    }


def _foot(partnership: str) -> str:
    return _(
        "You’re receiving this message because you work at the ambassador’s desk of "
        "“%(partnership)s”."
    ) % {"partnership": partnership}


def booked(
    *,
    kind: str,
    other: str,
    desk: str,
    cluster: str,
    moments: tuple[Moment, ...],
    place: str,
    why: str,
    bring: str,
    interpreter: str,
    url: str,
    partnership: str,
    sender: Sender,
) -> Letter:
    """Return the letter telling one of the three that a meeting is booked, moved or cancelled."""
    names = {"other": other, "desk": desk or cluster}
    subjects = {
        "booked": _("Booked: meeting with %(other)s"),
        "moved": _("Rescheduled: meeting with %(other)s"),
        "off": _("Cancelled: meeting with %(other)s"),
        "again": _("Looking for another time: meeting with %(other)s"),
    }
    said = {
        "booked": _("The time suits everyone. The calendar invitation is attached."),
        "moved": _(
            "The meeting has been rescheduled. Here are the new details; the attached invitation "
            "updates your calendar."
        ),
        "off": _(
            "The meeting won’t take place. The attached message removes it from your calendar."
        ),
        "again": _("The meeting won’t take place at this time. %(desk)s will propose others soon."),
    }
    lines = [said[kind] % names]
    if kind in ("booked", "moved"):
        lines.append(_("%(desk)s will join you.") % names)
        if bring:
            lines.append(_("Please bring: %(what)s") % {"what": bring})
        if interpreter:
            lines.append(_("Interpreter: %(name)s") % {"name": interpreter})
    return Letter(
        subjects[kind] % names,
        tuple(lines),
        _("You’re receiving this message because you take part in a meeting of “%(partnership)s”.")
        % {"partnership": partnership},
        quote=why,
        moments=moments,
        place=place,
        label=_("Open the meeting") if url else "",
        url=url,
        sender=sender,
    )


def reassigned(*, count: int, actor: str, why: str, partnership: str, url: str) -> Letter:
    """Return the letter telling a person how many cases were assigned to them."""
    said = ngettext(
        "%(actor)s has handed over %(count)d introduction to you. The reason:",
        "%(actor)s has handed over %(count)d introductions to you. The reason:",
        count,
    ) % {"actor": actor, "count": count}
    return Letter(
        _("Introductions handed over to you"),
        (said,),
        _foot(partnership),
        quote=why,
        label=_("Open your list"),
        url=url,
    )


def mandate_asked(
    *, member: str, actor: str, state: str, seeks: str, partnership: str, url: str
) -> Letter:
    """Return the letter telling the desk of a mandate that was asked, changed or withdrawn."""
    names = {"member": member, "actor": actor}
    if state == Mandate.State.WITHDRAWN:
        subject, said = (
            _("%(member)s has withdrawn its mandate"),
            _("%(actor)s has withdrawn the mandate that %(member)s sent you."),
        )
    else:
        subject, said = (
            _("%(member)s is asking you to act on its behalf"),
            _("%(actor)s is asking on behalf of %(member)s. Accept, decline or ask a question."),
        )
    return Letter(
        subject % names,
        (said % names,),
        _foot(partnership),
        quote=seeks,
        label=_("Open the mandate"),
        url=url,
    )


def mandate_answered(
    *, state: str, answer: str, actor: str, partnership: str, cluster: str, url: str, sender: Sender
) -> Letter:
    """Return the letter telling a member the desk's answer."""
    subject, said = {
        Mandate.State.ACCEPTED: (
            _("%(actor)s is acting for you"),
            _("%(actor)s has accepted your mandate and is looking for people you should meet."),
        ),
        Mandate.State.DECLINED: (
            _("Your mandate was declined"),
            _("%(actor)s can’t act for you. The reason:"),
        ),
        Mandate.State.QUESTION: (
            _("%(actor)s has a question"),
            _(
                "Before acting for you, %(actor)s would like to know something. Add your answer "
                "to the mandate."
            ),
        ),
    }[Mandate.State(state)]
    names = {"actor": actor}
    return Letter(
        subject % names,
        (said % names,),
        _(
            "You’re receiving this message because your organisation asked the ambassador of "
            "%(cluster)s in “%(partnership)s” to act on its behalf."
        )
        % {"cluster": cluster, "partnership": partnership},
        quote=answer,
        label=_("Open your mandate"),
        url=url,
        sender=sender,
    )
