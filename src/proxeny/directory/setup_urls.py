"""Routes under /set-up/, which lead anywhere only while the installation has no cluster."""

from django.urls import path

from proxeny.directory.views import setup

urlpatterns = [
    path("", setup.ask_code, name="set-up-code"),
    path("<str:token>/", setup.set_up, name="set-up"),
]
