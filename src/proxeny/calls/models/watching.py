"""Watchers of calls, and the reminders sent to them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.calls.models.calls import Call
from proxeny.kernel.personal_data import COOPERATION, Holding
from proxeny.kernel.tenancy import Tenancy

#: Days before the deadline on which a reminder can be sent.
DAYS = (30, 14, 3)
_OWN = "person_id = {person}"


def all_days() -> list[int]:
    """Return all reminder days, the default without a choice."""
    return list(DAYS)


class CallWatch(models.Model):
    """A person's watch on a call, with reminders a number of days before it closes.

    `reminded` lists the days before the deadline already reminded of; it is reset when the deadline
    moves. `told_closes_at` is the deadline last reported to the person.
    """

    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+")
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="watches")
    days_before = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("days before"), default=all_days
    )
    reminded = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    told_closes_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    tenancy = Tenancy(
        read=_OWN,
        # Passes the policy of the call.
        insert="person_id = {person} AND call_id IN (SELECT id FROM calls_call)",
        update=_OWN,
        delete=_OWN,
    )
    holding = Holding(COOPERATION, _("Calls that you watch"), about=("person",), goes=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "call"], name="call_watched_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} watches {self.call_id}"
