"""Addresses of labels: a juror's page, the scores of a round, and the discussion."""

from django.urls import path

from proxeny.labels.urls.rounds import ONE as ROUND
from proxeny.labels.views import discussion, scores, scoring

SCORE = "jury/score/<int:assignment_id>/"

urlpatterns = [
    path(SCORE, scoring.show, name="score"),
    path(f"{SCORE}save/", scoring.save, name="score-save"),
    path(f"{SCORE}reopen/", scoring.reopen, name="score-reopen"),
    path(f"{SCORE}ask/", scoring.ask, name="score-ask"),
    path(f"{SCORE}documents/<int:number>/", scoring.give_document, name="score-document"),
    path("jury/discuss/<int:assignment_id>/", discussion.show, name="discuss"),
    path(f"{ROUND}scores/", scores.show, name="scores"),
    path(f"{ROUND}scores/<int:application_id>/", scores.show_one, name="scores-one"),
]
