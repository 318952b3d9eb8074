"""Addresses of labels: rounds."""

from django.urls import path

from proxeny.labels.urls.schemes import ONE as SCHEME
from proxeny.labels.views import rounds

ONE = "partnerships/<int:pk>/rounds/<int:round_id>/"

urlpatterns = [
    path(f"{SCHEME}rounds/", rounds.show_list, name="rounds"),
    path(ONE, rounds.show, name="round"),
    path(f"{ONE}publish/", rounds.publish, name="round-publish"),
    path(f"{ONE}take-back/", rounds.take_back, name="round-take-back"),
    path(f"{ONE}judge/", rounds.judge, name="round-judge"),
    path(f"{ONE}discuss/", rounds.discuss, name="round-discuss"),
    path(f"{ONE}resume/", rounds.resume, name="round-resume"),
]
