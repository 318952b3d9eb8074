"""Routes of calls: the list, one call, files of calls."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
