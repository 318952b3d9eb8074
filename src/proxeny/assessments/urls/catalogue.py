"""Addresses of services and templates."""

from django.urls import URLPattern, path

from proxeny.assessments.views import catalogue, own_catalogue, templates

_ALL = "partnerships/<int:pk>/services/"
_ONE = f"{_ALL}<int:service_id>/"
_TEMPLATES = f"{_ALL}templates/"
_TEMPLATE = f"{_TEMPLATES}<str:question>/"
_ITEM = f"{_TEMPLATE}lines/<int:item_id>/"
_LESSON = f"{_ALL}lessons/<int:lesson_id>/"

urlpatterns: list[URLPattern] = [
    # The catalogue as the teams keep it.
    path(_ALL, catalogue.show_list, name="catalogue"),
    path(f"{_ALL}new/", catalogue.add, name="service-new"),
    path(_ONE, catalogue.show, name="service"),
    path(f"{_ONE}edit/", catalogue.edit, name="service-edit"),
    path(f"{_ONE}deliverer/", catalogue.name_deliverer, name="service-deliverer"),
    path(f"{_ONE}terms/", catalogue.put_terms, name="service-terms"),
    path(f"{_ONE}pause/", catalogue.pause, name="service-pause"),
    path(f"{_ONE}resume/", catalogue.resume, name="service-resume"),
    path(f"{_ONE}retire/", catalogue.retire, name="service-retire"),
    path(f"{_ONE}reopen/", catalogue.reopen, name="service-reopen"),
    # How each market question is worked on, and what was learned.
    path(_TEMPLATES, templates.show_list, name="templates"),
    path(_TEMPLATE, templates.show, name="template"),
    path(f"{_TEMPLATE}begin/", templates.begin, name="template-begin"),
    path(f"{_TEMPLATE}add/<str:kind>/", templates.add, name="template-add"),
    path(_ITEM, templates.edit, name="template-line"),
    path(f"{_ITEM}move/", templates.move, name="template-line-move"),
    path(f"{_ITEM}drop/", templates.drop, name="template-line-drop"),
    path(f"{_TEMPLATE}restore/", templates.restore, name="template-restore"),
    path(f"{_TEMPLATE}reset/", templates.reset, name="template-reset"),
    path(f"{_TEMPLATE}lessons/", templates.show_lessons, name="lessons"),
    path(f"{_TEMPLATE}lessons/write/", templates.write_lesson, name="lesson-write"),
    path(f"{_LESSON}apply/", templates.apply_lesson, name="lesson-apply"),
    path(f"{_LESSON}open/", templates.open_lesson, name="lesson-open"),
    # The catalogue as members read it.
    path("services/", own_catalogue.show_list, name="services"),
    path("services/<int:service_id>/", own_catalogue.show, name="offer"),
]
