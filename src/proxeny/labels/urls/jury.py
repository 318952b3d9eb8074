"""Addresses of labels: the jury of a round, its assignments, and a juror's own pages."""

from django.urls import path

from proxeny.labels.urls.rounds import ONE as ROUND
from proxeny.labels.views import assignments, jury, own_jury

JURY = f"{ROUND}jury/"
READING = f"{JURY}reading/"
OWN = "jury/"
MINE = f"{OWN}<int:juror_id>/"

urlpatterns = [
    path(JURY, jury.show, name="jury"),
    path(f"{JURY}remind/", jury.remind, name="jury-remind"),
    path(f"{JURY}<int:juror_id>/", jury.change, name="juror"),
    path(f"{JURY}<int:juror_id>/out/", jury.take_out, name="juror-out"),
    path(READING, assignments.show, name="reading"),
    path(f"{READING}take/", assignments.take, name="reading-take"),
    path(f"{READING}add/", assignments.add, name="reading-add"),
    path(f"{READING}<int:assignment_id>/remove/", assignments.remove, name="reading-remove"),
    path(OWN, own_jury.show_list, name="own-juries"),
    path(MINE, own_jury.show, name="own-jury"),
    path(f"{MINE}answer/", own_jury.answer, name="own-jury-answer"),
    path(f"{OWN}read/<int:assignment_id>/abstain/", own_jury.step_back, name="abstain"),
]
