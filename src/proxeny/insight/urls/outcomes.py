"""Addresses of outcome figures, and of the recalculation that all figures share."""

from django.urls import path

from proxeny.insight.views import outcome_figure, outcomes, standing

_ROOM = "partnerships/<int:pk>/outcome-figures/"

urlpatterns = [
    path("insight/refresh/", standing.refresh, name="refresh"),
    path("insight/refresh/<int:job_id>/", standing.show_progress, name="refresh-progress"),
    path(_ROOM, outcomes.show, name="outcomes"),
    path(f"{_ROOM}<str:figure>/", outcome_figure.show, name="figure"),
]
