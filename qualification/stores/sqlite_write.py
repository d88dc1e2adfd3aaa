"""Writes that share one transaction of SQLite, and so one sync to the disk; each succeeds or is undone by itself."""

import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any


class Write[T]:
    """An operation that changes rows, and the outcome that somebody waits for.

    Attributes:
        outcome: what the operation returned or raised; known when the transaction is committed, and not before.
    """

    def __init__(self, operation: Callable[[sqlite3.Connection], T]) -> None:
        self.outcome: Future[T] = Future()
        self._operation = operation

    def begins(self) -> bool:
        """Whether somebody still waits for it; from now on it cannot be cancelled."""
        return self.outcome.set_running_or_notify_cancel()

    def run(self, connection: sqlite3.Connection) -> Callable[[], None]:
        """Change the rows, or nothing where the operation raises; returns what makes the outcome known.

        Raises:
            sqlite3.Error: the database failed, and not this write alone.
        """
        connection.execute("SAVEPOINT write")
        try:
            result = self._operation(connection)
        except sqlite3.Error:
            raise
        except Exception as error:  # noqa: BLE001  it is raised where the outcome is waited for
            connection.execute("ROLLBACK TO write")
            made_known = partial(self.outcome.set_exception, error)
        else:
            made_known = partial(self.outcome.set_result, result)
        connection.execute("RELEASE write")
        return made_known


def commit(writes: Sequence[Write[Any]], connection: sqlite3.Connection) -> list[Callable[[], None]]:
    """Run all in one transaction; returns what makes each outcome known.

    Raises:
        sqlite3.Error: the database failed; nothing has changed.
    """
    with connection:  # commits, or rolls back
        # IMMEDIATE takes the write lock first: a read lock that waits to become one fails under SQLITE_BUSY_SNAPSHOT.
        connection.execute("BEGIN IMMEDIATE")
        return [write.run(connection) for write in writes]
