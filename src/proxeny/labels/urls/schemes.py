"""Addresses of labels: the list of a room, and one."""

from django.urls import path

from proxeny.labels.views import schemes

ALL = "partnerships/<int:pk>/labels/"
ONE = f"{ALL}<int:scheme_id>/"

urlpatterns = [
    path(ALL, schemes.show_list, name="list"),
    path(ONE, schemes.show, name="scheme"),
]
