"""Routes under /directory/."""

from django.urls import include, path

from proxeny.directory.views import (
    imports,
    maps,
    matching,
    memberships,
    organisations,
    terms,
)

app_name = "directory"
urlpatterns = [
    path("", organisations.show_list, name="list"),
    path("map/", maps.show_map, name="map"),
    path("terms/<str:scheme>/", terms.propose_terms, name="terms"),
    path("regions/", terms.list_regions, name="regions"),
    path("export/", organisations.export, name="export"),
    path("new/", organisations.create, name="create"),
    path("<int:pk>/", organisations.show_detail, name="detail"),
    path("<int:pk>/edit/", organisations.edit, name="edit"),
    path("<int:pk>/matches/", matching.show, name="matches"),
    path("<int:pk>/matches/find/", matching.find, name="matches-find"),
    path("<int:pk>/matches/progress/", matching.show_progress, name="matches-progress"),
    path("<int:pk>/matches/export/", matching.export, name="matches-export"),
    path("<int:pk>/matches/<int:target_id>/", matching.choose, name="match-choose"),
    path("<int:pk>/wanted/", matching.show_wanted, name="wanted"),
    path("", include("proxeny.directory.listing_urls")),
    path("", include("proxeny.directory.search_urls")),
    path("", include("proxeny.directory.cluster_urls")),
    path("memberships/<int:pk>/end/", memberships.end, name="membership-end"),
    path("memberships/<int:pk>/restore/", memberships.restore, name="membership-restore"),
    path("import/", imports.start, name="import-start"),
    path("import/template/", imports.download_template, name="import-template"),
    path("import/<int:pk>/", imports.show, name="import-detail"),
    path("import/<int:pk>/columns/", imports.choose_columns, name="import-columns"),
    path("import/<int:pk>/read-again/", imports.read_again, name="import-read-again"),
    path("import/<int:pk>/progress/", imports.show_progress, name="import-progress"),
    path("import/<int:pk>/apply/", imports.apply, name="import-apply"),
    path("import/<int:pk>/decide/", imports.decide, name="import-decide"),
    path("import/<int:pk>/discard/", imports.discard, name="import-discard"),
    path("import/<int:pk>/problems.csv", imports.download_problems, name="import-problems"),
]
