"""Requests at an even pace over open connections, by a sender that costs little beside what it measures."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import psutil

N_CONNECTIONS = 20
N_WARM = 50
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True)
class Answered:
    """How long answers took, and what one cost the server's process; all in milliseconds."""

    p50: float
    p99: float
    cpu: float


def load(
    port: int, path: str, sent: object, *, headers: Mapping[str, str], server: int, n: int, per_second: float
) -> Answered:
    """Post ``sent`` ``n`` times, ``per_second`` a second, and time the answers of a process here."""
    message = _message(port, path, sent, headers)
    return asyncio.run(_load(port, message, psutil.Process(server), n=n, per_second=per_second))


def _message(port: int, path: str, sent: object, headers: Mapping[str, str]) -> bytes:
    body = json.dumps(sent).encode()
    about = {"Content-Type": "application/json", "Content-Length": len(body)}
    told = {"Host": f"127.0.0.1:{port}", **about, **headers}
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items()), "", ""]
    return "\r\n".join(lines).encode() + body


async def _load(port: int, message: bytes, server: psutil.Process, *, n: int, per_second: float) -> Answered:
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(N_CONNECTIONS):
        free.put_nowait(await asyncio.open_connection("127.0.0.1", port))
    taken: list[float] = []

    async def ask() -> None:
        start = time.perf_counter()  # a request that finds no free connection waits, and that counts
        connection = await free.get()
        await _answered(*connection, message)
        taken.append((time.perf_counter() - start) * 1000)
        free.put_nowait(connection)

    for _ in range(N_WARM):  # what is made when it is first needed
        await ask()
    taken.clear()
    before, start = _cpu_seconds(server), time.perf_counter()
    async with asyncio.TaskGroup() as asked:
        for number in range(n):
            await asyncio.sleep(max(0.0, start + number / per_second - time.perf_counter()))
            asked.create_task(ask())
    cpu = (_cpu_seconds(server) - before) / n * 1000
    return Answered(float(np.percentile(taken, 50)), float(np.percentile(taken, 99)), cpu)


async def _answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, message: bytes) -> None:
    writer.write(message)
    status, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().splitlines()
    headers = dict(line.split(": ", 1) for line in lines if line)
    body = await reader.readexactly(int(headers["content-length"]))
    if " 200 " not in status:
        raise ValueError(f"{status}: {body.decode()}")


def _cpu_seconds(server: psutil.Process) -> float:
    times = server.cpu_times()
    return float(times.user + times.system)
