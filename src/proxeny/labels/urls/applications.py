"""Addresses of labels: applications, for applicants and for the clusters."""

from django.urls import path

from proxeny.labels.urls.rounds import ONE as ROUND
from proxeny.labels.views import application_actions as deeds
from proxeny.labels.views import applications as own
from proxeny.labels.views import applications_room as room

OWN = "applications/<int:application_id>/"
ALL = f"{ROUND}applications/"
ONE = f"{ALL}<int:application_id>/"

urlpatterns = [
    path("applications/", own.show_list, name="applications"),
    path("applications/new/<int:round_id>/", own.begin, name="application-begin"),
    path(OWN, own.show, name="application"),
    path(f"{OWN}field/", own.save_field, name="application-field"),
    path(f"{OWN}submit/", deeds.submit, name="application-submit"),
    path(f"{OWN}withdraw/", deeds.withdraw, name="application-withdraw"),
    path(f"{OWN}restore/", deeds.restore, name="application-restore"),
    path(f"{OWN}receipt/<int:number>/", deeds.show_receipt, name="application-receipt"),
    path(f"{OWN}receipt/<int:number>/file/", deeds.download_receipt, name="application-record"),
    path(f"{OWN}documents/", deeds.bring, name="application-bring"),
    path(f"{OWN}documents/<int:number>/", deeds.download, name="application-document"),
    path(f"{OWN}documents/<int:number>/drop/", deeds.drop, name="application-document-drop"),
    path(
        f"{OWN}documents/<int:number>/restore/",
        deeds.bring_back,
        name="application-document-restore",
    ),
    path(f"{OWN}questions/<int:question_id>/", deeds.answer, name="application-answer"),
    path(ALL, room.show_list, name="round-applications"),
    path(ONE, room.show, name="round-application"),
    path(f"{ONE}eligibility/", room.note_eligibility, name="round-application-eligibility"),
    path(f"{ONE}conflict/", room.declare_conflict, name="round-application-conflict"),
    path(f"{ONE}fee/", room.note_payment, name="round-application-fee"),
    path(f"{ONE}documents/<int:number>/", room.download, name="round-application-document"),
    path(f"{ONE}questions/", room.ask, name="round-application-ask"),
    path(f"{ONE}questions/<int:question_id>/", room.pass_on, name="round-application-pass-on"),
]
