"""Addresses of labels, one module for each part of them."""

from proxeny.labels.urls import (
    applications,
    awards,
    jury,
    life,
    public_awards,
    public_labels,
    rounds,
    schemes,
    scoring,
    selection,
)

app_name = "labels"

urlpatterns = [
    *schemes.urlpatterns,
    *rounds.urlpatterns,
    *applications.urlpatterns,
    # Before what is at an award’s code: its holder’s own pages.
    *life.urlpatterns,
    *awards.urlpatterns,
    *jury.urlpatterns,
    *scoring.urlpatterns,
    *selection.urlpatterns,
    *public_awards.urlpatterns,
    # The last: what stands after `labels/` is the label’s own address where nothing else has it.
    *public_labels.urlpatterns,
]
