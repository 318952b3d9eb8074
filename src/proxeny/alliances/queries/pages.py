"""The page of a room: its draft, its versions, and the text that waits for signatures."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from proxeny.alliances.models import Page, PageVersion
from proxeny.kernel.errors import NotFound
from proxeny.partnerships.models import Agreement, Partnership
from proxeny.partnerships.queries import SignedText, list_agreed


def get_page(partnership_id: int) -> Page:
    """Return the draft of a room, or an empty one (version 0). One query."""
    found = Page.objects.filter(partnership_id=partnership_id).first()
    return found or Page(partnership_id=partnership_id, version=0)


def find_page(pk: int) -> Page:
    """Return a draft by its number; `NotFound` if the reader does not see it."""
    found = Page.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("We couldn’t find this entry."))
    return found


def list_versions(partnership_id: int) -> list[PageVersion]:
    """Return all versions, the newest first, also the one that waits. One query."""
    found = PageVersion.objects.filter(partnership_id=partnership_id)
    return list(found.order_by("-number"))


def find_versions(partnership_id: int) -> QuerySet[PageVersion]:
    """Return all versions, without their content."""
    return PageVersion.objects.filter(partnership_id=partnership_id).defer("content")


def get_waiting(partnership_id: int) -> PageVersion | None:
    """Return the version that is not published: it waits, or was not signed. One query."""
    found = PageVersion.objects.filter(partnership_id=partnership_id, published_at=None)
    return found.first()


def text_of(partnership: Partnership, version: PageVersion | None) -> SignedText | None:
    """Return the newest text that was put before all sides about a version. Two queries."""
    if version is None:
        return None
    return next(iter(list_agreed(partnership, Agreement.Kind.PAGE, str(version.pk))), None)


def is_waiting(text: SignedText | None) -> bool:
    """Whether a text still waits for signatures."""
    return bool(text and not (text.agreement.completed_at or text.agreement.closed_at))
