"""Addresses of an event's agenda."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
