"""Addresses of a cluster's network."""

from django.urls import path

from proxeny.insight.views import networks

urlpatterns = [
    path("network/", networks.show_position, name="network"),
    path("network/organisations/", networks.show_organisations, name="network-organisations"),
]
