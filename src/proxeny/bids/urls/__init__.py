"""Addresses of bids, one module for each part of them."""

from proxeny.bids.urls import bids, consortium, papers, plan, submission

app_name = "bids"

urlpatterns = [
    *bids.urlpatterns,
    *consortium.urlpatterns,
    *plan.urlpatterns,
    *papers.urlpatterns,
    *submission.urlpatterns,
]
