"""Addresses of open statistics."""

from django.urls import URLPattern, path

from proxeny.assessments.views import figures, figures_brought

_ALL = "partnerships/<int:pk>/assessments/figures/"
_ONE = f"{_ALL}<int:figure_id>/"

urlpatterns: list[URLPattern] = [
    path(_ALL, figures.show_list, name="figures"),
    path(f"{_ALL}fetch/", figures_brought.fetch, name="figure-fetch"),
    path(f"{_ALL}fetching/<int:job_id>/", figures_brought.show_progress, name="figure-fetching"),
    path(f"{_ALL}bring/", figures_brought.bring, name="figure-bring"),
    path(_ONE, figures.show, name="figure"),
    path(f"{_ONE}edit/", figures.edit, name="figure-edit"),
    path(f"{_ONE}refresh/", figures_brought.refresh, name="figure-refresh"),
    path(f"{_ONE}renew/", figures_brought.renew, name="figure-renew"),
    path(f"{_ONE}drop/", figures.drop, name="figure-drop"),
    path(f"{_ONE}restore/", figures.restore, name="figure-restore"),
    path(f"{_ONE}<int:number>/", figures.show, name="figure-version"),
    path(f"{_ONE}<int:number>/file/", figures.export, name="figure-file"),
]
