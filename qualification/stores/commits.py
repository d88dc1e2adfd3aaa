"""Group commit: one thread owns the SQLite connection, and writes that come in together share one commit."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from qualification.domain.errors import StoreUnavailable

LARGEST_GROUP = 256
"""Jobs taken at once, at most, so that the first of them does not wait for ever more that come after."""

REASONS = {
    sqlite3.SQLITE_BUSY: "another process holds it locked",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_CORRUPT: "it is damaged",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk failed",
    sqlite3.SQLITE_NOTADB: "it is not an SQLite database",
    sqlite3.SQLITE_READONLY: "it is read-only",
}
"""Primary result codes (sqlite.org/rescode.html) in plain words."""


@dataclass(slots=True)
class _Job:
    operation: Callable[[sqlite3.Connection], Any]
    writes: bool
    answer: asyncio.Future[Any]


@dataclass(slots=True)
class _Outcome:
    """What a job returned, or what it raised after its changes were undone."""

    job: _Job
    result: Any = None
    failure: Exception | None = None


class Commits:
    """Runs operations on a connection that `connect` opens, in the thread that all of them share.

    A write is answered once its group is committed, so with synchronous=FULL it is on the disk by then. A write that
    raises is rolled back alone; the others of its group may run once more for that, and must do nothing but change rows. The thread and the connection begin with the first use and end with `close`.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection], name: str) -> None:
        self._connect = connect
        self._name = name
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread: Thread | None = None

    async def read[T](self, operation: Callable[[sqlite3.Connection], T]) -> T:
        """What `operation` finds among committed rows.

        Raises:
            StoreUnavailable: the database cannot be read.
        """
        answer: T = await self._run(operation, writes=False)
        return answer

    async def write[T](self, operation: Callable[[sqlite3.Connection], T]) -> T:
        """What `operation` returns, once its changes are committed; whatever it raises, its changes are undone.

        Raises:
            StoreUnavailable: the database cannot be written.
        """
        answer: T = await self._run(operation, writes=True)
        return answer

    async def close(self) -> None:
        """Finish what has been asked for, then close the connection."""
        thread, self._thread = self._thread, None
        if thread:
            self._jobs.put(None)
            self._jobs = SimpleQueue()
            await asyncio.to_thread(thread.join)

    async def _run(self, operation: Callable[[sqlite3.Connection], Any], *, writes: bool) -> Any:
        if self._thread is None:
            # A daemon: an interpreter that exits without `close` is a crash like any other, and commits survive those.
            self._thread = Thread(target=self._serve, args=(self._jobs,), name=f"sqlite {self._name}", daemon=True)
            self._thread.start()
        answer = asyncio.get_running_loop().create_future()
        self._jobs.put(_Job(operation, writes, answer))
        return await answer

    def _serve(self, jobs: SimpleQueue[_Job | None]) -> None:
        connection: sqlite3.Connection | None = None
        while group := _take(jobs):
            try:
                connection = connection or self._connect()
                self._answer(connection, group)
            except Exception as error:  # noqa: BLE001  whatever it is, those who wait must hear of it
                self._deliver([_Outcome(job, failure=error) for job in group])
                if connection:
                    # Whatever is wrong may lie in the connection; the next group opens another one.
                    connection.close()
                    connection = None
        if connection:
            connection.close()

    def _answer(self, connection: sqlite3.Connection, group: list[_Job]) -> None:
        self._deliver([_attempt(connection, job) for job in group if not job.writes])
        writes = [job for job in group if job.writes]
        if writes:
            with _transaction(connection):
                outcomes = _attempt_together(connection, writes)
            self._deliver(outcomes)

    def _deliver(self, outcomes: Sequence[_Outcome]) -> None:
        """Answer those who wait; each loop is woken up once, which costs more than a small query."""
        loops: dict[asyncio.AbstractEventLoop, list[_Outcome]] = {}
        for outcome in outcomes:
            loops.setdefault(outcome.job.answer.get_loop(), []).append(outcome)
        for loop, its_outcomes in loops.items():
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(self._settle, its_outcomes)

    def _settle(self, outcomes: Sequence[_Outcome]) -> None:
        for outcome in outcomes:
            answer = outcome.job.answer
            if answer.done():
                continue  # whoever asked has been cancelled, or has heard already
            if outcome.failure:
                answer.set_exception(self._explained(outcome.failure))
            else:
                answer.set_result(outcome.result)

    def _explained(self, error: Exception) -> Exception:
        if not isinstance(error, sqlite3.Error | OSError):
            return error
        code = getattr(error, "sqlite_errorcode", None)
        reason = str(error) if code is None else REASONS.get(code & 0xFF, str(error))
        explained = StoreUnavailable(f"the database {self._name} does not work: {reason}")
        explained.__cause__ = error
        return explained


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    # IMMEDIATE takes the write lock first: a read lock that waits to become one fails under SQLITE_BUSY_SNAPSHOT.
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _attempt(connection: sqlite3.Connection, job: _Job) -> _Outcome:
    try:
        return _Outcome(job, job.operation(connection))
    except Exception as error:  # noqa: BLE001  it belongs to the one who asked
        return _Outcome(job, failure=error)


def _attempt_together(connection: sqlite3.Connection, jobs: Sequence[_Job]) -> list[_Outcome]:
    """Do all jobs; where one fails, begin again and undo those that fail, each by itself.

    A savepoint around each job from the start would take as many statements as the job.
    """
    connection.execute("SAVEPOINT jobs")
    outcomes = []
    for job in jobs:
        outcome = _attempt(connection, job)
        if outcome.failure:
            _undo(connection, "jobs", outcome.failure)
            return [_attempt_alone(connection, each) for each in jobs]
        outcomes.append(outcome)
    return outcomes


def _attempt_alone(connection: sqlite3.Connection, job: _Job) -> _Outcome:
    connection.execute("SAVEPOINT job")
    outcome = _attempt(connection, job)
    if outcome.failure:
        _undo(connection, "job", outcome.failure)
    connection.execute("RELEASE job")
    return outcome


def _undo(connection: sqlite3.Connection, savepoint: str, failure: Exception) -> None:
    if not connection.in_transaction:
        # SQLite itself has rolled back the whole group (sqlite.org/lang_transaction.html, section 3)
        raise failure
    connection.execute(f"ROLLBACK TO {savepoint}")


def _take(jobs: SimpleQueue[_Job | None]) -> list[_Job]:
    """The jobs that wait, at least one; none at the end."""
    group: list[_Job] = []
    while len(group) < LARGEST_GROUP:
        try:
            job = jobs.get(block=not group)
        except Empty:
            break
        if job is None:
            jobs.put(None)  # seen again when this group is done
            break
        if not job.answer.cancelled():
            group.append(job)
    return group
