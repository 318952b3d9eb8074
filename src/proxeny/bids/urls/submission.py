"""Addresses of bids: submission."""

from django.urls import path

from proxeny.bids.urls.bids import ONE
from proxeny.bids.views import parts

urlpatterns = [path(f"{ONE}submission/", parts.show_papers, name="submission")]
