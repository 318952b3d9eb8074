"""Addresses of meetings: the private calendar, and how meetings went. Included at `calendar/`."""

from django.urls import path

from proxeny.meetings import views

app_name = "meetings"

urlpatterns = [
    path("how-did-it-go/", views.show_ratings, name="ratings"),
    path("how-did-it-go/<int:meeting_id>/", views.rate, name="rate"),
    path("<str:token>.ics", views.show_feed, name="feed"),
]
