"""Addresses of boards."""

from django.urls import path

from proxeny.insight.views import boards

_ROOM = "partnerships/<int:pk>/board/"

urlpatterns = [
    path(_ROOM, boards.show, name="board"),
    path(f"{_ROOM}board.pdf", boards.take, name="board-pdf"),
    path(f"{_ROOM}datapackage.json", boards.describe, name="board-schema"),
    path(f"{_ROOM}board.<str:form>", boards.export, name="board-export"),
    path(f"{_ROOM}mail/", boards.choose_mail, name="board-mail"),
]
