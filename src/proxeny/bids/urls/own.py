"""Addresses of bids: pages for invited organisations, with a sign-in or without."""

from django.urls import path

from proxeny.bids.views import link, own

urlpatterns = [
    path("bids/", own.show_list, name="own-list"),
    path("bids/<int:partner_id>/", own.show, name="own"),
    path("bids/answer/<str:token>/", link.show, name="link"),
]
