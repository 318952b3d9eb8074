"""Addresses of bids: searches for partners."""

from django.urls import path

from proxeny.bids.urls.bids import ONE
from proxeny.bids.views import searches

ALL = f"{ONE}consortium/search/"
SEARCH = f"{ALL}<int:search_id>/"

urlpatterns = [
    path(ALL, searches.show_searches, name="searches"),
    path(SEARCH, searches.show_search, name="search"),
    path(f"{SEARCH}progress/", searches.show_progress, name="search-progress"),
    path(f"{SEARCH}stop/", searches.stop, name="search-stop"),
    path(f"{SEARCH}again/", searches.again, name="search-again"),
    path(f"{SEARCH}take/", searches.take, name="search-take"),
    path(f"{SEARCH}untake/", searches.untake, name="search-untake"),
]
