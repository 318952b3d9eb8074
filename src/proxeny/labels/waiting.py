"""Pending items of a reader in labels: as a manager, juror, applicant or holder."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.kernel.datetime_format import format_moment
from proxeny.kernel.kinds import Kind, day_of
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.waiting import Waiting
from proxeny.kernel.zones import load_zone
from proxeny.labels.models import Juror, Round
from proxeny.labels.queries.own_applications import applies_for
from proxeny.labels.queries.waiting import find_answered, find_juries, find_own, find_rounds


def find_waiting(reader: Reader, now: datetime, room: int | None) -> Iterator[Kind[Waiting]]:
    """Yield what waits in labels."""
    if reader.steered:
        yield from _for_managers(reader, now)
    yield _for_jurors(reader, now)
    if own := applies_for(reader):
        yield from _for_own(reader, own, now)


def _for_managers(reader: Reader, now: datetime) -> Iterator[Kind[Waiting]]:
    columns = {"room": "partnership_id", "title": "title", "day": "decides_on"}
    for what, found in find_rounds(reader, now=now).items():
        yield Kind(found, partial(_tell_round, what), columns)
    columns = {"room": "partnership_id", "title": "award__title", "scheme": "award__scheme_id"}
    yield Kind(find_answered(reader), _tell_checkup, columns)


def _words(what: str) -> tuple[str, str, str]:
    """Return what waits in a round: the sentence, the button, and the page."""
    return {
        "check": (
            _("Applications are waiting for you to check their eligibility."),
            _("View"),
            "round-applications",
        ),
        "pass-on": (
            _("Jurors have a question for an applicant."),
            _("Read and pass on"),
            "round-applications",
        ),
        "judge": (_("The round has closed. Start judging."), _("Continue"), "round"),
        "assign": (_("Applications are missing a juror."), _("Assign"), "reading"),
        "decide": (_("The day of the decision has come."), _("Decide"), "selection"),
        "inform": (
            _("Applicants are waiting for their letters."),
            _("Write letters"),
            "results",
        ),
        "appeal": (_("An appeal is waiting for you."), _("View"), "results"),
        "award": (
            _("Chosen projects haven’t been awarded yet."),
            _("Award"),
            "round-awards",
        ),
    }[what]


def _tell_round(what: str, *, pk: int, room: int, title: str, day: str | None) -> Waiting:
    text, label, page = _words(what)
    return Waiting(
        key=f"round:{pk}:{what}",
        title=title,
        text=text,
        url=reverse(f"labels:{page}", args=[room, pk]),
        label=label,
        tone="warn",
        due=day_of(day) if what == "decide" else None,
        partnership_id=room,
    )


def _tell_checkup(pk: int, room: int, title: str, scheme: int) -> Waiting:
    return Waiting(
        key=f"checkup:{pk}:review",
        title=title,
        text=_("The holder has answered the yearly review."),
        url=reverse("labels:checkup", args=[room, scheme, pk]),
        label=_("View"),
        tone="warn",
        partnership_id=room,
    )


def _for_jurors(reader: Reader, now: datetime) -> Kind[Waiting]:
    columns = {
        "room": "partnership_id",
        "title": "round__title",
        "state": "state",
        "declared": "declared_at",
        "to_score": "open",
        "round_state": "round__state",
        "closes": "round__closes_at",
        "day": "round__decides_on",
    }
    return Kind(find_juries(reader), partial(_tell_jury, reader, now), columns)


def _tell_jury(
    reader: Reader, now: datetime, *, pk: int, room: int, title: str, day: str | None, **values: Any
) -> Waiting | None:
    what = _task_of(now, **values)
    if not what:
        return None
    due = day_of(day)
    text, label = _jury_words(what, values["to_score"])
    if what == "score" and due:
        text = f"{text} {_('The jury decides on %(day)s.') % {'day': date_format(due)}}"
    return Waiting(
        key=f"jury:{pk}:{what}",
        title=_("Jury: %(round)s") % {"round": title},
        text=text,
        url=reverse("labels:own-jury", args=[pk]),
        label=label,
        tone="warn",
        due=due if what == "score" else None,
        partnership_id=room if room in reader.rooms else None,
    )


def _task_of(
    now: datetime, *, state: str, declared: str | None, to_score: int, round_state: str, closes: str
) -> str:
    if state == Juror.State.ASKED:
        return "answer"
    if declared is None:
        is_closed = now >= datetime.fromisoformat(closes)
        return "declare" if round_state != Round.State.OPEN or is_closed else ""
    return "score" if to_score and round_state == Round.State.JUDGING else ""


def _jury_words(what: str, count: int) -> tuple[str, str]:
    return {
        "answer": (
            _("You’ve been invited to judge applications for a label. Do you accept?"),
            _("Answer"),
        ),
        "declare": (
            _("Check the list of applicants and declare any conflicts of interest."),
            _("View"),
        ),
        "score": (
            ngettext(
                "%(count)d application is waiting for your scores.",
                "%(count)d applications are waiting for your scores.",
                count,
            )
            % {"count": count},
            _("Score"),
        ),
    }[what]


def _for_own(reader: Reader, own: set[int], now: datetime) -> Iterator[Kind[Waiting]]:
    found = find_own(own, now=now)
    application = {"title": "application__title", "of": "application_id"}
    closes = {"closes": "round__closes_at", "zone": "round__zone"}
    checkup = {"title": "award__title", "of": "award_id", "day": "due_on"}
    for what, tell, columns in (
        ("submit", partial(_tell_draft, reader), {"title": "title", **closes}),
        ("answer", _tell_question, application),
        ("checkup", partial(_tell_own_checkup, now.date()), checkup),
        ("read", _tell_result, application),
        ("renew", _tell_renewal, {"title": "title", "ends": "valid_until"}),
    ):
        yield Kind(found[what], tell, columns, in_room=None)


def _tell_draft(reader: Reader, *, pk: int, title: str, closes: str, zone: str) -> Waiting:
    at = datetime.fromisoformat(closes)
    moment = format_moment(at, zone, reader.time_zone)
    return Waiting(
        key=f"application:{pk}:submit",
        title=title,
        text=_("You haven’t submitted your application yet. The round closes on %(moment)s.")
        % {"moment": moment},
        url=reverse("labels:application", args=[pk]),
        label=_("Continue your application"),
        tone="warn",
        due=at.astimezone(load_zone(zone)).date(),
    )


def _tell_question(pk: int, title: str, of: int) -> Waiting:
    return Waiting(
        key=f"question:{pk}:answer",
        title=title,
        text=_("The clusters have a question about your application."),
        url=reverse("labels:application", args=[of]),
        label=_("Read and answer"),
        tone="warn",
    )


def _tell_own_checkup(today: date, *, pk: int, title: str, of: int, day: str) -> Waiting:
    due = date.fromisoformat(day)
    text = (
        _("How is the project doing? Your answer was due on %(day)s.")
        if due < today
        else _("How is the project doing? Answer by %(day)s.")
    )
    return Waiting(
        key=f"checkup:{pk}:answer",
        title=title,
        text=text % {"day": date_format(due)},
        url=reverse("labels:own-checkup", args=[of, pk]),
        label=_("Answer"),
        tone="warn",
        due=due,
    )


def _tell_result(pk: int, title: str, of: int) -> Waiting:
    return Waiting(
        key=f"result:{pk}:read",
        title=title,
        text=_("The jury has decided. Read its letter."),
        url=reverse("labels:own-result", args=[of]),
        label=_("Read it"),
    )


def _tell_renewal(pk: int, title: str, ends: str) -> Waiting:
    day = localtime(datetime.fromisoformat(ends)).date()
    return Waiting(
        key=f"award:{pk}:renew",
        title=title,
        text=_("Its label is valid until %(day)s. You can renew it now.")
        % {"day": date_format(day)},
        url=reverse("labels:own-award", args=[pk]),
        label=_("See how"),
        due=day,
    )
