"""Routes under /invitations/."""

from django.urls import path

from proxeny.accounts import invitation_views

urlpatterns = [
    path("<str:token>/", invitation_views.open_invitation, name="invitation"),
]
