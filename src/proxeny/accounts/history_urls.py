"""Routes under /history/."""

from django.urls import path

from proxeny.accounts import history_views

app_name = "history"
urlpatterns = [path("<slug:kind>/<int:pk>/", history_views.show_history, name="show")]
