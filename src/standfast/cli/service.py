"""The command that runs the service."""

from pathlib import Path

import click

from standfast.cli.options import read_settings, settings_option


@click.command()
@click.option("--host", help="Address to listen on; [service] host by default, which is 127.0.0.1.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port; [service] port by default, which is 8000.")
@settings_option
def serve(host: str | None, port: int | None, settings_file: Path | None) -> None:
    """Run the service: the page for people, the API for programs, over the book and the ledger.

    Nobody is let in before you add them: standfast user add NAME --role admin

    Example: standfast serve --port 8000
    """
    from standfast.service.server import serve as run_service  # noqa: PLC0415

    run_service(read_settings(settings_file), host=host, port=port)
