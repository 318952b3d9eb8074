"""Routes of calls, one file an area."""

from proxeny.calls.urls import calls, watching

app_name = "calls"
urlpatterns = [*calls.urlpatterns, *watching.urlpatterns]
