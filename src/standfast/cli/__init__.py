"""The command ``standfast``: each command parses, calls one pipeline, prints."""

from standfast.cli.books import check, init, sample, snapshots
from standfast.cli.campaigns import campaign
from standfast.cli.experiments import experiment
from standfast.cli.governance import known, runs
from standfast.cli.group import main
from standfast.cli.ledger import ledger, record
from standfast.cli.models import backtest, run, score, train
from standfast.cli.monitoring import monitor
from standfast.cli.override import override
from standfast.cli.people import alerts, belief, explain, plan, report, segments, worklist
from standfast.cli.rights import key, user
from standfast.cli.service import serve

__all__ = ["main"]

for command in (
    sample, init, check, snapshots, train, score, plan, worklist, report, backtest, explain, segments,
    belief, alerts, campaign, experiment, override, record, ledger, user, key, serve, known, runs, monitor,
    run,
):  # fmt: skip
    main.add_command(command)
