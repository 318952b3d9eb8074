"""Routes under /privacy/."""

from django.urls import path

from proxeny.accounts import privacy_views as views

app_name = "privacy"
urlpatterns = [
    path("", views.show_notice, name="notice"),
    path("record/", views.show_record, name="record"),
    path("mine/", views.show_mine, name="mine"),
    path("mine/file/", views.take_file, name="file"),
    path("mine/erase/", views.erase, name="erase"),
    path("mine/keep/", views.keep, name="keep"),
    path("contacts/<int:pk>/erase/", views.erase_contact, name="erase-contact"),
]
