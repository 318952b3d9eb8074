"""Addresses of the consultation service, one module for each part of it."""

from proxeny.assessments.urls import catalogue, engagements, figures, reports, work

app_name = "assessments"

urlpatterns = [
    *catalogue.urlpatterns,
    *engagements.urlpatterns,
    *figures.urlpatterns,
    *work.urlpatterns,
    *reports.urlpatterns,
]
