"""Routes under /notices/."""

from django.urls import path

from proxeny.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.show_notices, name="list"),
    path("read/", views.read_all, name="read-all"),
    path("<int:pk>/", views.open_notice, name="open"),
    path("<int:pk>/unread/", views.unread, name="unread"),
    path("choices/", views.show_choices, name="choices"),
    path("choices/ways/", views.save_ways, name="ways"),
    path("choices/hours/", views.save_hours, name="hours"),
    path("choices/less/", views.choose_less, name="less"),
    path("fewer/<str:token>/", views.choose_fewer, name="fewer"),
]
