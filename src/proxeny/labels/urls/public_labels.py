"""Addresses of labels for everybody."""

from django.urls import path

from proxeny.labels.views import public_labels

ONE = "labels/<slug:slug>/"

urlpatterns = [
    path("labels/", public_labels.show_list, name="public-list"),
    path("labels/sitemap.xml", public_labels.show_sitemap, name="public-sitemap"),
    path(ONE, public_labels.show, name="public"),
    path(f"{ONE}versions/<int:number>/", public_labels.show, name="public-version"),
]
