"""Drawing hundreds of meetings: a template's loop takes several times as long."""

from datetime import timedelta

from babel import Locale
from babel.units import format_unit
from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from proxeny.events.queries.agenda.whole import Day, Meet, Time

register = template.Library()

_TIME = '<tbody><tr><th scope="rowgroup" colspan="2">{}</th></tr>{}</tbody>'
_MEETING = (
    '<tr><th scope="row"><bdi>{}</bdi></th>'
    '<td><a href="{}"><bdi>{}</bdi> – <bdi>{}</bdi></a>{}</td></tr>\n'
)


@register.filter
def wait(lasts: timedelta) -> str:
    """Return how long somebody waits, in hours and minutes: `5 hr 20 min`."""
    hours, minutes = divmod(round(lasts.total_seconds() / 60), 60)
    locale = Locale.parse(to_locale(get_language() or "en"))
    parts = [(hours, "hour"), (minutes, "minute")]
    return " ".join(format_unit(n, unit, "short", locale=locale) for n, unit in parts if n)


@register.simple_tag
def draw_times(day: Day) -> SafeString:
    """Return a table's bodies, one for each time of a day, a row for each meeting."""
    locked = format_html(' <span class="px-soft px-small">{}</span>', _("locked"))
    return format_html_join("", _TIME, ((one.starts, _rows(one, locked)) for one in day.times))


def _rows(time: Time, locked: SafeString) -> SafeString:
    return format_html_join("", _MEETING, (_row(one, locked) for one in time.meetings))


def _row(one: Meet, locked: SafeString) -> tuple[str, ...]:
    return one.table, one.url, one.a, one.b, locked if one.is_locked else ""
