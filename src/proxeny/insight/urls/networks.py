"""Addresses of a cluster's network."""

from django.urls import path
from django.views.generic import RedirectView

from proxeny.insight.views import networks, networks_chart, networks_map, networks_what_if

urlpatterns = [
    path("network/", networks_chart.show_picture, name="network"),
    # Where the diagram was before it became the first page.
    path(
        "network/picture/", RedirectView.as_view(pattern_name="insight:network", query_string=True)
    ),
    path("network/position/", networks.show_position, name="network-position"),
    path("network/graph.json", networks_chart.show_graph, name="network-graph"),
    path("network/map/", networks_map.show_map, name="network-map"),
    path("network/organisations/", networks.show_organisations, name="network-organisations"),
    path("network/what-if/", networks_what_if.show_what_if, name="what-if"),
]
