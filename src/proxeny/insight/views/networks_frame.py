"""The frame around the pages of a cluster's network."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from proxeny.directory.models import Organisation
from proxeny.insight.models import Snapshot
from proxeny.insight.queries.networks import find_network, get_own_cluster
from proxeny.insight.views.standing import standing_context
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import read_number

#: The pages of a network: code, what it is called, address.
TABS: list[tuple[str, Promise, str]] = [
    ("picture", gettext_lazy("Diagram"), "insight:network"),
    ("position", gettext_lazy("Position"), "insight:network-position"),
    ("map", gettext_lazy("Map"), "insight:network-map"),
    ("organisations", gettext_lazy("Organisations"), "insight:network-organisations"),
    ("what-if", gettext_lazy("What if"), "insight:what-if"),
]


@dataclass(frozen=True, slots=True)
class NetworkFrame:
    """A cluster's network as its team enters it; without figures before the first calculation."""

    cluster: Organisation
    clusters: list[Organisation]
    snapshot: Snapshot | None

    @property
    def content(self) -> dict[str, Any]:
        """All figures; empty before the first work."""
        return self.snapshot.content if self.snapshot else {}

    @property
    def present(self) -> dict[str, Any]:
        """The network of today."""
        found: dict[str, Any] = self.content.get("present", {})
        return found

    def url(self, name: str) -> str:
        """Return the address of one of its pages, with the cluster named where there is a choice."""
        chosen = f"?cluster={self.cluster.pk}" if len(self.clusters) > 1 else ""
        return reverse(name) + chosen

    def link(self, name: str, **query: object) -> str:
        """Return the address of one of its pages with more in it; of several values, each."""
        address, more = self.url(name), urlencode(query, doseq=True)
        if not more:
            return address
        return f"{address}{'&' if '?' in address else '?'}{more}"

    def context(self, request: Request, tab: str) -> dict[str, Any]:
        """Return the context of `insight/network_base.html`. Two queries."""
        return {
            "cluster": self.cluster,
            "choices": [
                {
                    "label": one.name,
                    "active": one.pk == self.cluster.pk,
                    "url": f"{request.path}?cluster={one.pk}",
                }
                for one in self.clusters
            ]
            if len(self.clusters) > 1
            else [],
            "network_tabs": [
                {"url": self.url(name), "label": label, "active": code == tab}
                for code, label, name in TABS
            ],
            "has_figures": bool(self.present),
            **standing_context(
                request.reader, self.snapshot, self.cluster.pk, None, timezone.now()
            ),
        }


def enter_network(request: Request) -> NetworkFrame:
    """Return the network of the cluster that `?cluster=` names, else of the first. Two queries.

    Raises
    ------
    NotFound
        The reader is in no such cluster's team.
    """
    wanted = request.GET.get("cluster", "")
    cluster_id = read_number(wanted) or (-1 if wanted else 0)
    cluster, clusters = get_own_cluster(request.reader, cluster_id)
    return NetworkFrame(cluster, clusters, find_network(cluster.pk))


def show_network_page(
    request: Request,
    frame: NetworkFrame,
    tab: str,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Answer with one of the pages."""
    whole = {**frame.context(request, tab), **context}
    return render(request, f"insight/{template}.html", whole, status=status)
