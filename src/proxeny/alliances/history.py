"""How what happens with public pages reads in a history."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.trail import Trail, keep_trail
from proxeny.alliances.models import Page, PageVersion
from proxeny.alliances.queries.pages import find_page
from proxeny.partnerships import history
from proxeny.partnerships.models import Agreement

DEEDS: dict[str, object] = {
    "write_page": _("Wrote in the draft of the public page"),
    "publish_page": _("All have signed: the public page is published"),
    "withdraw_page": _("Withdrew the public page"),
}


def teach() -> None:
    """Called when Django is ready."""
    for verb, sentence in DEEDS.items():
        history.tell(verb, sentence)
    history.name_things("alliances.pageversion", _titles)
    keep_trail("public-page", Trail(find=find_page, address=_address, related=_of_page))


def _titles(ids: Iterable[int]) -> dict[int, str]:
    return dict(PageVersion.objects.filter(pk__in=set(ids)).values_list("pk", "title"))


def _address(page: Any) -> str:
    return reverse("alliances:page", args=[page.partnership_id])


def _of_page(page: Page) -> dict[str, QuerySet[Any]]:
    """Return what is told along with a page: its versions, and the texts that were signed."""
    versions = PageVersion.objects.filter(partnership_id=page.partnership_id)
    texts = Agreement.objects.filter(
        partnership_id=page.partnership_id, kind=Agreement.Kind.PAGE
    )  # fmt: skip
    return {
        "alliances.PageVersion": versions.values("pk"),
        "partnerships.Agreement": texts.values("pk"),
    }
