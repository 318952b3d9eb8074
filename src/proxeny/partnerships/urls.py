"""Routes under /partnerships/."""

from django.urls import path

from proxeny.partnerships import views
from proxeny.partnerships.views import introductions

app_name = "partnerships"
urlpatterns = [
    path("", views.list_partnerships, name="list"),
    path("new/", views.create, name="new"),
    path("<int:pk>/", views.show, name="detail"),
    path("<int:pk>/history/", views.show_history, name="history"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/propose/", views.propose, name="propose"),
    path("<int:pk>/sign/", views.sign, name="sign"),
    path("<int:pk>/amend/", views.amend, name="amend"),
    path("<int:pk>/decline/", views.decline, name="decline"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:pk>/end/", views.end, name="end"),
    path("<int:pk>/introductions/", introductions.show_introductions, name="introductions"),
    path("<int:pk>/introductions/<int:plan_id>/", introductions.show_plan,
         name="introduction-plan"),
    path("<int:pk>/introductions/<int:plan_id>/progress/", introductions.show_plan_progress,
         name="introduction-progress"),
    path("<int:pk>/introductions/<int:plan_id>/export/", introductions.export_plan,
         name="introduction-export"),
    path("<int:pk>/introductions/<int:plan_id>/<int:row_id>/", introductions.decide,
         name="introduction-decide"),
    path("share/<int:member_id>/", views.share_start, name="share-start"),
    path("<int:pk>/sharing/", views.show_ledger, name="sharing"),
    path("<int:pk>/share/", views.share, name="share"),
    path("<int:pk>/share/member/", views.share_member, name="share-member"),
    path("<int:pk>/share/file/", views.share_file, name="share-file"),
    path("<int:pk>/share/<int:grant_id>/change/", views.change_sharing, name="share-change"),
    path("<int:pk>/share/<int:grant_id>/withdraw/", views.unshare, name="unshare"),
    path("<int:pk>/share/<int:grant_id>/again/", views.share_again, name="share-again"),
    path("<int:pk>/share/<int:grant_id>/file/", views.open_file, name="file"),
    path("<int:pk>/share/<int:grant_id>/remove/", views.remove_file, name="file-remove"),
]  # fmt: skip
