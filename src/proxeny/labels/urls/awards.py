"""Addresses of keys, awards and what machines read of them."""

from django.urls import path

from proxeny.labels.urls.rounds import ONE as ROUND
from proxeny.labels.urls.schemes import ONE as SCHEME
from proxeny.labels.views import awards_room, documents, keys

_KEYS = "directory/<int:pk>/keys/"
_ALL = f"{SCHEME}awards/"
_ONE = f"{_ALL}<int:award_id>/"

urlpatterns = [
    path(_KEYS, keys.show, name="keys"),
    path(f"{_KEYS}make/", keys.make, name="key-make"),
    path(f"{_KEYS}replace/", keys.replace, name="key-replace"),
    path(f"{_KEYS}<int:number>/lost/", keys.report_loss, name="key-lost"),
    path(f"{_KEYS}sign-anew/", keys.sign_anew, name="key-sign-anew"),
    path(f"{ROUND}awards/", awards_room.show_round, name="round-awards"),
    path(f"{ROUND}awards/put/", awards_room.put, name="awards-put"),
    path(_ALL, awards_room.show_list, name="awards"),
    path(f"{_ALL}export/", awards_room.export, name="awards-export"),
    path(_ONE, awards_room.show, name="award-room"),
    path(f"{_ONE}revoke/", awards_room.revoke, name="award-revoke"),
    path(f"{_ONE}rename/", awards_room.rename, name="award-rename"),
    path("issuers/<int:pk>/did.json", documents.show_issuer, name="issuer"),
    path("labels/<slug:slug>/did.json", documents.show_label, name="did"),
    path("labels/<slug:slug>/<int:since>/did.json", documents.show_label, name="did-since"),
    path("labels/<slug:slug>/status/<int:number>/", documents.show_status, name="status"),
    path("awards/<slug:code>/credential.json", documents.show_credential, name="credential"),
]
