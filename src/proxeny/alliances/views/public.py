"""Public pages for everybody: the list, and one with all it says."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from proxeny.alliances.content import direction_of, from_json
from proxeny.alliances.forms import FindPagesForm
from proxeny.alliances.models import PageVersion
from proxeny.alliances.queries import published as queries
from proxeny.alliances.structured import describe
from proxeny.directory.countries import country_name
from proxeny.kernel.linked_data import write_data
from proxeny.kernel.view_helpers import answering, page_links, page_of


@login_not_required
@require_safe
@answering
def show_list(request: HttpRequest) -> HttpResponse:
    """Show all public pages, the newest first, to search and narrow."""
    form = FindPagesForm(request.GET, countries=queries.countries_seen())
    wanted = form.wanted()
    page = page_of(queries.find_published(wanted), request)
    context = {
        "form": form,
        "rows": [_row(one) for one in page],
        "count": page.paginator.count,
        "is_narrowed": wanted.is_narrowed,
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return render(request, "alliances/public_list.html", context)


def _row(one: Any) -> dict[str, Any]:
    """Return a page as a row of the list."""
    countries = dict.fromkeys(who["country"] for who in one.members if who["country"])
    return {
        "one": one,
        "url": _address(one.slug),
        "direction": direction_of(one.language),
        "members": [who["name"] for who in one.members],
        "countries": [country_name(code) for code in countries],
        "since": parse_date(one.since) if one.since else None,
    }


@login_not_required
@require_safe
@answering
def show(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """Show a public page: the newest version, or one by its number."""
    one = queries.get_published(slug, number)
    if one.withdrawn_at is not None:
        context: dict[str, Any] = {"version": one, "direction": direction_of(one.language)}
        return render(request, "alliances/public_withdrawn.html", context, status=410)
    versions = queries.list_seen(one)
    said = from_json(one.content)
    url = f"{settings.BASE_URL}{_address(slug)}"
    context = {
        "version": one,
        "said": said,
        "contact": one.contact,
        "standing": queries.read_standing(one, said),
        "as_of": _day(one),
        "versions": versions,
        "is_newest": one.number == versions[0].number,
        "url": url,
        "data": write_data(describe(said, url=url, contact=one.contact, base=settings.BASE_URL)),
    }
    return render(request, "alliances/public.html", context)


def _day(one: PageVersion) -> Any:
    return timezone.localtime(one.published_at).date() if one.published_at else None


def _address(slug: str) -> str:
    return reverse("alliances:public", args=[slug])


@login_not_required
@require_safe
def show_sitemap(request: HttpRequest) -> HttpResponse:
    """Name public pages to search engines."""
    pages = [(f"{settings.BASE_URL}{_address(slug)}", at) for slug, at in queries.list_addresses()]
    context = {"pages": pages, "list_url": f"{settings.BASE_URL}{reverse('alliances:public-list')}"}
    return render(request, "alliances/public_sitemap.xml", context, content_type="application/xml")
