"""Contributions of this capability to the others."""

from django.utils.translation import gettext_lazy as _

from proxeny.alliances import history
from proxeny.alliances.operations.publishing import name_pages
from proxeny.alliances.waiting import find_waiting
from proxeny.kernel.waiting import WAITING
from proxeny.partnerships.models import Agreement
from proxeny.partnerships.texts import SUBJECTS, Subject
from proxeny.partnerships.views.frame import ROOM_PAGES, Page

ROOM_PAGES.add(
    Page(
        "alliance", _("Alliance"), "alliances:page", "papers", _("The page that anybody can read.")
    )
)
history.teach()
WAITING.add(find_waiting)
SUBJECTS.add(Agreement.Kind.PAGE, Subject(name_pages, _("the public page “%(name)s”")))
