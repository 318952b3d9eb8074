"""Addresses of data packages: a study's, one with its versions and files, and bytes on their way in."""

from django.urls import URLPattern, path

from proxeny.research.views import packages, tables, uploads

_STUDY = "partnerships/<int:pk>/studies/<int:study_id>/"
_ALL = f"{_STUDY}packages/"
_ONE = f"{_ALL}<int:package_id>/"
_FILE = f"{_STUDY}files/<int:file_id>/"
_ELSEWHERE = "partnerships/<int:pk>/studies/arrivals/uploads/"

urlpatterns: list[URLPattern] = [
    path(_ALL, packages.show_list, name="packages"),
    path(_ONE, packages.show, name="package"),
    path(f"{_ONE}open/", packages.open_draft, name="package-open"),
    path(f"{_ONE}release/", packages.release, name="package-release"),
    path(f"{_ONE}discard/", packages.discard, name="package-discard"),
    path(f"{_ONE}compare/", packages.compare, name="package-compare"),
    path(f"{_ONE}cite/<slug:form>/", packages.cite, name="package-cite"),
    path(f"{_ONE}uses/", packages.show_uses, name="package-uses"),
    path(f"{_ONE}bring/", uploads.bring_small, name="package-bring"),
    path(f"{_ONE}uploads/", uploads.begin, name="uploads"),
    path(f"{_ONE}uploads/<slug:key>/", uploads.go_on, name="upload"),
    path(_FILE, tables.show, name="file"),
    path(f"{_FILE}download/", packages.download, name="file-bytes"),
    path(f"{_FILE}remove/", packages.remove, name="file-remove"),
    path(f"{_FILE}describe/", packages.describe, name="file-describe"),
    path(f"{_FILE}columns/", tables.edit_columns, name="file-columns"),
    path(f"{_FILE}writing/", tables.edit_writing, name="file-writing"),
    path(f"{_FILE}check/", tables.show_check, name="file-check"),
    path(f"{_FILE}again/", tables.check_again, name="file-again"),
    path(f"{_FILE}stop/", tables.stop_check, name="file-stop"),
    path(f"{_FILE}report/", tables.export_report, name="file-report"),
    path(_ELSEWHERE, uploads.begin_arrival, name="arrival-uploads"),
    path(f"{_ELSEWHERE}<slug:key>/", uploads.go_on_arrival, name="arrival-upload"),
]
