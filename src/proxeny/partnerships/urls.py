"""Routes under /partnerships/."""

from django.urls import path

from proxeny.partnerships import views

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
    path("<int:pk>/share/", views.share, name="share"),
    path("<int:pk>/share/<int:grant_id>/withdraw/", views.unshare, name="unshare"),
]
