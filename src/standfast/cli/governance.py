"""Commands that compare trainings and decide which model is in use."""

from pathlib import Path

import click

from standfast.cli.options import answer, json_option, read_settings, settings_option

reason_option = click.option("--reason", required=True, help="Why, for whoever reads the history.")


@click.group("models", invoke_without_command=True)
@settings_option
@json_option
@click.pass_context
def known(context: click.Context, settings_file: Path | None, *, as_json: bool) -> None:
    """List the models there are, the champion marked; or promote, refuse, roll back.

    Example: standfast models
    """
    if context.invoked_subcommand is None:
        from standfast.pipelines.models import known_models  # noqa: PLC0415
        from standfast.terminal.model_words import show_models  # noqa: PLC0415

        answer(known_models(read_settings(settings_file)), show_models, as_json=as_json)
    elif settings_file is not None or as_json:
        raise click.UsageError(
            f"write the options behind the command: models {context.invoked_subcommand} ..."
        )


@known.command()
@click.argument("version")
@reason_option
@click.option("--despite-refusal", is_flag=True, help="Put it in use although it was refused.")
@settings_option
@json_option
def promote(
    version: str, *, reason: str, despite_refusal: bool, settings_file: Path | None, as_json: bool
) -> None:
    """Put VERSION in use; the champion before is kept.

    Example: standfast models promote sample-426123a0db --reason "pilot went well"
    """
    from standfast.pipelines.models import promote as put_in_use  # noqa: PLC0415
    from standfast.terminal.model_words import show_decided  # noqa: PLC0415

    settings = read_settings(settings_file)
    decided = put_in_use(settings, version, reason=reason, despite_refusal=despite_refusal)
    answer(decided, show_decided, as_json=as_json)


@known.command()
@click.argument("version")
@reason_option
@settings_option
@json_option
def refuse(version: str, *, reason: str, settings_file: Path | None, as_json: bool) -> None:
    """Keep VERSION out of use, also where a training makes it again.

    Example: standfast models refuse sample-426123a0db --reason "learned from a wrong export"
    """
    from standfast.pipelines.models import refuse as keep_out  # noqa: PLC0415
    from standfast.terminal.model_words import show_decided  # noqa: PLC0415

    answer(keep_out(read_settings(settings_file), version, reason=reason), show_decided, as_json=as_json)


@known.command()
@reason_option
@settings_option
@json_option
def rollback(*, reason: str, settings_file: Path | None, as_json: bool) -> None:
    """Put the champion before in use again; the one in use now counts as refused.

    Example: standfast models rollback --reason "scores jumped after Monday's training"
    """
    from standfast.pipelines.models import roll_back  # noqa: PLC0415
    from standfast.terminal.model_words import show_decided  # noqa: PLC0415

    answer(roll_back(read_settings(settings_file), reason=reason), show_decided, as_json=as_json)


@click.command()
@click.option(
    "-n", "most", type=click.IntRange(min=1), default=10, show_default=True, help="The newest so many."
)
@settings_option
@json_option
def runs(*, most: int, settings_file: Path | None, as_json: bool) -> None:
    """Compare the newest trainings: figures with intervals, grades, what the gate said.

    Example: standfast runs -n 5
    """
    from standfast.pipelines.runs import compare_runs  # noqa: PLC0415
    from standfast.terminal.model_words import show_runs  # noqa: PLC0415

    answer(compare_runs(read_settings(settings_file), most=most), show_runs, as_json=as_json)
