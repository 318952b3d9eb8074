"""Addresses of research: studies."""

from django.urls import path

from proxeny.research.views import studies as views

urlpatterns = [
    path("partnerships/<int:pk>/studies/", views.show_list, name="studies"),
    path("partnerships/<int:pk>/studies/<int:study_id>/", views.show, name="study"),
    path("partnerships/<int:pk>/studies/<int:study_id>/begin", views.begin, name="study-begin"),
    path(
        "partnerships/<int:pk>/studies/<int:study_id>/conclude",
        views.conclude,
        name="study-conclude",
    ),
    path("partnerships/<int:pk>/studies/<int:study_id>/reopen", views.reopen, name="study-reopen"),
]
