"""Descriptions of public-page actions in a history."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.trail import TRAILS, Trail
from proxeny.alliances.models import Page, PageVersion
from proxeny.alliances.queries.pages import find_page
from proxeny.partnerships import history
from proxeny.partnerships.models import Agreement

DEEDS: dict[str, object] = {
    "write_page": _("Edited the draft of the public page"),
    "publish_page": _("All sides signed: the public page was published"),
    "withdraw_page": _("Withdrew the public page"),
}


def teach() -> None:
    """Called when Django is ready."""
    for verb, sentence in DEEDS.items():
        history.tell(verb, sentence)
    history.THINGS.add("alliances.pageversion", _titles)
    TRAILS.add("public-page", Trail(find=find_page, address=_address, related=_of_page))


def _titles(ids: Iterable[int]) -> dict[int, str]:
    return dict(PageVersion.objects.filter(pk__in=set(ids)).values_list("pk", "title"))


def _address(page: Any) -> str:
    return reverse("alliances:page", args=[page.partnership_id])


def _of_page(page: Page) -> dict[str, QuerySet[Any]]:
    """Return the records included in a page's history: its versions, and the signed texts."""
    versions = PageVersion.objects.filter(partnership_id=page.partnership_id)
    texts = Agreement.objects.filter(partnership_id=page.partnership_id, kind=Agreement.Kind.PAGE)
    return {
        "alliances.PageVersion": versions.values("pk"),
        "partnerships.Agreement": texts.values("pk"),
    }
