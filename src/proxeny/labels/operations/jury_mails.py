"""What jurors are written, and what managers are told of them: each in their own language."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.accounts.queries import managers_of
from proxeny.kernel.holdings import tell_name
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.models import Juror, Round
from proxeny.labels.moments import tell_moment
from proxeny.meetings.operations.letters import Letter, send, to_person
from proxeny.partnerships.models import Interest
from proxeny.partnerships.queries import parties_joined


def _names(held: Round, **more: object) -> dict[str, object]:
    return {"label": held.scheme.title, "round": held.title, **more}


def _to_juror(juror: Juror, held: Round, key: str, write: Callable[[], Letter]) -> bool:
    if juror.person is None:
        return False
    return send(to_person(juror.person, "labels"), write, key=f"label-jury:{juror.pk}:{key}")


def _letter(juror: Juror, held: Round, subject: str, *lines: str, label: str = "") -> Letter:
    path = reverse("labels:own-jury", args=[juror.pk])
    return Letter(
        subject, tuple(filter(None, lines)),
        _("You get this mail because you were asked to judge applications for “%(label)s”.")
        % _names(held),
        label=label or _("Open your page"), url=f"{settings.BASE_URL}{path}",
    )  # fmt: skip


def ask(juror: Juror, held: Round, *, actor: Reader, now: datetime) -> bool:
    """Ask somebody to judge in a round."""

    def write() -> Letter:
        names = _names(held, actor=actor.name)
        zone = juror.person.time_zone if juror.person else ""
        closes = tell_moment(held.closes_at, held.zone, zone)
        return _letter(
            juror, held, _("Would you judge applications for “%(label)s”?") % names,
            _("%(actor)s asks you to be in the jury of “%(label)s”, round “%(round)s”.") % names,
            _("One can apply until %(moment)s; you read and score after that.")
            % {"moment": closes},
            _("First you see who applies, and say where you have a conflict of interest."),
            label=_("Read and answer"),
        )  # fmt: skip

    return _to_juror(juror, held, f"asked:{now:%Y%m%d%H%M%S}", write)


def ask_to_declare(juror: Juror, held: Round, *, count: int, again: str = "") -> bool:
    """Tell a juror that the applications are there: a declaration comes first."""

    def write() -> Letter:
        told = ngettext(
            "%(count)d application was submitted.", "%(count)d applications were submitted.", count
        )
        return _letter(
            juror, held, _("Before you read: the applicants for “%(label)s”") % _names(held),
            told % {"count": count},
            _("Look through who applies, and say where you have a conflict of interest. It takes a"
              " few minutes. After that you get the applications that you read."),
            label=_("See who applies"),
        )  # fmt: skip

    return _to_juror(juror, held, f"declare:{again or held.version}", write)


def tell_assigned(juror: Juror, held: Round, *, count: int, key: str) -> bool:
    """Tell a juror that applications are theirs to read."""

    def write() -> Letter:
        subject = ngettext(
            "%(count)d application for you to score", "%(count)d applications for you to score",
            count,
        ) % {"count": count}  # fmt: skip
        until = _("The jury decides on %(day)s.") % {"day": _day(held)} if held.decides_on else ""
        return _letter(
            juror, held, subject,
            _("They are yours in “%(label)s”, round “%(round)s”.") % _names(held), until,
            _("You can score on your phone, and go on without a network."),
            label=_("Begin"),
        )  # fmt: skip

    return _to_juror(juror, held, f"assigned:{key}", write)


def remind(juror: Juror, held: Round, *, what: str, count: int, now: datetime) -> bool:
    """Remind a juror of what waits for them, at most once a day."""
    day = f"{now:%Y-%m-%d}"

    def write() -> Letter:
        lines = {
            "answer": _("You were asked to be in the jury, and have not answered yet."),
            "declare": _("Nothing is assigned to you before you have said where you have a conflict"
                         " of interest."),
            "score": ngettext(
                "%(count)d application still waits for your scores.",
                "%(count)d applications still wait for your scores.", count,
            ) % {"count": count},
        }  # fmt: skip
        until = _("The jury decides on %(day)s.") % {"day": _day(held)} if held.decides_on else ""
        return _letter(
            juror, held, _("Still to do: the jury of “%(label)s”") % _names(held), lines[what],
            until,
        )  # fmt: skip

    return _to_juror(juror, held, f"reminded:{what}:{day}", write)


def tell_out(juror: Juror, held: Round, *, now: datetime) -> bool:
    """Tell a juror that they are not in the jury any more."""

    def write() -> Letter:
        return _letter(
            juror,
            held,
            _("You are no longer in the jury of “%(label)s”") % _names(held),
            _("What you have scored stays. There is nothing you have to do."),
        )

    return _to_juror(juror, held, f"out:{now:%Y%m%d%H%M%S}", write)


def tell_managers(
    held: Round, write: Callable[[], tuple[str, str]], *, key: str, now: datetime,
    but: int | None = None, side: int | None = None, about: Iterable[int] = (),
) -> int:  # fmt: skip
    """Mail the managers of the clusters; return how many mails are new.

    Parameters
    ----------
    write : callable
        Makes subject and text, once the language of the reader is set.
    but : int, optional
        A person who is left out: who did it.
    side : int, optional
        Of one party alone.
    about : iterable of int
        Applications: who has a conflict of interest in one of them is told nothing.
    """
    parties = parties_joined(held.partnership_id)
    sides = [one.organisation_id for one in parties if side in (None, one.pk)]
    with as_service():
        people = managers_of(sides, today=now.date())
        walled = set(
            Interest.objects.filter(
                subject=Interest.Subject.APPLICATION, subject_id__in=list(about), conflicts=True
            ).values_list("person_id", flat=True)
        )
    path = reverse("labels:jury", args=[held.partnership_id, held.pk])

    def letter() -> Letter:
        subject, text = write()
        return Letter(
            subject, (text,),
            _("You get this mail as a manager of a cluster that gives the label."),
            label=_("Open the jury"), url=f"{settings.BASE_URL}{path}",
        )  # fmt: skip

    return sum(
        send(to_person(one, "labels"), letter, key=f"label-round:{held.pk}:{key}:{one.pk}")
        for one in people
        if one.pk != but and one.pk not in walled
    )


def name_of(juror: Juror) -> str:
    """Return a juror's name as it is told."""
    return str(tell_name(juror.person.name)) if juror.person else str(tell_name(""))


def _day(held: Round) -> str:
    return date_format(held.decides_on, "DATE_FORMAT") if held.decides_on else ""
