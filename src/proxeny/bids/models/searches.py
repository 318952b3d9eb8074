"""Searches for partners: what was wanted, and the best consortia that were found."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.bids.models.bids import Bid
from proxeny.kernel.holdings import COOPERATION, Holding
from proxeny.partnerships.models.core import Partnership
from proxeny.partnerships.models.records import in_room


class Search(models.Model):
    """A search for consortia over the organisations that the whole room sees, worked out once.

    `settings` are what was wanted, `result` what was found, as data; see `operations.searching`.
    """

    class State(models.TextChoices):
        """What came of it."""

        WORKING = "working", _("Being worked out")
        READY = "ready", pgettext_lazy("a search", "Ready")
        EMPTY = "empty", _("There is none")
        CUT = "cut", _("No answer in time")

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
    holding = Holding(COOPERATION, _("Searches for partners of a bid"), by=("person",))

    class Meta:
        verbose_name_plural = "searches"
        indexes = [models.Index(fields=["bid", "-created_at"])]

    def __str__(self) -> str:
        return f"search {self.pk} for {self.bid_id}"
