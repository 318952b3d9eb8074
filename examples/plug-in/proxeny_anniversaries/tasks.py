"""The job of the plug-in."""

from typing import Any

from django.utils import timezone

from proxeny.kernel.jobs import JobContext, job
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.partnerships.models import Partnership
from proxeny_anniversaries.anniversaries import next_anniversary
from proxeny_anniversaries.hooks import NEAR


@job("anniversaries.count")
def count_near(context: JobContext) -> dict[str, Any]:
    """Count the partnerships that have their anniversary soon."""
    today = timezone.localdate()
    with acting_as(SERVICE):
        found = Partnership.objects.filter(state="active", starts_on__lte=today)
        starts = list(found.values_list("starts_on", flat=True))
    return {"near": sum(next_anniversary(one, today)[0] - today <= NEAR for one in starts)}
