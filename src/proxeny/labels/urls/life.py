"""Addresses of labels: awards once they are given, for their holders and for the clusters."""

from django.urls import path

from proxeny.labels.urls.schemes import ONE as SCHEME
from proxeny.labels.views import life, own_awards

OWN = "awards/own/"
MINE = f"{OWN}<int:award_id>/"
CHECKUPS = f"{SCHEME}checkups/"

urlpatterns = [
    path(OWN, own_awards.show_list, name="own-awards"),
    path(MINE, own_awards.show, name="own-award"),
    path(f"{MINE}renew/", own_awards.renew, name="own-award-renew"),
    path(f"{MINE}name/", own_awards.ask_name, name="own-award-name"),
    path(f"{MINE}checkups/<int:checkup_id>/", own_awards.answer, name="own-checkup"),
    path(CHECKUPS, life.show_checkups, name="checkups"),
    path(f"{CHECKUPS}ask/", life.ask, name="checkup-ask"),
    path(f"{CHECKUPS}ask-due/", life.ask_due, name="checkups-ask-due"),
    path(f"{CHECKUPS}<int:checkup_id>/", life.show_checkup, name="checkup"),
    path(f"{SCHEME}statistics/", life.show_statistics, name="statistics"),
    path(f"{SCHEME}statistics/export/", life.export, name="statistics-export"),
]
