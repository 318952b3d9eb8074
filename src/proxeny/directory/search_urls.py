"""Routes of the list of offers and needs, and of kept searches, under /directory/."""

from django.urls import path

from proxeny.directory.views import searches

urlpatterns = [
    path("listings/", searches.show_listings, name="listings"),
    path("searches/", searches.show_searches, name="searches"),
    path("searches/<int:pk>/", searches.open_search, name="search-open"),
    path("searches/<int:pk>/change/", searches.change_search, name="search-change"),
    path("searches/<int:pk>/remove/", searches.remove_search, name="search-remove"),
]
