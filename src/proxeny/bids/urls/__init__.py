"""Addresses of bids, one module for each part of them."""

from proxeny.bids.urls import bids, consortium, own, papers, plan, searches, submission

app_name = "bids"

urlpatterns = [
    *bids.urlpatterns,
    *consortium.urlpatterns,
    *own.urlpatterns,
    *plan.urlpatterns,
    *papers.urlpatterns,
    *searches.urlpatterns,
    *submission.urlpatterns,
]
