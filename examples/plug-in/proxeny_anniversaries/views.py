"""The page of the plug-in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from proxeny.kernel.view_helpers import for_people
from proxeny.partnerships.models import Partnership
from proxeny_anniversaries.anniversaries import next_anniversary


@for_people
def list_anniversaries(request: HttpRequest) -> HttpResponse:
    """Show the anniversaries of the reader's partnerships: the database shows no others."""
    today = timezone.localdate()
    found = Partnership.objects.filter(state="active", starts_on__lte=today)
    dated = [(*next_anniversary(one.starts_on, today), one) for one in found]
    rows = sorted(dated, key=lambda row: row[0])
    return render(request, "proxeny_anniversaries/list.html", {"rows": rows})
