"""Addresses of bids: documents with their versions, and steps planned back from the deadline."""

from django.urls import path

from proxeny.bids.urls.bids import ONE
from proxeny.bids.views import papers, steps

ALL = f"{ONE}papers/"
VERSIONS = f"{ALL}<int:paper_id>/versions/"

urlpatterns = [
    path(ALL, papers.show_papers, name="papers"),
    path(f"{ALL}bring/", papers.bring, name="paper-bring"),
    path(VERSIONS, papers.bring_version, name="paper-version"),
    path(f"{VERSIONS}<int:number>/", papers.download, name="paper-download"),
    path(f"{ONE}steps/plan/", steps.plan, name="steps-plan"),
    path(f"{ONE}steps/take-back/", steps.take_back, name="steps-take-back"),
    path(f"{ONE}steps/move/", steps.move, name="steps-move"),
]
