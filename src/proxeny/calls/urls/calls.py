"""Routes of calls: the list, one call, files of calls."""

from django.urls import path

from proxeny.calls.views import calls, imports

urlpatterns = [
    path("", calls.show_list, name="list"),
    path("new/", calls.add, name="add"),
    path("import/", imports.start, name="import"),
    path("import/<int:pk>/", imports.show, name="import-detail"),
    path("import/<int:pk>/take/", imports.take, name="import-take"),
    path("import/<int:pk>/leave/", imports.leave, name="import-leave"),
    path("<int:pk>/", calls.show, name="detail"),
    path("<int:pk>/edit/", calls.edit, name="edit"),
    path("<int:pk>/put-away/", calls.put_away, name="put-away"),
    path("<int:pk>/restore/", calls.restore, name="restore"),
]
