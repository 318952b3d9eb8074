"""Files of calls uploaded by the reader's cluster."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from proxeny.calls.models import CallImport
from proxeny.kernel.errors import NotFound


def list_imports() -> QuerySet[CallImport]:
    """Return the files of calls that the reader sees, the newest first."""
    return CallImport.objects.select_related("cluster", "brought_by").order_by("-pk")


def get_import(import_id: int) -> CallImport:
    """Return a file of calls; `NotFound` if the reader sees none."""
    one = list_imports().filter(pk=import_id).first()
    if one is None:
        raise NotFound(_("We couldn’t find this file of calls."))
    return one
