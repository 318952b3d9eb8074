"""Addresses of research: what studies recommend, the rows it rests on, and what became of it."""

from django.urls import path

from proxeny.research.views import advice, fates, rows

ALL = "partnerships/<int:pk>/studies/recommendations"
STUDY = "partnerships/<int:pk>/studies/<int:study_id>"

urlpatterns = [
    path(f"{ALL}/", fates.show, name="fates"),
    path(f"{ALL}/<int:advice_id>/rows/", advice.point_at_rows, name="advice-rows"),
    path(f"{ALL}/<int:advice_id>/look/", fates.look, name="advice-look"),
    path(f"{STUDY}/recommendations/", advice.show, name="advice"),
    path(f"{STUDY}/recommendations/add/", advice.add, name="advice-add"),
    path(f"{STUDY}/files/<int:file_id>/rows/", rows.show, name="rows"),
]
