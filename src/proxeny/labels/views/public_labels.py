"""Labels for everybody: the list, and one with all it asks for, its rounds and its awards."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_info
from django.views.decorators.http import require_safe

from proxeny.kernel.linked_data import write_data
from proxeny.kernel.view_helpers import answering, page_links, page_of
from proxeny.kernel.zones import city_of
from proxeny.labels.content import read_scheme
from proxeny.labels.models import SchemeVersion
from proxeny.labels.queries import public_labels as queries
from proxeny.labels.queries.statistics import public_figures
from proxeny.labels.scheme_presenters import show_scheme
from proxeny.labels.statistics_chart import show_public
from proxeny.labels.structured import describe


@login_not_required
@require_safe
@answering
def show_list(request: HttpRequest) -> HttpResponse:
    """Show all labels that are published, by name."""
    page = page_of(queries.find_published(), request)
    context = {
        "rows": [
            {"one": one, "shown": show_scheme(read_scheme(one.content)), "url": _address(one.slug)}
            for one in page
        ],
        "count": page.paginator.count,
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return render(request, "labels/public/label_list.html", context)


@login_not_required
@require_safe
@answering
def show(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """Show a label: the newest version, or one by its number."""
    one = queries.get_published(slug, number)
    now = timezone.now()
    context = _told(one) | {
        "version": one,
        "rounds": [_round(row) for row in queries.list_rounds(one.scheme_id, now)],
        "awards": queries.list_awards(one.scheme_id, now),
        "figures": show_public(public_figures(one.scheme_id, now)),
    }
    if one.withdrawn_at is not None:
        return render(request, "labels/public/label_withdrawn.html", context, status=410)
    versions = queries.list_seen(one)
    url = f"{settings.BASE_URL}{_address(slug)}"
    context |= {
        "versions": versions,
        "is_newest": one.number == versions[0].number,
        "url": url,
        "data": write_data(describe(context["shown"], url=url, contact=one.contact)),
    }
    return render(request, "labels/public/label.html", context)


def _told(one: SchemeVersion) -> dict[str, Any]:
    said = read_scheme(one.content)
    return {
        "shown": show_scheme(said),
        "contact": one.contact,
        "languages": [get_language_info(code)["name_local"] for code in said.languages],
    }


def _round(row: queries.Shown) -> dict[str, Any]:
    held = row.round
    return {
        "held": held,
        "is_open": row.is_open,
        "is_ahead": row.is_ahead,
        "city": city_of(held.zone),
    }


def _address(slug: str) -> str:
    return reverse("labels:public", args=[slug])


@login_not_required
@require_safe
def show_sitemap(request: HttpRequest) -> HttpResponse:
    """Name published labels to search engines."""
    pages = [(f"{settings.BASE_URL}{_address(slug)}", at) for slug, at in queries.list_addresses()]
    context = {"pages": pages, "list_url": f"{settings.BASE_URL}{reverse('labels:public-list')}"}
    return render(
        request, "labels/public/label_sitemap.xml", context, content_type="application/xml"
    )
