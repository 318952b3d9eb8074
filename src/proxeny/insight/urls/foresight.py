"""Addresses of the radar, of needs and calls."""

from django.urls import path

from proxeny.insight.views import foresight, foresight_needs

_ROOM = "partnerships/<int:pk>/"
_TREND = f"{_ROOM}radar/<int:trend_id>/"

urlpatterns = [
    path(f"{_ROOM}radar/", foresight.show_radar, name="radar"),
    path(f"{_ROOM}radar/take/", foresight.take, name="topic-take"),
    path(_TREND, foresight.show_trend, name="trend"),
    path(f"{_TREND}weigh/", foresight.weigh, name="trend-weigh"),
    path(f"{_ROOM}needs/", foresight_needs.show_table, name="needs"),
    path(f"{_ROOM}needs/<int:trend_id>/", foresight_needs.show_cell, name="cell"),
]
