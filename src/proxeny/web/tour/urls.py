"""Addresses of the tour."""

from django.urls import path

from proxeny.web.tour import views

urlpatterns = [
    path("", views.show, name="tour"),
    path("begin/", views.begin, name="tour-begin"),
    path("leave/", views.leave, name="tour-leave"),
    path("<int:number>/", views.go, name="tour-go"),
]
