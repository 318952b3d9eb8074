"""Public awards, and the names of their issuers."""

from django.utils.translation import gettext as _

from proxeny.kernel.errors import NotFound
from proxeny.labels.models import Award, Checkup, SchemeVersion


def find_award(code: str) -> Award | None:
    """Return an issued award with its version and its replacement, or None. One query."""
    found = Award.objects.filter(code=code[:32], issued_at__isnull=False)
    found = found.select_related("scheme_version", "replaced_by", "replaces")
    return found.defer("replaced_by__credential", "replaces__credential").first()


def get_award(code: str) -> Award:
    """Return an issued award as `find_award`; `NotFound` if there is none. One query."""
    one = find_award(code)
    if one is None:
        raise NotFound(_("There’s no award at this address."))
    return one


def names_of_label(slug: str) -> tuple[str, dict[int, str]]:
    """Return the newest name of a label, and of all that issued it by number. One query."""
    found = SchemeVersion.objects.filter(slug=slug, published_at__isnull=False)
    rows = list(found.order_by("number").values_list("title", "content__issuers"))
    names = {one["organisation"]: one["name"] for _title, issuers in rows for one in issuers}
    return rows[-1][0] if rows else "", names


def list_told(award: Award) -> list[Checkup]:
    """Return the check-ups that the holder has published, the newest first. One query."""
    found = Checkup.objects.filter(award=award, is_public=True, reviewed_at__isnull=False)
    return list(found.exclude(achieved="").order_by("-answered_at", "-pk"))
