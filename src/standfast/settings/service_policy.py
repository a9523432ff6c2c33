"""The section ``[service]``: where the service listens, and what it allows."""

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Gt, Interval
from typing_extensions import Doc


@dataclass(frozen=True, kw_only=True)
class ServicePolicy:
    """How `standfast serve` listens, how long people stay signed in, and what is too much."""

    host: Annotated[str, Doc("address to listen on; a reverse proxy before it speaks https")] = "127.0.0.1"
    port: Annotated[int, Interval(ge=1, le=65535), Doc("port to listen on")] = 8000
    proxies: Annotated[
        tuple[str, ...], Doc("addresses of reverse proxies whose X-Forwarded-For and -Proto are believed")
    ] = ("127.0.0.1",)
    hosts: Annotated[
        tuple[str, ...], Doc("names under which the service is asked for, other Hosts are refused; * is all")
    ] = ("*",)
    secure_cookies: Annotated[
        bool, Doc("send cookies over https only, also where the service itself is asked over http")
    ] = False
    session_hours: Annotated[float, Gt(0), Doc("hours after which one signs in again")] = 12.0
    login_attempts: Annotated[
        int,
        Ge(1),
        Doc(
            "failed sign-ins of a name from one address before it has to wait; four times as "
            "many of an address, ten times as many of a name"
        ),
    ] = 5
    login_minutes: Annotated[float, Gt(0), Doc("minutes until a failed sign-in is forgotten")] = 15.0
    requests_per_second: Annotated[
        float, Gt(0), Doc("requests that one caller may make a second, over a while; 429 beyond")
    ] = 200.0
    burst_seconds: Annotated[float, Gt(0), Doc("seconds whose requests a caller may make all at once")] = 5.0
    body_kb: Annotated[int, Ge(1), Doc("most kilobytes of a request that is no upload")] = 1024
    upload_mb: Annotated[int, Ge(1), Doc("most megabytes of a table to score")] = 512
    json_rows: Annotated[int, Ge(1), Doc("most rows in one JSON request; larger tables are uploaded")] = 1000
    uploads_at_once: Annotated[int, Ge(1), Doc("tables scored at the same time")] = 1
    uploads_waiting: Annotated[
        int, Ge(0), Doc("tables that may wait beside them; more are told to come again (503, Retry-After)")
    ] = 4
    plans_at_once: Annotated[int, Ge(1), Doc("what-if plans worked out at the same time")] = 1
    timeout_seconds: Annotated[
        float, Gt(0), Doc("seconds after which a request that is no upload is given up (503)")
    ] = 30.0
    body_timeout_seconds: Annotated[
        float, Gt(0), Doc("seconds that a body may stand still before it is given up (408)")
    ] = 30.0
    shutdown_seconds: Annotated[
        int, Ge(1), Doc("seconds that open requests get to end when the service is stopped")
    ] = 30
    look_seconds: Annotated[
        float, Gt(0), Doc("seconds from one look for a new champion, plan or book to the next")
    ] = 5.0
    retry_seconds: Annotated[
        float, Gt(0), Doc("seconds until a book that could not be read is tried again")
    ] = 60.0
    page_rows: Annotated[int, Ge(1), Doc("most rows in one answer of a list")] = 500
    mlflow_address: Annotated[
        str,
        Doc("where people open MLflow, such as https://mlflow.example.com; the page of models links to it"),
    ] = ""
