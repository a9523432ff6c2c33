"""The group of all commands, and what it does when a user errs."""

import os
import sys
import warnings
from typing import Any

import click

from standfast import __version__
from standfast.errors import StandfastError, StandfastWarning


class _Commands(click.Group):
    """Commands in the order in which one uses them; a user's error is one line and exit code 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        # Threads that spin while they wait make LightGBM many times slower on a machine that does other
        # work, too; OpenMP reads this when it is first loaded, so it is said before any heavy import.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        warnings.showwarning = _say_warning
        try:
            return super().invoke(ctx)
        except StandfastError as problem:
            click.echo(f"standfast: {problem}", err=True)
            sys.exit(1)
        except BrokenPipeError:
            # The reader (head, less) has seen enough; Python would complain at exit otherwise.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        except MemoryError:
            click.echo(
                "standfast: not enough memory for this table; split it, or use a larger machine", err=True
            )
            sys.exit(1)


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(__version__, prog_name="standfast")
def main() -> None:
    """Churn risk against reward, turned into the outreach plan that fits the team's hours.

    Start with your own table:    standfast init customers.csv && standfast run

    or with a made-up company:    standfast sample book && standfast run --settings book/standfast.toml
    """


def _say_warning(message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
    """Tell a user what concerns them in one line; libraries' own warnings are for developers."""
    if issubclass(category, StandfastWarning):
        click.echo(f"careful: {message}", err=True)
