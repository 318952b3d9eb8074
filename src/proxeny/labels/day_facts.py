"""What labels tell of somebody's day: for managers, jurors, and who applies or holds."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.kernel.tenancy import Reader
from proxeny.labels.models import Juror
from proxeny.labels.moments import tell_moment
from proxeny.labels.queries.waiting import OfJuror, find_in_rooms, find_juries, find_own
from proxeny.labels.room_facts import tell_waiting

#: So much of what waits in rooms is told; the rest stands there.
MOST = 4


class LabelTask(NamedTuple):
    """Something that waits: what, why, where to do it, the words on the button, and its tone."""

    title: str
    text: str
    url: str
    label: str
    tone: str


def find_tasks(reader: Reader, now: datetime) -> Iterator[LabelTask]:
    """Yield what waits in labels for a reader. At most three queries."""
    for jury in find_juries(reader, now=now):
        yield _jury(jury)
    yield from _own(reader, now)
    told = 0
    for room, found in find_in_rooms(reader, reader.steered, now=now).items():
        for one in tell_waiting(room, found):
            if told < MOST:
                yield LabelTask(_("Labels"), one.text, one.url, one.label, "warn")
            told += 1


def _jury(found: OfJuror) -> LabelTask:
    juror: Juror = found.juror
    text, label = {
        "answer": (_("You are asked to judge applications for a label. Will you?"), _("Answer")),
        "declare": (_("Look through who applies, and say where you have a conflict of interest."),
                    _("Look at it")),
        "score": (ngettext("%(count)d application waits for your scores.",
                           "%(count)d applications wait for your scores.", found.open)
                  % {"count": found.open}, _("Score")),
    }[found.what]  # fmt: skip
    if found.what == "score" and juror.round.decides_on:
        day = date_format(juror.round.decides_on)
        text = f"{text} {_('The jury decides on %(day)s.') % {'day': day}}"
    title = _("Jury: %(round)s") % {"round": juror.round.title}
    return LabelTask(title, text, reverse("labels:own-jury", args=[juror.pk]), label, "warn")


def _own(reader: Reader, now: datetime) -> Iterator[LabelTask]:
    found = find_own(reader, now=now)
    for one in found.questions:
        yield LabelTask(
            one.title, _("The clusters have a question about your application."),
            reverse("labels:application", args=[one.of]), _("Read and answer"), "warn",
        )  # fmt: skip
    for one in found.checkups:
        text = _("How is the project doing? Answer by %(day)s.")
        if one.on and one.on < now.date():
            text = _("How is the project doing? Your answer was due on %(day)s.")
        yield LabelTask(
            one.title, text % {"day": date_format(one.on) if one.on else ""},
            reverse("labels:own-checkup", args=[one.of, one.number]), _("Answer"), "warn",
        )  # fmt: skip
    for one in found.drafts:
        moment = tell_moment(one.at, one.zone, reader.time_zone) if one.at else ""
        yield LabelTask(
            one.title,
            _("Your application is not handed in yet. The round closes on %(moment)s.")
            % {"moment": moment},
            reverse("labels:application", args=[one.of]), _("Go on writing"), "warn",
        )  # fmt: skip
    for one in found.results:
        yield LabelTask(
            one.title, _("The jury has decided. Read its letter."),
            reverse("labels:own-result", args=[one.of]), _("Read it"), "info",
        )  # fmt: skip
    for one in found.renewals:
        day = date_format(localtime(one.at)) if one.at else ""
        yield LabelTask(
            one.title, _("Its label holds until %(day)s. You can renew it now.") % {"day": day},
            reverse("labels:own-award", args=[one.of]), _("See how"), "info",
        )  # fmt: skip
