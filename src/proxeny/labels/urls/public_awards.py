"""Addresses of awards for everybody, and of what checks them."""

from django.urls import path, re_path

from proxeny.labels.views import public_awards, verify

ONE = "awards/<slug:code>/"

urlpatterns = [
    path(ONE, public_awards.show, name="award"),
    path(f"{ONE}code.svg", public_awards.show_code, name="award-code"),
    re_path(
        r"^awards/(?P<code>[-\w]+)/badge\.(?P<form>svg|png)$",
        public_awards.show_badge,
        name="award-badge",
    ),
    path("verify/", verify.show, name="verify"),
    path("verify.json", verify.answer, name="verify-answer"),
]
