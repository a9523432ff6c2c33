"""A table sent as a body: streamed to disk, scored in its turn, streamed back, and nothing left of it."""

import errno
import shutil
import tempfile
from pathlib import Path

from fastapi import Request
from fastapi.responses import FileResponse, Response
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from standfast.errors import InputError
from standfast.pipelines.score_sent import ScoredTable, score_table
from standfast.service.problems import Problem
from standfast.service.state import desk_of, service_of

ENDINGS = {
    "text/csv": ".csv",
    "application/csv": ".csv",
    "application/vnd.apache.parquet": ".parquet",
    "application/x-parquet": ".parquet",
}
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}


async def score_upload(request: Request, *, n_reasons: int, ending: str) -> Response:
    """Score the body of a request and answer with the table of all its rows."""
    service, desk = service_of(request), desk_of(request)
    kind = _kind(request)
    with service.uploads.place():
        folder = Path(tempfile.mkdtemp(prefix="standfast-upload-"))
        try:
            table = await _received(request, folder / f"sent{kind}")
            output = folder / f"scores.{ending}"
            async with service.uploads.turn():
                done = await run_in_threadpool(
                    score_table, table, scorer=desk.scorer, output=output, n_reasons=n_reasons
                )
        except InputError as problem:
            shutil.rmtree(folder, ignore_errors=True)
            raise InputError(str(problem).replace(str(folder / f"sent{kind}"), "the table sent")) from None
        except OSError as problem:
            shutil.rmtree(folder, ignore_errors=True)
            raise _told(problem) from problem
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    service.metrics.rows_scored.inc(done.scored)
    service.metrics.rows_rejected.inc(done.rejected)
    return _answer(output, done, ending, desk.version)


def _kind(request: Request) -> str:
    told = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if told not in ENDINGS:
        raise Problem(415, f"Content-Type: {told!r} is no table; send {' or '.join(ENDINGS)}")
    return ENDINGS[told]


async def _received(request: Request, table: Path) -> Path:
    """Write the body to a file as it comes."""
    n_bytes = 0
    with table.open("wb") as file:
        async for chunk in request.stream():
            file.write(chunk)
            n_bytes += len(chunk)
    if not n_bytes:
        raise Problem(422, "the body is empty; send a table with a line of column names and one per account")
    return table


def _told(problem: OSError) -> Problem:
    if problem.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Problem(
            507, "there is no room left on the disk of the service; send less, or come again later"
        )
    return Problem(500, "the table could not be kept while it was scored; the log of the service tells why")


def _answer(output: Path, done: ScoredTable, ending: str, version: str) -> Response:
    headers = {
        "X-Rows-In": str(done.rows_in),
        "X-Rows-Scored": str(done.scored),
        "X-Rows-Rejected": str(done.rejected),
        "X-Model-Version": version,
    }
    return FileResponse(
        output, media_type=MEDIA_TYPES[ending], filename=f"scores.{ending}", headers=headers,
        background=BackgroundTask(shutil.rmtree, output.parent, ignore_errors=True),
    )  # fmt: skip
