"""The service under measurement, composed as in production, with a clock that can be put forward."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.partner_center import CREDENTIALS, TOKEN
from qualification.bootstrap import Service, bootstrap
from qualification.settings.process import set_up_process
from sandbox.record_store import make_store

NOBODY = "Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=a;SharedAccessKey=c2FuZGJveA==;UseDevelopmentEmulator=true"
"""A Service Bus for those who need none; it is not opened."""
CONCURRENCY = 64


@dataclass(slots=True)
class PresetClock:
    """The time of day, put forward by as much as was asked for."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        """Now, in aware UTC."""
        return datetime.now(UTC) + self.ahead


def settings(folder: Path, partner_center: str = "http://127.0.0.1:1", service_bus: str = NOBODY) -> dict[str, str]:
    """App settings; records and refresh token lie in `folder`, where a record store is made."""
    token = folder / "refresh-token"
    token.write_text(str(TOKEN["refresh_token"]))
    values = {
        "ServiceBusConnection": service_bus,
        "RecordStorage": f"sqlite:///{database(folder)}",
        "PARTNER_CENTER_URL": partner_center,
        "PARTNER_CENTER_LOGIN_URL": partner_center,
        "PARTNER_CENTER_TENANT_ID": CREDENTIALS["tenant"],
        "PARTNER_CENTER_CLIENT_ID": CREDENTIALS["client"],
        "PARTNER_CENTER_CLIENT_SECRET": CREDENTIALS["secret"],
        "PARTNER_CENTER_REFRESH_TOKEN": token.as_uri(),
        "PARTNER_CENTER_MAX_CONCURRENCY": str(CONCURRENCY),
        # The clock of some rows runs for days; an alarm about that would be measured with them.
        "REVIEW_OVERDUE": "P300D",
    }
    make_store(values)
    return values


def database(folder: Path) -> Path:
    """The SQLite file in `folder`."""
    return folder / "records.db"


def subject(environment: dict[str, str], clock: PresetClock | None = None) -> Service:
    """The service under these app settings, in a process set up for it."""
    set_up_process()
    return bootstrap(environment, clock=clock or PresetClock())
