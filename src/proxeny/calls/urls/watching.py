"""Routes of what is done with a call: who could take part, who fits, watching."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
