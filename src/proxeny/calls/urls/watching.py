"""Routes for the actions on a call: eligibility, fitting members, watching."""

from django.urls import URLPattern, path

from proxeny.calls.views import bids, watching

urlpatterns: list[URLPattern] = [
    path("watched/", watching.show_watched, name="watched"),
    path("<int:pk>/bid/", bids.show_bid, name="bid"),
    path("<int:pk>/fit/", bids.show_fit, name="fit"),
    path("<int:pk>/watch/", watching.watch, name="watch"),
    path("<int:pk>/unwatch/", watching.unwatch, name="unwatch"),
]
