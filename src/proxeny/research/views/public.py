"""Published studies for everybody: the list, one with all it says, and a recommendation to its rows."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from proxeny.kernel.errors import NotFound
from proxeny.kernel.linked_data import write_data
from proxeny.kernel.view_helpers import answering, page_links, page_of
from proxeny.research.forms.publications import FindPublishedForm
from proxeny.research.models import Publication
from proxeny.research.operations.citing import cite
from proxeny.research.presenter_parts import Piece, Shown
from proxeny.research.presenters import direction_of, show_content
from proxeny.research.queries import publications as queries
from proxeny.research.rows import show_rows
from proxeny.research.structured import describe


@login_not_required
@require_safe
@answering
def show_list(request: HttpRequest) -> HttpResponse:
    """Show all published studies, the newest first, to search and narrow."""
    form = FindPublishedForm(request.GET, choices=queries.find_choices())
    wanted = form.wanted()
    page = page_of(queries.find_published(wanted), request)
    context = {
        "form": form,
        "rows": [
            {
                "one": one,
                "url": _address(one.slug),
                "direction": direction_of(one.language),
                "authors": _authors_of(one),
            }
            for one in page
        ],
        "count": page.paginator.count,
        "is_narrowed": wanted.is_narrowed,
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return render(request, "research/public_list.html", context)


def _authors_of(one: Any) -> list[str]:
    """Return the names of the cited authors of a listed publication, people first."""
    return [who["name"] for who in (*one.people, *one.organisations) if who["id"] in one.authors]


@login_not_required
@require_safe
@answering
def show(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """Show a published study: the newest version, or one by its number."""
    one = queries.get_published(slug, number)
    if one.withdrawn_at is not None:
        return _show_withdrawn(request, one)
    versions = queries.list_versions(one)
    is_newest = one.number == versions[0].number
    shown = read_publication(one, number)
    url = f"{settings.BASE_URL}{_address(slug)}"
    context = {
        "publication": one,
        "shown": shown,
        "versions": versions,
        "is_newest": is_newest,
        "url": url,
        "citation": cite(shown.study, version_url(one)),
        "has_open": any(package.is_open and package.files for package in shown.packages),
        "taken": queries.count_uses(one),
        "data": write_data(describe(shown, url=url, base=settings.BASE_URL)),
    }
    return render(request, "research/public.html", context)


def read_publication(one: Publication, number: int | None = None) -> Shown:
    """Return the page content of a publication, with the addresses of its open files."""

    def address(path: str) -> str:
        if number is None:
            return reverse("research:public-file", args=[one.slug, path])
        return reverse("research:public-version-file", args=[one.slug, number, path])

    day = timezone.localtime(one.published_at).date() if one.published_at else None
    return show_content(one.content, published=day, address=address)


def version_url(one: Publication) -> str:
    """Return the whole address of a publication that stays this one when there is a newer."""
    return settings.BASE_URL + reverse("research:public-version", args=[one.slug, one.number])


def _show_withdrawn(request: HttpRequest, one: Publication) -> HttpResponse:
    context = {"publication": one}
    return render(request, "research/public_withdrawn.html", context, status=410)


def _address(slug: str) -> str:
    return reverse("research:public", args=[slug])


@login_not_required
@require_safe
@answering
def show_advice(request: HttpRequest, slug: str, advice: int) -> HttpResponse:
    """Lead from a recommendation to the rows it rests on, and to what became of it."""
    one = queries.get_published(slug)
    if one.withdrawn_at is not None:
        return _show_withdrawn(request, one)
    shown = read_publication(one)
    found = shown.find_advice(advice)
    if found is None:
        raise NotFound(_("We couldn’t find this recommendation."))
    context = {
        "publication": one,
        "shown": shown,
        "advice": found,
        "pieces": [{"piece": piece, **_rows_of(shown, piece)} for piece in found.pieces],
        "url": f"{settings.BASE_URL}{reverse('research:public-advice', args=[slug, advice])}",
    }
    return render(request, "research/public_advice.html", context)


def _rows_of(shown: Shown, piece: Piece) -> dict[str, Any]:
    """Return the rows of an open table that a piece rests on, with some around them."""
    if piece.file is None or piece.rows is None:
        return {}
    table = shown.table_of(piece.file.path)
    try:
        rows = show_rows(piece.file.sha256, table.dialect, table.schema, place=piece.place)
    except (NotFound, ValueError):
        return {"is_gone": True}
    return {"rows": rows, "package": table.title}


@login_not_required
@require_safe
def show_sitemap(request: HttpRequest) -> HttpResponse:
    """Name the pages of published studies to search engines."""
    pages = [(f"{settings.BASE_URL}{_address(slug)}", at) for slug, at in queries.list_addresses()]
    context = {"pages": pages, "list_url": f"{settings.BASE_URL}{reverse('research:public-list')}"}
    return render(request, "research/public_sitemap.xml", context, content_type="application/xml")
