"""Addresses of bids: papers."""

from django.urls import path

from proxeny.bids.urls.bids import ONE
from proxeny.bids.views import parts

urlpatterns = [path(f"{ONE}papers/", parts.show_papers, name="papers")]
