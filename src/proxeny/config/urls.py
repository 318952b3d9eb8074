"""All routes."""

from django.apps import apps
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import URLResolver, include, path
from django.utils.module_loading import module_has_submodule
from django.views.i18n import set_language

from proxeny.config.api import api_urls
from proxeny.web import failed_views, probes, views, work_views


def plug_in_urls() -> list[URLResolver]:
    """Return the addresses of plug-ins, each below `/plug-ins/` and its label."""
    return [
        path(f"plug-ins/{config.label}/", include(f"{config.name}.urls"))
        for config in apps.get_app_configs()
        if config.name in settings.PLUG_INS and module_has_submodule(config.module, "urls")
    ]


urlpatterns = [
    path("", views.show_home, name="home"),
    path("first-steps/dismiss/", views.dismiss_first_steps, name="first-steps-dismiss"),
    path("tour/", include("proxeny.web.tour.urls")),
    path("components/", views.show_components, name="components"),
    path("search/", views.show_search, name="search"),
    path("waiting/count/", views.show_waiting_count, name="waiting-count"),
    path("health/live", probes.answer_live, name="health-live"),
    path("health/ready", probes.answer_ready, name="health-ready"),
    path("metrics", probes.answer_metrics, name="metrics"),
    path("work/", work_views.show_work, name="work"),
    path("work/<int:job_id>/", work_views.show_one, name="work-one"),
    path("work/failed/", failed_views.list_failed, name="failed"),
    path("work/failed/<int:job_id>/retry/", failed_views.retry, name="failed-retry"),
    path("work/failed/<int:job_id>/dismiss/", failed_views.dismiss, name="failed-dismiss"),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("accounts/sessions/", include("proxeny.accounts.session_urls")),
    path("accounts/", include("allauth.urls")),
    path("invitations/", include("proxeny.accounts.invitation_urls")),
    path("set-up/", include("proxeny.directory.setup_urls")),
    path("privacy/", include("proxeny.accounts.privacy_urls")),
    path("people/", include("proxeny.accounts.urls")),
    path("history/", include("proxeny.accounts.history_urls")),
    path("notices/", include("proxeny.notices.urls")),
    path("directory/", include("proxeny.directory.urls")),
    path("partnerships/", include("proxeny.partnerships.urls")),
    path("events/", include("proxeny.events.urls")),
    path("", include("proxeny.meetings.urls")),
    path("", include("proxeny.ambassadors.urls")),
    path("", include("proxeny.assessments.urls")),
    path("", include("proxeny.research.urls")),
    path("calls/", include("proxeny.calls.urls")),
    path("", include("proxeny.bids.urls")),
    path("", include("proxeny.labels.urls")),
    path("", include("proxeny.alliances.urls")),
    path("", include("proxeny.insight.urls")),
    path("webhooks/", include("proxeny.webhooks.urls")),
    path("api/v1/", api_urls()),
    *plug_in_urls(),
]
