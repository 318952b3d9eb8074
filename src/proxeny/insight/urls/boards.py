"""Addresses of boards."""

from django.urls import path

from proxeny.insight.views import boards

urlpatterns = [
    path("partnerships/<int:pk>/board/", boards.board, name="board"),
]
