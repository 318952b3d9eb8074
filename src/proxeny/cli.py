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
    """Run everything: database, web server, worker. Ctrl-C stops it."""
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
    """Bring the database up to date; one that is up to date is left alone."""
    from proxeny.config.server import prepare_database, running_database

    with running_database():
        prepare_database(say=click.echo)
    click.echo("The database is up to date.")


@main.command()
def web() -> None:
    """Run the web server alone, on HOST and PORT; for service managers and containers."""
    from proxeny.config.environment import BadEnvironment
    from proxeny.config.server import serve_web

    try:
        serve_web()
    except BadEnvironment as error:
        raise click.ClickException(str(error)) from None


@main.command()
@click.option("--concurrency", default=2, show_default=True, help="Jobs at once.")
def worker(concurrency: int) -> None:
    """Work off jobs: imports, agendas, mail. Any number may run, on any host."""
    _setup_django()
    from django.core.management import call_command

    call_command("procrastinate", "worker", "--concurrency", str(concurrency), "--delete-jobs",
                 "successful", "--shutdown-graceful-timeout", "5")  # fmt: skip


@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run a Django management command, for instance `proxeny manage migrate`."""
    from proxeny.config.server import running_database

    with running_database():
        _setup_django()
        from django.core.management import execute_from_command_line

        execute_from_command_line(["proxeny manage", *arguments])


@main.command()
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it here.")
def openapi(output: Path | None) -> None:
    """Print the API's description (OpenAPI 3.1)."""
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
    """Write the whole database, files included, to one new file; people may go on working."""
    from proxeny.config.server import running_database

    with running_database():
        _setup_django()
        from proxeny.config.backup import BackupProblem, make_backup

        try:
            manifest = make_backup(file, say=click.echo)
        except BackupProblem as error:
            raise click.ClickException(str(error)) from None
        click.echo(
            f"Written and read again: {file}, {manifest.size / 1e6:,.1f} MB. It holds everything "
            "about everybody. Keep it safe, and the settings and the secret key elsewhere: they "
            "are not in it."
        )


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Take a backup back into an empty database, check its rows, and bring it up to date."""
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
@click.option("--country", required=True, help="Its country, for instance FR or Greece.")
@click.option("--manager", required=True, help="Name of its first manager.")
@click.option("--email", required=True, help="Address that the manager signs in with.")
def found(cluster: str, country: str, manager: str, email: str) -> None:
    """Found a cluster and its first manager; everybody else enters by invitation."""
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
@click.option("--retry", default="", metavar="NUMBER|all", help="Try a failed job again.")
@click.option("--retry-mail", default="", metavar="NUMBER|all", help="Try a mail again.")
@click.option("--waiting", is_flag=True, help="Show also what waits.")
def jobs(retry: str, retry_mail: str, waiting: bool) -> None:
    """Show failed jobs and mails that were given up, or try them again."""
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
@click.option("--cluster", required=True, help="Name of the cluster whose list this is.")
@click.option("--as", "email", required=True, help="Address of a manager of that cluster.")
@click.option(
    "--kind", type=click.Choice(["members", "contacts", "clusters", "cordis", "projects", "vcard"]),
    help="What kind of file it is; recognised by its columns when left out.",
)  # fmt: skip
@click.option("--part", default="", help="The sheet of a workbook, or the file of an archive.")
@click.option("--members", is_flag=True, help="Whom the file names are members of the cluster.")
@click.option("--country", default="", help="Country where the list gives none, for instance FR.")
@click.option("--only", default="", help="Countries whose rows are read, for instance 'GR CY'.")
@click.option("--skip-nameless", is_flag=True, help="Leave out rows without a name.")
@click.option(
    "--first-of-repeats", is_flag=True, help="Of rows with one reference, take the first."
)
@click.option("--blank-unreadable", is_flag=True, help="Leave out values that cannot be read.")
@click.option(
    "--problems",
    type=click.File("w", encoding="utf-8-sig"),
    help="Write all problems to a CSV file.",
)
def import_members(
    file: Path, cluster: str, email: str, kind: str | None, part: str, members: bool, country: str,
    only: str, skip_nameless: bool, first_of_repeats: bool, blank_unreadable: bool,
    problems: IO[str] | None,
) -> None:  # fmt: skip
    """Import a list of any size (CSV, ZIP, XLSX, vCard, - for standard input): all of it, or nothing."""
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

        options = {name: value for name, value in chosen.items() if value}
        wanted = Wanted(source=kind or "", sheet=part, options=options, problems=problems)
        with _on_disk(file) as path:
            _import(path, cluster, email, wanted)


@contextmanager
def _on_disk(file: Path) -> Iterator[Path]:
    """A file, or standard input written to one: what is read twice has to lie somewhere."""
    if str(file) != "-":
        yield file
        return
    with tempfile.NamedTemporaryFile(suffix=".csv") as kept:
        shutil.copyfileobj(sys.stdin.buffer, kept)
        kept.flush()
        yield Path(kept.name)


def _import(file: Path, cluster: str, email: str, wanted: "Wanted") -> None:
    from proxeny.directory.command import import_from_command_line
    from proxeny.kernel.errors import ProxenyError

    try:
        report = import_from_command_line(
            path=file, cluster_name=cluster, manager_email=email, wanted=wanted,
            say=lambda text: click.echo(text, err=True),
        )  # fmt: skip
    except ProxenyError as error:
        raise click.ClickException(str(error)) from None
    click.echo(report)


@main.group()
def vocabulary() -> None:
    """The vocabularies of sectors, fields of science and regions."""


@vocabulary.command("load")
@click.argument("scheme", type=click.Choice(["nace", "euroscivoc", "nuts"]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--language", default="en", show_default=True,
    help="Language of the labels, where the file's header does not say it.",
)  # fmt: skip
def load_vocabulary(scheme: str, file: Path, language: str) -> None:
    """Load the codes and labels of a published file, in place of those loaded before."""
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
    """What can be verified; whatever is no command of its own is an award's file."""

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
    """Check an award (`proxeny verify FILE`), or what Proxeny keeps, independently of the parts
    that wrote it."""


@verify.command("audit")
@click.option(
    "--noted", default="", metavar="POSITION:DIGEST",
    help="What an earlier check printed; the trail must still hold it.",
)  # fmt: skip
def verify_audit(noted: str) -> None:
    """Read the whole audit trail, work its hashes out anew, and say whether it holds."""
    from proxeny.config.server import running_database

    position, _, digest = noted.partition(":")
    if noted and not (position.isdigit() and len(digest) == 64):
        raise click.BadParameter("write POSITION:DIGEST, as an earlier check printed it.")
    with running_database():
        _setup_django()
        from proxeny.kernel.chain import verify_chain

        verdict = verify_chain(known_position=int(position or 0), known_digest=digest)
    for fault in verdict.faults:
        click.echo(fault, err=True)
    if not verdict.holds:
        raise click.ClickException("The audit trail does not hold.")
    click.echo(
        f"The audit trail holds: {verdict.length} rows, {verdict.redacted} blacked out by erasures."
    )
    click.echo(f"Note this elsewhere, to see later whether its end was cut: "
               f"{verdict.length}:{verdict.head}")  # fmt: skip


def _setup_django() -> Any:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proxeny.config.settings")
    django.setup()


if __name__ == "__main__":
    sys.exit(main())
