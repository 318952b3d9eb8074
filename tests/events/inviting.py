"""Invitations that are queued are written."""

from proxeny.kernel import jobs
from proxeny.kernel.models import Job


def write_invitations() -> None:
    """Do what inviting members has queued."""
    queued = Job.objects.filter(kind="events.invite", state=Job.State.QUEUED)
    for pk in list(queued.order_by("pk").values_list("pk", flat=True)):
        jobs.run(pk)
        assert Job.objects.get(pk=pk).state == Job.State.DONE
