"""Routes under /plug-ins/proxeny_anniversaries/."""

from django.urls import path

from proxeny_anniversaries.views import list_anniversaries

app_name = "proxeny_anniversaries"
urlpatterns = [path("", list_anniversaries, name="list")]
