"""Addresses of research: what everybody reads."""

from django.urls import path

from proxeny.research.views import public, public_files, public_requests

_ONE = "studies/<slug:slug>/"
_VERSION = f"{_ONE}<int:number>/"

urlpatterns = [
    path("studies/", public.show_list, name="public-list"),
    path("studies/sitemap.xml", public.show_sitemap, name="public-sitemap"),
    # No study's address is “data”: all of them end with a number.
    path("studies/data/<str:token>/", public_requests.show_link, name="data-link"),
    path("studies/data/<str:token>/<path:path>", public_requests.give_linked, name="data-file"),
    path(_ONE, public.show, name="public"),
    path(_VERSION, public.show, name="public-version"),
    path(f"{_ONE}recommendations/<int:advice>/", public.show_advice, name="public-advice"),
    path(f"{_ONE}crate/", public_files.give_crate, name="public-crate"),
    path(f"{_VERSION}crate/", public_files.give_crate, name="public-version-crate"),
    path(f"{_VERSION}cite/<slug:form>/", public_files.give_citation, name="public-cite"),
    path(f"{_ONE}files/<path:path>", public_files.give_file, name="public-file"),
    path(f"{_VERSION}files/<path:path>", public_files.give_file, name="public-version-file"),
    path(f"{_ONE}request/<int:package>/", public_requests.ask, name="public-request"),
]
