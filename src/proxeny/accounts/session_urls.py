"""Routes under /accounts/sessions/."""

from django.urls import path

from proxeny.accounts import session_views

app_name = "sessions"
urlpatterns = [
    path("", session_views.list_sessions, name="list"),
    path("end-others/", session_views.end_others, name="end-others"),
    path("<int:pk>/end/", session_views.end_session, name="end"),
]
