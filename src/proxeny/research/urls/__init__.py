"""Addresses of research collaboration, one module for each part of it."""

from proxeny.research.urls import advice, packages, public, publications, studies

app_name = "research"

urlpatterns = [
    *studies.urlpatterns,
    *packages.urlpatterns,
    *advice.urlpatterns,
    *publications.urlpatterns,
    *public.urlpatterns,
]
