"""Addresses of bids: the list of a room, and one."""

from django.urls import path

from proxeny.bids.views import bids

ALL = "partnerships/<int:pk>/bids/"
ONE = f"{ALL}<int:bid_id>/"

urlpatterns = [
    path(ALL, bids.show_list, name="list"),
    path(ONE, bids.show, name="bid"),
]
