"""Addresses of a cluster's network."""

from django.urls import path

from proxeny.insight.views import networks, networks_map, networks_picture, networks_what_if

urlpatterns = [
    path("network/", networks.show_position, name="network"),
    path("network/picture/", networks_picture.show_picture, name="network-picture"),
    path("network/graph.json", networks_picture.show_graph, name="network-graph"),
    path("network/map/", networks_map.show_map, name="network-map"),
    path("network/organisations/", networks.show_organisations, name="network-organisations"),
    path("network/what-if/", networks_what_if.show_what_if, name="what-if"),
]
