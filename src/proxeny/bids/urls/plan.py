"""Addresses of bids: the work plan and the budget."""

from django.urls import path

from proxeny.bids.urls.bids import ONE
from proxeny.bids.views import budget, plan

PLAN = f"{ONE}plan/"
BUDGET = f"{ONE}budget/"

urlpatterns = [
    path(PLAN, plan.show_plan, name="plan"),
    path(f"{PLAN}begin/", plan.begin, name="plan-begin"),
    path(f"{PLAN}take-back/", plan.take_back, name="plan-take-back"),
    path(f"{PLAN}<int:package_id>/needs/", plan.edit_needs, name="plan-needs"),
    path(BUDGET, budget.show_budget, name="budget"),
    path(f"{BUDGET}<int:partner_id>/", budget.edit_partner, name="budget-partner"),
]
