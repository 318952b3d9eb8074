"""The sections of the directory, above each of its pages."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from proxeny.directory.queries.advisers import advised_by
from proxeny.kernel.tenancy import STRANGER, Reader

register = template.Library()


@dataclass(frozen=True, slots=True)
class Section:
    """One way into the directory; `pages` are the names of the routes that belong to it."""

    route: str
    label: Any
    pages: frozenset[str] = frozenset()


_FOR_ALL = (
    Section("list", _("Organisations"), frozenset({"detail", "matches", "wanted"})),
    Section("map", _("Map")),
    Section("listings", _("Offers and needs"), frozenset({"listing"})),
)
_FOR_PEOPLE = (
    Section("interests", _("Interest"), frozenset({"interest"})),
    Section("following", _("What you follow")),
    Section("searches", _("Saved searches")),
)
_FOR_ADVISERS = (Section("review", _("To review")),)
_FOR_MANAGERS = (
    Section("duplicates", _("Duplicates"), frozenset({"duplicate"})),
    Section("import-start", _("Import"), frozenset({"import-detail", "import-columns"})),
)


@register.inclusion_tag("directory/_sections.html", takes_context=True)
def directory_sections(context: template.Context) -> dict[str, Any]:
    """Draw the sections that the reader may use, with the open one marked.

    No query, but one for people who work for a cluster without managing it.
    """
    request = context["request"]
    open_page = request.resolver_match.url_name if request.resolver_match else ""
    return {
        "sections": [
            {
                "url": reverse(f"directory:{one.route}"),
                "label": one.label,
                "is_here": one.route == open_page,
                "is_open": open_page in one.pages,
            }
            for one in _sections_of(getattr(request, "reader", STRANGER))
        ]
    }


def _sections_of(reader: Reader) -> tuple[Section, ...]:
    if reader.is_stranger:
        return _FOR_ALL
    sections: tuple[Section, ...] = _FOR_ALL + _FOR_PEOPLE
    if _reads_texts(reader):
        sections += _FOR_ADVISERS
    if _clusters_in(reader, reader.managed):
        sections += _FOR_MANAGERS
    return sections


def _reads_texts(reader: Reader) -> bool:
    if not _clusters_in(reader, reader.organisations):
        # A member's people have nobody to advise; it is not asked on each of their pages.
        return False
    return bool(_clusters_in(reader, advised_by(reader, today=timezone.localdate())))


def _clusters_in(reader: Reader, organisations: Any) -> set[int]:
    return set(reader.clusters) & set(organisations)
