"""Addresses of bids: consortium."""

from django.urls import path

from proxeny.bids.urls.bids import ONE
from proxeny.bids.views import parts

urlpatterns = [path(f"{ONE}consortium/", parts.show_consortium, name="consortium")]
