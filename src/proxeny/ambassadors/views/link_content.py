"""Content of a page behind a link: everything a template needs, nothing of the other's people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest

from proxeny.ambassadors.forms.link import (
    CancelForm,
    HandOnForm,
    RatingForm,
    TimesForm,
    WishForm,
    answers_of,
)
from proxeny.ambassadors.models import Introduction, Link, TimeOption
from proxeny.ambassadors.operations.links import is_open_for
from proxeny.ambassadors.queries.link_pages import Other, find_rating, is_put_to, tell_other
from proxeny.ambassadors.queries.links import Opened
from proxeny.kernel.zones import (
    city_of,
    is_same_clock,
    load_zone,
    plain_zone,
    zone_choices,
    zone_names,
)
from proxeny.meetings.models import Meeting, Rating
from proxeny.meetings.operations.invitations import Moment
from proxeny.meetings.operations.mails import moments_of
from proxeny.meetings.rating_forms import AgreementForm
from proxeny.partnerships.amounts import tell_amount

State, Purpose = Introduction.State, Link.Purpose
RATED = (Purpose.DAY, Purpose.LATER)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request to a link that is open."""

    request: HttpRequest
    token: str
    opened: Opened
    now: datetime

    @property
    def zone(self) -> str:
        """By whose clocks times are shown: as chosen on the page, else as kept of the visitor."""
        chosen = self.request.POST.get("zone") or self.request.GET.get("zone", "")
        return chosen if chosen in zone_names() else self.kept_zone

    @property
    def kept_zone(self) -> str:
        """The time zone kept for the visitor."""
        side = self.opened.side
        kept = side.person.time_zone if side.person else side.time_zone
        return kept if kept in zone_names() else "UTC"

    @property
    def kind(self) -> str:
        """The kind of page; see `kind_of`."""
        return kind_of(self.opened, self.now)

    @property
    def stands(self) -> str:
        """The booked meeting and its number of moves, as a form remembers it."""
        meeting = self.opened.case.meeting
        return f"{meeting.pk}.{meeting.sequence}" if meeting else ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A time to choose from, by the visitor's clocks and, where they differ, by the place's."""

    number: int
    moment: Moment
    there: Moment | None
    offset: str
    suits: bool | None
    is_own: bool
    note: str
    place: str


@dataclass(frozen=True, slots=True)
class Page:
    """Values for the templates."""

    kind: str
    purpose: str
    own: str
    other: Other
    desk: str
    cluster: str
    partnership: str
    reason: str
    minutes: int
    answer: str
    zone: str
    city: str
    zones: list[tuple[Any, list[tuple[str, str]]]]
    choices: tuple[Choice, ...]
    booked: tuple[Moment, ...]
    place: str
    bring: str
    interpreter: str
    has_account: bool
    may_hand_on: bool
    rating: Rating | None = None
    label: str = ""
    answers: list[tuple[str, str]] = field(default_factory=list)

    @property
    def may_change(self) -> bool:
        """Whether times and the meeting can be changed by this link."""
        return self.purpose == Purpose.TIME and self.kind in ("times", "booked")

    @property
    def is_answered(self) -> bool:
        """Whether the visitor has chosen suitable times."""
        return any(one.suits is not None for one in self.choices if not one.is_own)

    @property
    def suiting(self) -> int:
        """The number of times that suit the visitor."""
        return sum(one.suits is True for one in self.choices)


def kind_of(opened: Opened, now: datetime) -> str:
    """Return the kind of a link's page, by its purpose and the state of the case.

    `wish`, `times` and `rating` ask something; `agreed`, `booked`, `met` and `settled` show the
    state.
    """
    case, purpose = opened.case, opened.purpose
    if purpose in RATED:
        is_off = case.meeting is None or case.meeting.state == Meeting.State.CANCELLED
        return "settled" if is_off else "rating"
    if case.state == State.ASKING and purpose == Purpose.WISH:
        return "wish"
    if case.state == State.FINDING:
        return "times" if purpose == Purpose.TIME else "agreed"
    if case.state == State.BOOKED and case.meeting is not None:
        return "booked" if case.meeting.starts_at > now else "met"
    return "met" if case.state == State.MET else "settled"


def show_page(visit: Visit) -> Page:
    """Return the current page behind a link. One query, for the rating of a meeting."""
    opened, case = visit.opened, visit.opened.case
    kind, zone = visit.kind, visit.zone
    rating = find_rating(opened) if kind == "rating" else None
    may_hand_on = is_open_for(case, opened.purpose) and case.state != State.BOOKED
    return Page(
        kind=kind,
        purpose=opened.purpose,
        own=opened.side.organisation.name,
        other=tell_other(opened.other.organisation),
        desk=opened.desk_name or opened.cluster,
        cluster=opened.cluster,
        partnership=case.partnership.title,
        reason=case.reason,
        minutes=case.duration_min,
        answer=opened.side.answer,
        zone=plain_zone(zone),
        city=city_of(zone),
        zones=zone_choices((zone,)),
        choices=show_choices(visit),
        booked=moments_of(case.meeting, zone) if case.meeting else (),
        place=case.meeting.place if case.meeting else case.place,
        bring=case.bring,
        interpreter=case.interpreter,
        has_account=opened.side.person_id is not None,
        may_hand_on=may_hand_on,
        rating=rating,
        label=_label_of(rating),
        answers=[one for one in answers_of(opened.purpose) if one[0] != Rating.Value.AGREEMENT]
        if kind == "rating"
        else [],
    )


def show_choices(visit: Visit) -> tuple[Choice, ...]:
    """Return the times to come about which the visitor is asked."""
    role, zone = visit.opened.side.role, visit.zone
    return tuple(
        _show_choice(one, role, zone)
        for one in visit.opened.options
        if one.starts_at > visit.now and is_put_to(one, role)
    )


def _show_choice(option: TimeOption, role: str, zone: str) -> Choice:
    is_own = option.proposed_by == role
    differs = not is_same_clock(option.starts_at, option.time_zone, zone)
    there = Moment(option.time_zone, option.starts_at, option.ends_at)
    return Choice(
        number=option.pk,
        moment=Moment(zone, option.starts_at, option.ends_at),
        there=there if differs else None,
        offset=offset_if_twice(option.starts_at, zone),
        suits=getattr(option, role),
        is_own=is_own,
        note=option.note if is_own or option.proposed_by == TimeOption.By.DESK else "",
        place=option.place,
    )


def offset_if_twice(moment: datetime, zone: str) -> str:
    """Return a moment's distance from UTC where the clocks show its time twice; else nothing."""
    local = moment.astimezone(load_zone(zone))
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        return ""
    hours, rest = divmod(local.utcoffset() or timedelta(), timedelta(hours=1))
    return f"UTC{hours:+03d}:{int(rest.total_seconds() // 60):02d}"


def _label_of(rating: Rating | None) -> str:
    """Return what was said: the answer and, of an agreement, its kind and worth."""
    if rating is None:
        return ""
    kind = str(Rating.Agreed(rating.agreed).label) if rating.agreed else ""
    worth = "" if rating.worth is None else tell_amount(rating.worth, rating.currency)
    return " · ".join(filter(None, (str(Rating.Value(rating.value).label), kind, worth)))


def empty_forms(visit: Visit, page: Page) -> dict[str, Any]:
    """Return the forms of a page as they begin, by name."""
    if page.kind == "wish":
        side = visit.opened.side
        return {
            "wish": WishForm(initial={"why": side.why, "may_pass_on": bool(side.may_pass_on)}),
            "hand": HandOnForm(),
        }
    if page.kind in ("times", "booked"):
        return {"times": times_form(visit), "hand": HandOnForm(), "cancel": cancel_form(visit)}
    if page.kind == "rating":
        said = _said(page.rating)
        usual = visit.opened.case.partnership.currency
        return {
            "rating": RatingForm(phase=page.purpose, initial=said),
            "agreement": agreement_form(
                visit, initial={**said, "currency": said["currency"] or usual}
            ),
            "hand": HandOnForm(),
        }
    return {}


def _said(rating: Rating | None) -> dict[str, Any]:
    names = ("value", "note", "agreed", "worth", "currency")
    return {name: getattr(rating, name) if rating else "" for name in names}


def times_form(visit: Visit, data: Mapping[str, Any] | None = None) -> TimesForm:
    """Return the form of times, with what was said before."""
    choices = show_choices(visit)
    return TimesForm(
        data,
        numbers=[one.number for one in choices],
        zone=visit.zone,
        chosen=[one.number for one in choices if one.suits],
    )


def cancel_form(visit: Visit, data: Mapping[str, Any] | None = None) -> CancelForm:
    """Return the form to decline by."""
    is_booked = visit.opened.case.state == State.BOOKED
    return CancelForm(data, seen=visit.stands, is_booked=is_booked)


def agreement_form(
    visit: Visit, data: Mapping[str, Any] | None = None, initial: Mapping[str, Any] | None = None
) -> AgreementForm | None:
    """Return the form that says more of an agreement; None on the day, when nobody has one yet."""
    if visit.opened.purpose != Purpose.LATER:
        return None
    return AgreementForm(data, meeting_id=visit.opened.case.meeting_id or 0, initial=initial)
