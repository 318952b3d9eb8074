"""Addresses of labels, one module for each part of them."""

from proxeny.labels.urls import rounds, schemes

app_name = "labels"

urlpatterns = [
    *schemes.urlpatterns,
    *rounds.urlpatterns,
]
