"""Addresses of bids: the consortium, and the actions on a partner."""

from django.urls import path

from proxeny.bids.urls.bids import ONE
from proxeny.bids.views import consortium

ALL = f"{ONE}consortium/"
PARTNER = f"{ALL}<int:partner_id>/"

urlpatterns = [
    path(ALL, consortium.show, name="consortium"),
    path(PARTNER, consortium.show_partner, name="partner"),
    path(f"{PARTNER}ask/", consortium.ask, name="partner-ask"),
    path(f"{PARTNER}remind/", consortium.remind, name="partner-remind"),
    path(f"{PARTNER}withdraw/", consortium.withdraw, name="partner-withdraw"),
    path(f"{PARTNER}left/", consortium.leave, name="partner-left"),
    path(f"{PARTNER}back/", consortium.bring_back, name="partner-back"),
]
