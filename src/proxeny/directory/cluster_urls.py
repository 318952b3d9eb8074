"""Routes under /directory/ for a cluster's own house: its profile, and its doubled entries."""

from django.urls import path

from proxeny.directory.views import clusters, duplicates

urlpatterns = [
    path("<int:pk>/profile/", clusters.edit_profile, name="cluster-profile"),
    path("duplicates/", duplicates.show_queue, name="duplicates"),
    path("duplicates/find/", duplicates.find, name="duplicates-find"),
    path("duplicates/merge/", duplicates.merge_many, name="duplicates-merge"),
    path("duplicates/<int:pk>/", duplicates.decide, name="duplicate"),
    path("merges/<int:pk>/undo/", duplicates.undo, name="merge-undo"),
]
