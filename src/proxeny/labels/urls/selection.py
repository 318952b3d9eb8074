"""Addresses of labels: selection, decision, results, letters, appeals, and an applicant's own."""

from django.urls import path

from proxeny.labels.urls.rounds import ONE
from proxeny.labels.views import own_results, results, selection

OWN = "applications/<int:application_id>/result/"

urlpatterns = [
    path(f"{ONE}selection/", selection.show, name="selection"),
    path(f"{ONE}selection/decide/", selection.decide, name="selection-decide"),
    path(f"{ONE}results/", results.show, name="results"),
    path(f"{ONE}results/send/", results.send, name="results-send"),
    path(f"{ONE}results/move-up/", results.move, name="results-move-up"),
    path(f"{ONE}results/<int:result_id>/", results.letter, name="result-letter"),
    path(f"{ONE}results/<int:result_id>/pdf/", results.letter_pdf, name="result-pdf"),
    path(f"{ONE}appeals/<int:appeal_id>/", results.appeal, name="appeal"),
    path(f"{ONE}appeals/<int:appeal_id>/read/", results.read, name="appeal-read"),
    path(OWN, own_results.show, name="own-result"),
    path(f"{OWN}appeal/", own_results.appeal, name="own-result-appeal"),
    path(f"{OWN}give-up/", own_results.give_up, name="own-result-give-up"),
    path(f"{OWN}pdf/", own_results.show_pdf, name="own-result-pdf"),
]
