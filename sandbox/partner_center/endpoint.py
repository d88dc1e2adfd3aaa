"""What a client needs to know of a running simulator."""

from abc import ABC, abstractmethod

from sandbox.partner_center.credentials import Credentials


class Endpoint(ABC):
    """Addresses and credentials, the same however the simulator is run."""

    @property
    @abstractmethod
    def url(self) -> str:
        """The API's base address, without a path."""

    @property
    @abstractmethod
    def credentials(self) -> Credentials:
        """Tenant, client and the first refresh token."""

    @property
    def login_url(self) -> str:
        """The sign-in authority's base address; the tenant follows as a path segment."""
        return self.url

    @property
    def tenant_id(self) -> str:
        """The partner's tenant id."""
        return self.credentials.tenant_id

    @property
    def client_id(self) -> str:
        """The app registration's id."""
        return self.credentials.client_id

    @property
    def client_secret(self) -> str:
        """The app registration's secret."""
        return self.credentials.client_secret

    @property
    def refresh_token(self) -> str:
        """The user's first refresh token."""
        return self.credentials.refresh_token
