"""What Prometheus may ask: requests, their time, the desk, uploads."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from standfast.service.keeper import DeskKeeper

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60)


class Metrics:
    """The counters of one service; in a registry of its own, so that several live in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "standfast_requests", "Requests answered.", ["method", "route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "standfast_request_seconds", "Seconds to the last byte of an answer.", ["route"],
            buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self.rows_scored = Counter("standfast_rows_scored", "Rows scored.", registry=self.registry)
        self.rows_rejected = Counter("standfast_rows_rejected", "Rows rejected.", registry=self.registry)
        self.uploads = Gauge("standfast_uploads", "Tables at work or waiting.", registry=self.registry)
        self._desk = Gauge(
            "standfast_desk_up", "Whether there is a desk to answer from.", registry=self.registry
        )
        self._stale = Gauge(
            "standfast_desk_stale", "Whether a newer desk could not be laid.", registry=self.registry
        )
        self._laid = Gauge(
            "standfast_desk_laid_timestamp_seconds", "When the desk was laid.", registry=self.registry
        )
        self._failed = Gauge(
            "standfast_desk_failures", "Desks that could not be laid.", registry=self.registry
        )
        self._accounts = Gauge("standfast_desk_accounts", "Accounts on the desk.", registry=self.registry)

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self, keeper: DeskKeeper, *, n_uploads: int) -> bytes:
        """Give all figures as Prometheus reads them."""
        desk = keeper.desk
        self.uploads.set(n_uploads)
        self._desk.set(desk is not None)
        self._stale.set(keeper.problem is not None)
        self._failed.set(keeper.n_failed)
        self._laid.set(desk.laid_at.timestamp() if desk else 0)
        self._accounts.set(len(desk.accounts) if desk else 0)
        return generate_latest(self.registry)
