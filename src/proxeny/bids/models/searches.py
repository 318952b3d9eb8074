"""Searches for partners: their criteria, and the best consortia found."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.bids.models.bids import Bid
from proxeny.kernel.personal_data import COOPERATION, Holding
from proxeny.partnerships.models.core import Partnership
from proxeny.partnerships.models.records import in_room


class Search(models.Model):
    """A search for consortia over the organisations visible to the whole room, run once.

    `settings` are what was wanted, `result` what was found, as data; see `operations.searching`.
    """

    class State(models.TextChoices):
        """The result of the search."""

        WORKING = "working", _("Calculating")
        READY = "ready", pgettext_lazy("a search", "Ready")
        EMPTY = "empty", _("None possible")
        CUT = "cut", _("No result in time")

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    bid = models.ForeignKey(Bid, on_delete=models.CASCADE, related_name="searches")
    settings = models.JSONField(default=dict)
    state = models.CharField(max_length=7, choices=State, default=State.WORKING)
    result = models.JSONField(default=dict)
    seconds = models.FloatField(null=True)
    job_id = models.BigIntegerField(null=True)
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    tenancy = in_room()
    holding = Holding(COOPERATION, _("Searches for bid partners"), by=("person",))

    class Meta:
        verbose_name_plural = "searches"
        indexes = [models.Index(fields=["bid", "-created_at"])]

    def __str__(self) -> str:
        return f"search {self.pk} for {self.bid_id}"
