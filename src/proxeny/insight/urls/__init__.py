"""Addresses of insight, one module for each part of it."""

from proxeny.insight.urls import boards, foresight, networks, outcomes

app_name = "insight"

urlpatterns = [
    *networks.urlpatterns,
    *foresight.urlpatterns,
    *outcomes.urlpatterns,
    *boards.urlpatterns,
]
