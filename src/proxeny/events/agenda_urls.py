"""Addresses of an event's agenda."""

from django.urls import URLPattern, path

from proxeny.events.views import agenda, my_agenda, repair, timetable, whole

urlpatterns: list[URLPattern] = [
    path("<int:event_id>/agenda/all/", whole.show_whole, name="whole-agenda"),
    path("<int:event_id>/agenda/", agenda.show_agenda, name="agenda"),
    path("<int:event_id>/agenda/run/", agenda.start_run, name="agenda-run"),
    path("<int:event_id>/agenda/progress/", agenda.show_progress, name="agenda-progress"),
    path("<int:event_id>/agenda/stop/", agenda.stop_run, name="agenda-stop"),
    path("<int:event_id>/agenda/show/", agenda.show_to_participants, name="agenda-show"),
    path("<int:event_id>/agenda/publish/", agenda.publish, name="agenda-publish"),
    path("<int:event_id>/agenda/discard/", agenda.discard, name="agenda-discard"),
    path("<int:event_id>/agenda/export/", agenda.export, name="agenda-export"),
    path("<int:event_id>/agenda/outcome/", agenda.show_outcome, name="outcome"),
    path("<int:event_id>/agenda/outcome/ask/", agenda.ask_later, name="outcome-ask"),
    path("<int:event_id>/agenda/timetable/", timetable.show_timetable, name="timetable"),
    path("<int:event_id>/agenda/print/", timetable.print_agenda, name="agenda-print"),
    path("<int:event_id>/agenda/add/", timetable.add_meeting, name="entry-add"),
    path("<int:event_id>/agenda/meetings/<int:entry_id>/", timetable.show_entry, name="entry"),
    path("<int:event_id>/agenda/meetings/<int:entry_id>/lock/", timetable.lock, name="entry-lock"),
    path("<int:event_id>/agenda/meetings/<int:entry_id>/move/", timetable.move, name="entry-move"),
    path(
        "<int:event_id>/agenda/meetings/<int:entry_id>/cancel/",
        timetable.cancel,
        name="entry-cancel",
    ),
    path("<int:event_id>/agenda/repair/", repair.show_repair, name="repair"),
    path("<int:event_id>/agenda/repair/apply/", repair.apply, name="repair-apply"),
    path("<int:event_id>/my-agenda/", my_agenda.show_my_agenda, name="my-agenda"),
    path("<int:event_id>/my-agenda.ics", my_agenda.download_calendar, name="my-agenda-ics"),
    path(
        "<int:event_id>/my-agenda/<int:entry_id>/withdraw/",
        my_agenda.withdraw,
        name="meeting-withdraw",
    ),
]
