"""Studies from elsewhere, and the work on them."""

from django.db.models import QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from proxeny.kernel.errors import NotFound
from proxeny.kernel.models import Job
from proxeny.kernel.personal_data import tell_name
from proxeny.kernel.rows import Column, Rows
from proxeny.research.models import Arrival

#: The jobs that check one, and that take it.
CHECK, TAKE = "research.check-arrival", "research.take-arrival"


#: Studies that were brought, the newest first.
ARRIVALS = Rows(
    "arrivals",
    (
        Column("name", pgettext_lazy("a file", "Archive"), lambda one: one.name, ("name",)),
        Column("state", gettext_lazy("State"), lambda one: one.get_state_display(), ("state",)),
        Column("size", gettext_lazy("Size"), lambda one: one.size, ("size",), end=True),
        Column(
            "brought",
            gettext_lazy("Added on"),
            lambda one: localtime(one.brought_at).date(),
            ("brought_at",),
        ),
        Column(
            "by",
            gettext_lazy("By"),
            lambda one: tell_name(one.brought_by.name) if one.brought_by else "",
        ),
    ),
    sort="-brought",
    search=("name",),
)


def list_arrivals(partnership_id: int) -> QuerySet[Arrival]:
    """Return a room's arrivals, the newest first, without what is in them."""
    found = Arrival.objects.filter(partnership_id=partnership_id)
    return found.select_related("brought_by", "study").defer("content", "extra").order_by("-pk")


def get_arrival(partnership_id: int, arrival_id: int) -> Arrival:
    """Return one of them; `NotFound` if there is none or the reader sees none."""
    found = Arrival.objects.select_related("brought_by", "study")
    one = found.filter(pk=arrival_id, partnership_id=partnership_id).first()
    if one is None:
        raise NotFound(_("We couldn’t find this external study."))
    return one


def find_work(arrival: Arrival) -> Job | None:
    """Return the newest work on an arrival: its check, or its taking."""
    found = Job.objects.filter(
        kind__in=(CHECK, TAKE),
        partnership_id=arrival.partnership_id,
        arguments__arrival_id=arrival.pk,
    )
    return found.order_by("-pk").first()
