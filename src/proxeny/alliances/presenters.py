"""A public page in plain words: the text that all sides sign, and its differences."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from proxeny.alliances.content import Content, Goal, Result
from proxeny.kernel.lists import join_items
from proxeny.partnerships.models import Partnership

#: So long a text is signed; what is longer is named by its checksum.
_MOST = 19_000


def write_text(
    partnership: Partnership, said: Content, *, number: int, slug: str, contact: str, checksum: str
) -> str:
    """Return the text that all sides sign, in English: the same text for the same content."""
    with override("en"):
        address = f"{settings.BASE_URL}{reverse('alliances:public', args=[slug])}"
        lines = [
            _("Public page “%(title)s”, version %(number)s")
            % {"title": said.headline, "number": number},
            _("Partnership: %(title)s") % {"title": partnership.title},
            _("Public address: %(address)s") % {"address": address},
            # Before what may be long: what is signed is this content and no other.
            _("SHA-256 of the content: %(checksum)s") % {"checksum": checksum},
            *_tell(said, contact),
        ]
    return "\n\n".join(lines)[:_MOST]


def _tell(said: Content, contact: str) -> Iterator[str]:
    parts = (
        (_("Members"), join_items(_placed(one.name, one.country_label) for one in said.members)),
        (pgettext("an alliance", "Purpose"), said.about),
        (_("Who it is for"), said.audience),
        (_("How to join or get in touch"), said.joining),
        (_("Email address"), contact),
        (_("Goals"), _lines(_goal(one) for one in said.goals)),
        (_("Activities"), _lines(one.title for one in said.activities)),
        (_("Results"), _lines(_result(one) for one in said.results)),
        (
            _("Partners from other countries"),
            join_items(_placed(one.name, one.country_label) for one in said.partners),
        ),
    )
    for label, text in parts:
        if text:
            yield f"{label}: {text}"


def _placed(name: str, country: str) -> str:
    return f"{name} ({country})" if country else name


def _lines(items: Iterable[str]) -> str:
    return "".join(f"\n– {one}" for one in items)


def _goal(one: Goal) -> str:
    if one.closed_on:
        day = date_format(one.closed_on, "DATE_FORMAT")
        return _("%(title)s (closed on %(day)s)") % {"title": one.title, "day": day}
    if one.percent is None:
        return one.title
    return _("%(title)s (%(percent)d%% achieved)") % {
        "title": one.title,
        "percent": one.percent,
    }


def _result(one: Result) -> str:
    return ", ".join(part for part in (one.title, one.note, one.sum) if part)


def tell_differences(old: Content, new: Content) -> list[str]:
    """Return the additions, removals and changes of a page since the previous version."""
    labels = {
        "headline": _("Headline"),
        "about": pgettext("an alliance", "Purpose"),
        "audience": _("Who it is for"),
        "joining": _("How to join or get in touch"),
        "language": _("Language"),
    }
    told = [
        _("Changed: %(what)s") % {"what": label}
        for name, label in labels.items()
        if getattr(old, name) != getattr(new, name)
    ]
    for label, before, after in (
        (_("Members"), old.members, new.members),
        (_("Partners from other countries"), old.partners, new.partners),
        (_("Goals"), old.goals, new.goals),
        (_("Activities"), old.activities, new.activities),
        (_("Results"), old.results, new.results),
    ):
        told += _compare(label, _by_name(before), _by_name(after))
    return told


def _by_name(items: Iterable[object]) -> dict[str, object]:
    return {str(getattr(one, "name", None) or getattr(one, "title", "")): one for one in items}


def _compare(label: str, before: dict[str, object], after: dict[str, object]) -> Iterator[str]:
    for name, one in after.items():
        if name not in before:
            yield _("%(part)s: “%(name)s” is new.") % {"part": label, "name": name}
        elif before[name] != one:
            yield _("%(part)s: “%(name)s” has changed.") % {"part": label, "name": name}
    for name in before.keys() - after.keys():
        yield _("%(part)s: “%(name)s” has been removed.") % {"part": label, "name": name}
