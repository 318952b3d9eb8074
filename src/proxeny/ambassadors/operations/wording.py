"""What the desk's mails say. Each function gives one letter in the language in force."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.ambassadors.models import Link, Mandate
from proxeny.meetings.operations.invitations import Moment
from proxeny.meetings.operations.letters import Letter

Purpose = Link.Purpose


@dataclass(frozen=True, slots=True)
class Words:
    """What letters to one of the two sides are made of."""

    own: str
    other: str
    cluster: str
    desk: str
    reason: str
    partnership: str
    minutes: int
    #: Where who looks after it is written to; empty if nobody does.
    address: str = ""

    @property
    def foot(self) -> str:
        """Why the reader gets it, and whom they can write to."""
        why = _(
            "%(cluster)s brings companies of two countries together. You get this message because"
            " %(desk)s wrote down that you speak for %(own)s."
        ) % {"cluster": self.cluster, "desk": self.desk, "own": self.own}
        return f"{why} {self.desk}: {self.address}" if self.address else why

    def fill(self, text: str, **more: object) -> str:
        """Return a sentence with the names in it."""
        names = {"own": self.own, "other": self.other, "cluster": self.cluster, "desk": self.desk,
                 "minutes": self.minutes}  # fmt: skip
        return text % (names | more)


def asked(
    words: Words, *, purpose: str, kind: str, who: str, word: str, moments: tuple[Moment, ...],
    place: str, url: str,
) -> Letter:  # fmt: skip
    """Ask a side whether to meet, when, how it went, or what came of it."""
    subject, lines, label, quote = _ASKED[Purpose(purpose)](words)
    first = _first_line(words, kind, who)
    if kind == "reminded":
        subject = _("Once more: %(subject)s") % {"subject": subject}
    return Letter(
        subject=subject, lines=tuple(filter(None, (first, *lines))), foot=words.foot,
        quote=word or quote, moments=moments, place=place if moments else "", label=label, url=url,
    )  # fmt: skip


def _first_line(words: Words, kind: str, who: str) -> str:
    if kind == "handed":
        return words.fill(_("%(who)s has handed this on to you for %(own)s."), who=who)
    if kind == "renewed":
        return _("The link you had has run out. Here is a new one.")
    if kind == "reminded":
        return _("Some days ago we asked you something, and have no answer yet.")
    return ""


_Parts = tuple[str, tuple[str, ...], str, str]


def _wish(words: Words) -> _Parts:
    return (
        words.fill(_("Would you like to meet %(other)s?")),
        (
            words.fill(
                _("%(desk)s of %(cluster)s would like to bring you together with %(other)s.")
            ),
            _("You need no account. Nobody gets your address before you have said yes."),
        ),
        _("Answer in one minute"),
        words.reason,
    )


def _time(words: Words) -> _Parts:
    return (
        words.fill(_("When can you meet %(other)s?")),
        (
            words.fill(_("You both would like to meet. %(desk)s proposes these times, for"
                         " %(minutes)s minutes. Please say which suit you, or propose another one.")),
        ),
        _("Choose a time"),
        "",
    )  # fmt: skip


def _day(words: Words) -> _Parts:
    return (
        words.fill(_("How was the meeting with %(other)s?")),
        (words.fill(_("One tap is enough. %(other)s does not read your answer.")),),
        _("Say how it went"),
        "",
    )


def _later(words: Words) -> _Parts:
    return (
        words.fill(_("What came of the meeting with %(other)s?")),
        (words.fill(_("You met six months ago. One tap is enough, and %(other)s does not read"
                      " your answer.")),),
        _("Say what came of it"),
        "",
    )  # fmt: skip


_ASKED = {Purpose.WISH: _wish, Purpose.TIME: _time, Purpose.DAY: _day, Purpose.LATER: _later}


def kept(words: Words, *, kind: str) -> Letter:
    """Tell a side what was kept of its answer."""
    subject = words.fill(_("Your answer about %(other)s is kept"))
    said = {
        "yes": _("You would like to meet %(other)s. As soon as they say so, too, %(desk)s writes"
                 " to you about a time."),
        "no": _("You would rather not meet %(other)s. They are told only that it does not come"
                " about."),
        "times": _("The times that suit you are kept. As soon as one suits everybody, you get an"
                   " invitation."),
        "rated": _("Thank you for saying how it was with %(other)s."),
    }[kind]  # fmt: skip
    stray = words.fill(_("If it was not you who answered, please write to %(desk)s."))
    return Letter(subject, (words.fill(said), stray), words.foot)


def handed_over(words: Words, *, to: str) -> Letter:
    """Tell who was asked before that somebody else answers now."""
    return Letter(
        words.fill(_("Handed on: meeting %(other)s")),
        (
            words.fill(
                _("%(to)s now answers for %(own)s. Your link does not work any more."), to=to
            ),
            words.fill(_("If it was not you who handed it on, please write to %(desk)s.")),
        ),
        words.foot,
    )


def covered(words: Words) -> Letter:
    """Tell a member that somebody is asked under its mandate."""
    return Letter(
        words.fill(_("%(desk)s asks %(other)s for you")),
        (words.fill(_("As your mandate says, %(desk)s asks %(other)s whether they want to meet you."
                      " You hear from us as soon as they answer.")),),
        words.foot, quote=words.reason,
    )  # fmt: skip


def ended(words: Words) -> Letter:
    """Tell a side that it does not come about."""
    return Letter(
        words.fill(_("The meeting with %(other)s does not come about")),
        (words.fill(_("It does not work out this time. Thank you for your answer; %(desk)s keeps"
                      " an eye open for you.")),),
        words.foot,
    )  # fmt: skip


def news(
    *, kind: str, member: str, stakeholder: str, side: str, organisation: str, who: str, word: str,
    moments: tuple[Moment, ...], url: str, partnership: str,
) -> Letter:  # fmt: skip
    """Tell the desk what a side did."""
    names = {"side": side, "organisation": organisation, "who": who}
    said = {
        "yes": _("%(side)s (%(organisation)s) would like to meet. The other side has not answered"
                 " yet."),
        "no": _("%(side)s (%(organisation)s) declined."),
        "both": _("Both would like to meet. Propose some times."),
        "proposed": _("%(side)s (%(organisation)s) proposes another time. Say whether you can, too."),
        "none": _("None of the times suits %(side)s (%(organisation)s). Propose others."),
        "handed": _("%(who)s has handed it on: %(side)s now answers for %(organisation)s."),
        "late": _("%(side)s (%(organisation)s) used a link that had run out."),
        "silent": _("%(side)s (%(organisation)s) has not answered, and was reminded twice. A call"
                    " may help."),
        "bounced": _("A mail to %(side)s (%(organisation)s) came back. Look for another address."),
        "off": _("%(side)s (%(organisation)s) cannot come to the meeting that was booked. It is off;"
                 " propose other times."),
        "proposed-booked": _("%(side)s (%(organisation)s) asks for another time. The meeting stays"
                             " as it is until you agree."),
        **_by_mail(),
    }[kind]  # fmt: skip
    lines = [said % names]
    if who and kind == "delegated":
        lines.append(_("They name: %(who)s") % names)
    if word and kind in ("no", "off", "none", "declines", "desk-declines"):
        lines.append(_("The reason they gave:"))
    return Letter(
        f"{member} · {stakeholder}", tuple(lines), _foot(partnership), quote=word, moments=moments,
        label=_("Open the introduction"), url=url,
    )  # fmt: skip


def _by_mail() -> dict[str, str]:
    """What came back by mail: nothing is called off or handed on by it."""
    return {
        "declines": _("%(side)s (%(organisation)s) declined the invitation by mail. Nothing was"
                      " called off by that: the meeting stands until you call it off."),
        "comes": _("%(side)s (%(organisation)s) comes after all: they accepted the invitation by"
                   " mail."),
        "unsure": _("%(side)s (%(organisation)s) answered the invitation by mail: they may come,"
                    " and are not sure yet."),
        "delegated": _("%(side)s (%(organisation)s) wants to send somebody else. Nobody was asked by"
                       " that: write to whoever is to come, and put their name and address into the"
                       " introduction."),
        "left": _("%(side)s answered by mail, but has no seat at %(organisation)s any more. Their"
                  " answer was not counted; ask who comes instead."),
        "desk-declines": _("%(who)s, who looks after it, declined the invitation by mail. The"
                           " meeting stands: somebody else may have to come along."),
        "desk-bounced": _("A mail to %(who)s, who works at this desk, came back. Ask them for"
                          " another address."),
    }  # fmt: skip


def _foot(partnership: str) -> str:
    return _("You get this message because you work at the desk of “%(partnership)s”.") % {
        "partnership": partnership
    }


def booked(
    *, kind: str, other: str, desk: str, cluster: str, moments: tuple[Moment, ...], place: str,
    why: str, bring: str, interpreter: str, url: str, partnership: str,
) -> Letter:  # fmt: skip
    """Tell one of the three that a meeting is booked, moved or off."""
    names = {"other": other, "desk": desk or cluster}
    subjects = {
        "booked": _("Booked: meeting with %(other)s"), "moved": _("Moved: meeting with %(other)s"),
        "off": _("Off: meeting with %(other)s"), "again": _("Another time: meeting with %(other)s"),
    }  # fmt: skip
    said = {
        "booked": _("The time suits everybody. The invitation for your calendar is attached."),
        "moved": _("The meeting has been moved. This is how it is now; your calendar follows the"
                   " invitation attached."),
        "off": _("The meeting does not take place. The attached message takes it out of your"
                 " calendar."),
        "again": _("The meeting does not take place at this time. %(desk)s proposes others soon."),
    }  # fmt: skip
    lines = [said[kind] % names]
    if kind in ("booked", "moved"):
        lines.append(_("%(desk)s comes along.") % names)
        if bring:
            lines.append(_("Please bring: %(what)s") % {"what": bring})
        if interpreter:
            lines.append(_("Interpreter: %(name)s") % {"name": interpreter})
    return Letter(
        subjects[kind] % names, tuple(lines),
        _("You get this message because you take part in a meeting of “%(partnership)s”.")
        % {"partnership": partnership},
        quote=why, moments=moments, place=place, label=_("Open the meeting") if url else "", url=url,
    )  # fmt: skip


def reassigned(*, count: int, actor: str, why: str, partnership: str, url: str) -> Letter:
    """Tell somebody how many cases are theirs now."""
    said = ngettext(
        "%(actor)s has given you %(count)d introduction to look after. The reason:",
        "%(actor)s has given you %(count)d introductions to look after. The reason:", count,
    ) % {"actor": actor, "count": count}  # fmt: skip
    return Letter(
        _("Introductions handed over to you"), (said,), _foot(partnership), quote=why,
        label=_("Open your list"), url=url,
    )  # fmt: skip


def mandate_asked(
    *, member: str, actor: str, state: str, seeks: str, partnership: str, url: str
) -> Letter:
    """Tell the desk what a member asks, changed or withdrew."""
    names = {"member": member, "actor": actor}
    if state == Mandate.State.WITHDRAWN:
        subject, said = (
            _("%(member)s has withdrawn its mandate"),
            _("%(actor)s has withdrawn what %(member)s asked of you."),
        )
    else:
        subject, said = (
            _("%(member)s asks you to act for it"),
            _("%(actor)s asks for %(member)s. Accept it, decline it, or ask back."),
        )
    return Letter(subject % names, (said % names,), _foot(partnership), quote=seeks,
                  label=_("Open the mandate"), url=url)  # fmt: skip


def mandate_answered(
    *, state: str, answer: str, actor: str, partnership: str, cluster: str, url: str
) -> Letter:
    """Tell a member what the desk answers."""
    subject, said = {
        Mandate.State.ACCEPTED: (
            _("%(actor)s acts for you"),
            _("%(actor)s has accepted your mandate and looks for people whom you should meet."),
        ),
        Mandate.State.DECLINED: (
            _("Your mandate was declined"), _("%(actor)s cannot act for you. The reason:"),
        ),
        Mandate.State.QUESTION: (
            _("%(actor)s has a question"),
            _("Before acting for you, %(actor)s would like to know something. Your answer goes into"
              " the mandate."),
        ),
    }[Mandate.State(state)]  # fmt: skip
    names = {"actor": actor}
    return Letter(
        subject % names, (said % names,),
        _("You get this message because your organisation asked the ambassador of %(cluster)s in"
          " “%(partnership)s” to act for it.") % {"cluster": cluster, "partnership": partnership},
        quote=answer, label=_("Open your mandate"), url=url,
    )  # fmt: skip
