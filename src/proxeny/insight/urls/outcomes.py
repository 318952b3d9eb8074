"""Addresses of outcome figures, and of what all figures share: having them worked out anew."""

from django.urls import path

from proxeny.insight.views import standing

urlpatterns = [
    path("insight/refresh/", standing.refresh, name="refresh"),
    path("insight/refresh/<int:job_id>/", standing.show_progress, name="refresh-progress"),
]
