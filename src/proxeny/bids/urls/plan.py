"""Addresses of bids: plan."""

from django.urls import path

from proxeny.bids.urls.bids import ONE
from proxeny.bids.views import parts

urlpatterns = [
    path(f"{ONE}plan/", parts.show_plan, name="plan"),
    path(f"{ONE}budget/", parts.show_plan, name="budget"),
]
