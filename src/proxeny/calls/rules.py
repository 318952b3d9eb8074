"""Rules for the actions offered on calls; the database enforces the rest."""

from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.accounts.models import Role
from proxeny.calls.models import Call
from proxeny.kernel.datetime_format import format_moment

#: Calls close by the clock there, at this hour where none is said.
BRUSSELS = ZoneInfo("Europe/Brussels")
CLOSING_TIME = time(17, 0)
#: Whose seats at a cluster let them keep its calls.
WRITERS = (Role.MANAGER, Role.ADVISER, Role.AMBASSADOR)

#: The sets of conditions that come with the product, by their key in `engine.consortium`.
RULE_SETS = {
    "horizon-europe-ria": _("Horizon Europe: research and innovation action"),
    "horizon-europe-ia": _("Horizon Europe: innovation action"),
    "horizon-europe-csa": _("Horizon Europe: coordination and support action"),
    "horizon-2020-ria": _("Horizon 2020: research and innovation action"),
    "horizon-2020-ia": _("Horizon 2020: innovation action"),
    "horizon-2020-csa": _("Horizon 2020: coordination and support action"),
    "life-clean-energy": _("LIFE: clean energy transition"),
    "cosme-cluster-excellence-2019": _("COSME: cluster excellence, 2019"),
    "eureka-network": _("Eureka: network projects"),
    "eureka-xecs": _("Eureka: Xecs"),
    "eurostars-3": _("Eurostars 3"),
    "greece-turkey-2025": _("Greece and Türkiye, 2025"),
    "anr-prci-2015": _("ANR: international projects, 2015"),
}


class State(StrEnum):
    """The state of a call; never stored."""

    COMING = "coming"
    OPEN = "open"
    CLOSED = "closed"


STATE_LABELS = {
    State.COMING: _("Forthcoming"),
    State.OPEN: pgettext_lazy("a call for proposals", "Open"),
    State.CLOSED: pgettext_lazy("a call for proposals", "Closed"),
}


def state_of(call: Call, *, now: datetime) -> State:
    """Return the state of a call for a newcomer: of two stages, the first counts."""
    if call.closes_at is not None and call.closes_at <= now:
        return State.CLOSED
    if call.opens_on is not None and call.opens_on > now.astimezone(BRUSSELS).date():
        return State.COMING
    return State.OPEN


def format_deadline(moment: datetime, reader_zone: str) -> str:
    """Return a moment by clocks in Brussels, and by the reader's where they show another time."""
    return format_moment(moment, BRUSSELS.key, reader_zone)


def closing_moment(day: date) -> datetime:
    """Return when a call closes of which only the day is known."""
    return datetime.combine(day, CLOSING_TIME, BRUSSELS)
