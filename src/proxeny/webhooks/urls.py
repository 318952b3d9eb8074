"""Routes under /webhooks/."""

from django.urls import path

from proxeny.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("", views.list_webhooks, name="list"),
    path("new/", views.create, name="new"),
    path("<int:pk>/", views.show, name="detail"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/pause/", views.pause, name="pause"),
    path("<int:pk>/resume/", views.resume, name="resume"),
    path("<int:pk>/secret/", views.rotate, name="rotate"),
    path("<int:pk>/test/", views.test, name="test"),
    path("<int:pk>/remove/", views.remove, name="remove"),
    path("<int:pk>/again/", views.resend_failed, name="again-all"),
    path("<int:pk>/deliveries/<int:delivery_id>/again/", views.resend, name="again"),
]
