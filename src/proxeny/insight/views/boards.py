"""The board of a partnership."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from proxeny.partnerships.views.frame import enter_frame


def board(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the board."""
    frame = enter_frame(request, pk)
    return render(request, "insight/board.html", frame.context("board"))
