"""Addresses of labels: rounds."""

from django.urls import path

from proxeny.labels.urls.schemes import ONE as SCHEME
from proxeny.labels.views import rounds

ONE = "partnerships/<int:pk>/rounds/<int:round_id>/"

urlpatterns = [
    path(f"{SCHEME}rounds/", rounds.show_list, name="rounds"),
    path(ONE, rounds.show, name="round"),
]
