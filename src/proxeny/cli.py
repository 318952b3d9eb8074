"""The command line: running the product, looking after it, and its engine alone."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from proxeny import __version__

if TYPE_CHECKING:
    from proxeny.directory.operations import Wanted


class LazyGroup(click.Group):
    """Imports a command's module only when the command is used: the engine must not wait for
    Django, nor Django for the engine."""

    lazy = {
        "solve": "proxeny.engine.agenda.command:solve_command",
        "check": "proxeny.engine.agenda.command:check_command",
    }

    def list_commands(self, context: click.Context) -> list[str]:
        """All names, in alphabetical order."""
        return sorted({*super().list_commands(context), *self.lazy})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command of that name, imported now if it is a lazy one."""
        if name in self.lazy:
            module, _, attribute = self.lazy[name].partition(":")
            command: click.Command = getattr(import_module(module), attribute)
            return command
        return super().get_command(context, name)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="proxeny")
def main() -> None:
    """The workplace for cooperation between two business clusters."""


@main.command()
def run() -> None:
    """Run everything: the database, the web server and a worker. Press Ctrl-C to stop."""
    from proxeny.config.environment import BadEnvironment
    from proxeny.config.postgres import PostgresProblem
    from proxeny.config.server import CannotRun
    from proxeny.config.server import run as run_all

    try:
        run_all(say=click.echo)
    except (CannotRun, PostgresProblem, BadEnvironment) as error:
        raise click.ClickException(str(error)) from None


@main.command()
def prepare() -> None:
    """Bring the database up to date, unless it already is."""
    from proxeny.config.server import prepare_database, running_database

    with running_database():
        prepare_database(say=click.echo)
        from proxeny.directory.command import setup_lines

        unset = setup_lines()
    click.echo("\n".join(["The database is up to date.", *unset]))


@main.command()
def web() -> None:
    """Run only the web server, on HOST and PORT, for service managers and containers."""
    from proxeny.config.environment import BadEnvironment
    from proxeny.config.server import serve_as_app, serve_web, warn_of_owner

    try:
        warn_of_owner(say=_tell)
        serve_as_app()
        serve_web()
    except BadEnvironment as error:
        raise click.ClickException(str(error)) from None


@main.command()
@click.option("--concurrency", default=2, show_default=True, help="Jobs to run at the same time.")
def worker(concurrency: int) -> None:
    """Run jobs: imports, agendas, emails. You can run any number of workers, on any host."""
    from proxeny.config.environment import BadEnvironment
    from proxeny.config.server import serve_as_app, warn_of_owner

    try:
        warn_of_owner(say=_tell)
        serve_as_app()
    except BadEnvironment as error:
        raise click.ClickException(str(error)) from None
    _setup_django()
    from django.core.management import call_command

    call_command(
        "procrastinate",
        "worker",
        "--concurrency",
        str(concurrency),
        "--delete-jobs",
        "successful",
        "--shutdown-graceful-timeout",
        "5",
    )


@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run a Django management command, for example `proxeny manage migrate`."""
    from proxeny.config.server import running_database

    with running_database():
        _setup_django()
        from django.core.management import execute_from_command_line

        execute_from_command_line(["proxeny manage", *arguments])


@main.command()
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file."
)
def openapi(output: Path | None) -> None:
    """Print the API description (OpenAPI 3.1)."""
    _setup_django()
    from proxeny.config.api import describe_api

    text = describe_api()
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")


@main.command()
def demo() -> None:
    """Load the demo world into an empty database."""
    from proxeny.config.server import prepare, running_database

    with running_database():
        prepare(say=click.echo, with_demo=True)


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Back up the whole database, files included, to a new file. People can keep working."""
    from proxeny.config.server import running_database

    with running_database():
        _setup_django()
        from proxeny.config.backup import BackupProblem, make_backup

        try:
            manifest = make_backup(file, say=click.echo)
        except BackupProblem as error:
            raise click.ClickException(str(error)) from None
        click.echo(
            f"Backup written and verified: {file}, {manifest.size / 1e6:,.1f} MB. It holds "
            "everything about everyone, so keep it safe. It doesn't include the settings and the "
            "secret key: keep them somewhere else."
        )


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Restore a backup into an empty database, check its rows, and bring it up to date."""
    from proxeny.config.server import running_database

    with running_database():
        _setup_django()
        from proxeny.config.backup import BackupProblem, restore_backup

        try:
            restore_backup(file, say=click.echo)
        except BackupProblem as error:
            raise click.ClickException(str(error)) from None
        click.echo("Restored.")


@main.command()
@click.option("--cluster", required=True, help="Name of the cluster.")
@click.option("--country", required=True, help="Its country, for example FR or Greece.")
@click.option("--manager", required=True, help="Name of its first manager.")
@click.option("--email", required=True, help="Email address the manager signs in with.")
def found(cluster: str, country: str, manager: str, email: str) -> None:
    """Set up a cluster and its first manager. Everyone else joins by invitation."""
    from proxeny.config.server import prepare, running_database
    from proxeny.kernel.errors import ProxenyError

    with running_database():
        prepare(say=click.echo, with_demo=False)
        from proxeny.directory.command import found_from_command_line

        try:
            said = found_from_command_line(
                cluster_name=cluster, country=country, email=email, person=manager
            )
        except ProxenyError as error:
            raise click.ClickException(str(error)) from None
        click.echo(said)


@main.command()
@click.option("--retry", default="", metavar="NUMBER|all", help="Retry a failed job.")
@click.option("--retry-mail", default="", metavar="NUMBER|all", help="Send an unsent email now.")
@click.option("--waiting", is_flag=True, help="Also list what is waiting or running.")
def jobs(retry: str, retry_mail: str, waiting: bool) -> None:
    """List failed jobs, emails given up, and totals; or retry them."""
    from proxeny.config.server import running_database

    with running_database():
        _setup_django()
        from proxeny.kernel.command import look_after_failures
        from proxeny.kernel.errors import ProxenyError

        try:
            look_after_failures(retry=retry, retry_mail=retry_mail, waiting=waiting, say=click.echo)
        except ProxenyError as error:
            raise click.ClickException(str(error)) from None


@main.command("import")
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
)
@click.option("--cluster", required=True, help="Name of the cluster the list belongs to.")
@click.option("--as", "email", required=True, help="Email address of a manager of that cluster.")
@click.option(
    "--kind",
    type=click.Choice(["members", "contacts", "clusters", "cordis", "projects", "vcard"]),
    help="Type of file. Detected from its columns if omitted.",
)
@click.option("--part", default="", help="Sheet of a workbook, or file in an archive.")
@click.option("--members", is_flag=True, help="Make the organisations in the file members.")
@click.option("--country", default="", help="Country for rows without one, for example FR.")
@click.option("--only", default="", help="Read only rows of these countries, for example 'GR CY'.")
@click.option(
    "--separator",
    "separators",
    multiple=True,
    metavar="FIELD=SIGN",
    help="Separator of the values in a cell, for example sectors=none. SIGN is none, comma, "
    "semicolon or pipe. Detected if omitted.",
)
@click.option("--skip-nameless", is_flag=True, help="Skip rows without a name.")
@click.option(
    "--first-of-repeats", is_flag=True, help="If rows have the same reference, use the first."
)
@click.option("--blank-unreadable", is_flag=True, help="Leave out values that can't be read.")
@click.option(
    "--problems",
    # Written, and read again: a copy is kept with the import.
    type=click.File("w+", encoding="utf-8-sig"),
    help="Write all problems to a CSV file.",
)
def import_members(
    file: Path,
    cluster: str,
    email: str,
    kind: str | None,
    part: str,
    members: bool,
    country: str,
    only: str,
    separators: tuple[str, ...],
    skip_nameless: bool,
    first_of_repeats: bool,
    blank_unreadable: bool,
    problems: IO[str] | None,
) -> None:
    """Import a list of any size (CSV, ZIP, XLSX, vCard, or - for standard input).

    Imports all rows, or none.
    """
    from proxeny.config.server import prepare, running_database

    chosen = {
        "country": country,
        "only": only.upper(),
        "joins": "yes" if members else "",
        "nameless": "skip" if skip_nameless else "",
        "repeats": "first" if first_of_repeats else "",
        "unreadable": "blank" if blank_unreadable else "",
    }
    with running_database():
        prepare(say=click.echo, with_demo=False)
        from proxeny.directory.operations import Wanted

        options: dict[str, Any] = {name: value for name, value in chosen.items() if value}
        wanted = Wanted(source=kind or "", sheet=part, options=options, problems=problems)
        with _on_disk(file) as path:
            _import(path, cluster, email, wanted, separators)


@contextmanager
def _on_disk(file: Path) -> Iterator[Path]:
    """Yield the file; standard input is written to a temporary one, as it is read twice."""
    if str(file) != "-":
        yield file
        return
    with tempfile.NamedTemporaryFile(suffix=".csv") as kept:
        shutil.copyfileobj(sys.stdin.buffer, kept)
        kept.flush()
        yield Path(kept.name)


def _import(
    file: Path, cluster: str, email: str, wanted: "Wanted", separators: tuple[str, ...]
) -> None:
    from proxeny.directory.command import import_from_command_line
    from proxeny.kernel.errors import ProxenyError

    try:
        report = import_from_command_line(
            path=file,
            cluster_name=cluster,
            manager_email=email,
            wanted=wanted,
            separators=separators,
            say=lambda text: click.echo(text, err=True),
        )
    except ProxenyError as error:
        raise click.ClickException(str(error)) from None
    click.echo(report)


@main.group()
def vocabulary() -> None:
    """Load vocabularies of sectors, fields of science and regions."""


@vocabulary.command("load")
@click.argument("scheme", type=click.Choice(["nace", "euroscivoc", "nuts"]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--language",
    default="en",
    show_default=True,
    help="Language of the labels, if the file's header doesn't give it.",
)
def load_vocabulary(scheme: str, file: Path, language: str) -> None:
    """Load codes and labels from a published file, replacing those loaded before."""
    from proxeny.config.server import prepare, running_database
    from proxeny.kernel.errors import ProxenyError

    with running_database():
        prepare(say=click.echo, with_demo=False)
        from proxeny.directory.command import load_vocabulary_from_command_line

        try:
            said = load_vocabulary_from_command_line(scheme=scheme, path=file, language=language)
        except ProxenyError as error:
            raise click.ClickException(str(error)) from None
    for line in said:
        click.echo(line)


class VerifyGroup(LazyGroup):
    """The group of verifications; an argument that is no command's name is an award's file."""

    lazy = {"award": "proxeny.labels.command:verify_command"}

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command: `proxeny verify FILE` is `proxeny verify award FILE`."""
        if args[0] not in self.list_commands(context):
            args = ["award", *args]
        return super().resolve_command(context, args)


@main.group(cls=VerifyGroup, context_settings={"ignore_unknown_options": True})
def verify() -> None:
    """Check an award (`proxeny verify FILE`) or Proxeny's own records, independently of the code
    that wrote them."""


@verify.command("audit")
@click.option(
    "--noted",
    default="",
    metavar="POSITION:DIGEST",
    help="What an earlier check printed. The trail must still contain it.",
)
def verify_audit(noted: str) -> None:
    """Read the whole audit trail, recalculate its hashes, and report whether it is intact."""
    from proxeny.config.server import running_database

    position, _, digest = noted.partition(":")
    if noted and not (position.isdigit() and len(digest) == 64):
        raise click.BadParameter("use POSITION:DIGEST, as printed by an earlier check.")
    with running_database():
        _setup_django()
        from proxeny.kernel.chain import verify_chain

        verdict = verify_chain(known_position=int(position or 0), known_digest=digest)
    for fault in verdict.faults:
        click.echo(fault, err=True)
    if not verdict.holds:
        raise click.ClickException("The audit trail is not intact.")
    click.echo(
        f"The audit trail is intact: {verdict.length} rows, "
        f"{verdict.redacted} redacted by erasures."
    )
    click.echo(
        f"To detect later whether its end was cut off, keep this somewhere else: "
        f"{verdict.length}:{verdict.head}"
    )


def _tell(text: str) -> None:
    click.echo(text, err=True)


def _setup_django() -> Any:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proxeny.config.settings")
    django.setup()


if __name__ == "__main__":
    sys.exit(main())
