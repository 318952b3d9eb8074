"""Addresses of research: what leaves a room, and what comes in."""

from django.urls import path

from proxeny.research.views import arrivals, publications, requests

_ROOM = "partnerships/<int:pk>/studies/"
_STUDY = f"{_ROOM}<int:study_id>/"
_ASKED = f"{_ROOM}requests/<int:request_id>/"
_ARRIVED = f"{_ROOM}arrivals/<int:arrival_id>/"

urlpatterns = [
    path(f"{_STUDY}publication/", publications.show, name="publication"),
    path(f"{_STUDY}publication/ask/", publications.ask, name="publication-ask"),
    path(f"{_STUDY}publication/withdraw/", publications.withdraw, name="publication-withdraw"),
    path(f"{_STUDY}crate/", publications.give_crate, name="crate"),
    path(f"{_ROOM}requests/", requests.show_list, name="requests"),
    path(f"{_ASKED}", requests.show, name="request"),
    path(f"{_ASKED}grant/", requests.grant, name="request-grant"),
    path(f"{_ASKED}refuse/", requests.refuse, name="request-refuse"),
    path(f"{_ASKED}revoke/", requests.revoke, name="request-revoke"),
    path(f"{_ROOM}arrivals/", arrivals.show_list, name="arrivals"),
    path(f"{_ARRIVED}", arrivals.show, name="arrival"),
    path(f"{_ARRIVED}take/", arrivals.take, name="arrival-take"),
    path(f"{_ARRIVED}leave/", arrivals.leave, name="arrival-leave"),
]
