"""Runs the service on its host and port until it is told to stop."""

from dataclasses import replace

import uvicorn

from standfast.service.app import create_app
from standfast.service.log_lines import log_as_json
from standfast.settings import Settings


def serve(settings: Settings, *, host: str | None = None, port: int | None = None) -> None:
    """Serve until SIGTERM or Ctrl-C; open requests get some seconds to end."""
    policy = settings.service
    policy = replace(policy, host=host or policy.host, port=port or policy.port)
    log_as_json()
    uvicorn.run(
        create_app(replace(settings, service=policy)),
        host=policy.host,
        port=policy.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=list(policy.proxies),
        timeout_graceful_shutdown=policy.shutdown_seconds,
    )
