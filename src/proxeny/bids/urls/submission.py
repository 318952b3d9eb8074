"""Addresses of bids: deciding, signing off, submitting, the answer, and another bid."""

from django.urls import path

from proxeny.bids.urls.bids import ONE
from proxeny.bids.views import decision, submission

urlpatterns = [
    path(f"{ONE}stance/", decision.say, name="stance"),
    path(f"{ONE}submission/", submission.show, name="submission"),
    path(f"{ONE}text/put/", submission.put_text, name="text-put"),
    path(f"{ONE}text/remind/", submission.remind, name="text-remind"),
    path(f"{ONE}text/sign/", submission.sign, name="text-sign"),
    path(f"{ONE}text/close/", submission.close_text, name="text-close"),
    path(f"{ONE}submission/submit/", submission.submit, name="submit"),
    path(f"{ONE}submission/take-back/", submission.undo_submission, name="take-back"),
    path(f"{ONE}result/", submission.answer, name="result"),
    path(f"{ONE}copy/", submission.copy, name="copy"),
]
