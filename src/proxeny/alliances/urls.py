"""Addresses of public pages: in the room, and for everybody."""

from django.urls import path

from proxeny.alliances.views import public, publication, room

app_name = "alliances"

_ROOM = "partnerships/<int:pk>/alliance/"
_ONE = "alliances/<slug:slug>/"

urlpatterns = [
    path(_ROOM, room.show, name="page"),
    path(f"{_ROOM}edit/", room.edit, name="edit"),
    path(f"{_ROOM}publication/", publication.show, name="publication"),
    path(f"{_ROOM}publication/ask/", publication.ask, name="ask"),
    path(f"{_ROOM}publication/withdraw/", publication.withdraw, name="withdraw"),
    path("alliances/", public.show_list, name="public-list"),
    path("alliances/sitemap.xml", public.show_sitemap, name="public-sitemap"),
    path(_ONE, public.show, name="public"),
    path(f"{_ONE}<int:number>/", public.show, name="public-version"),
]
