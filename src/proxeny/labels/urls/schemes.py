"""Addresses of labels: the list of a room, and one with its texts and its publication."""

from django.urls import path

from proxeny.labels.views import publication, schemes, texts

ALL = "partnerships/<int:pk>/labels/"
ONE = f"{ALL}<int:scheme_id>/"
PUBLICATION = f"{ONE}publication/"

urlpatterns = [
    path(ALL, schemes.show_list, name="list"),
    path(ONE, schemes.show, name="scheme"),
    path(f"{ONE}begin/", schemes.begin, name="scheme-begin"),
    path(f"{ONE}begin/take-back/", schemes.take_back, name="scheme-take-back"),
    path(f"{ONE}texts/", texts.show, name="texts"),
    path(PUBLICATION, publication.show, name="publication"),
    path(f"{PUBLICATION}ask/", publication.ask, name="publication-ask"),
    path(f"{PUBLICATION}withdraw/", publication.withdraw, name="publication-withdraw"),
    path(f"{PUBLICATION}<int:number>/", publication.show_version, name="version"),
]
