"""Routes under /people/."""

from django.urls import path

from proxeny.accounts import token_views, views

app_name = "people"
urlpatterns = [
    path("", views.list_people, name="list"),
    path("invite/", views.invite, name="invite"),
    path("invitations/<int:pk>/resend/", views.resend, name="resend"),
    path("invitations/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("seats/<int:pk>/end/", views.end, name="end"),
    path("seats/<int:pk>/restore/", views.restore, name="restore"),
    path("seats/<int:pk>/last-day/", views.set_last_day, name="last-day"),
    path("seats/<int:pk>/hand-over/", views.hand_over, name="hand-over"),
    path("me/", views.profile, name="me"),
    path("me/programs/", token_views.list_tokens, name="tokens"),
    path("me/programs/new/", token_views.make_token, name="token-new"),
    path("me/programs/<int:pk>/revoke/", token_views.revoke, name="token-revoke"),
    path("me/calendar/renew/", views.renew_feed, name="feed-renew"),
    path("me/calendar/revoke/", views.revoke_feed, name="feed-revoke"),
]
