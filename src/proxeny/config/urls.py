"""All routes."""

from django.urls import include, path

from proxeny.web import views

urlpatterns = [
    path("", views.show_home, name="home"),
    path("components/", views.show_components, name="components"),
    path("health/live", views.answer_live, name="health-live"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("allauth.urls")),
]
