"""A token request's form, and what its client and its audience are."""

from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from urllib.parse import parse_qsl

from sandbox.partner_center.credentials import Credentials
from sandbox.partner_center.sign_in_error import SignInError, missing

JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_DEFAULT = "/.default"
_DELEGATED = "/user_impersonation"
_JWT_PARTS = 3


@dataclass(slots=True, frozen=True)
class TokenForm:
    """The fields of a token request; `v2` tells which of Entra's two endpoints it came to."""

    fields: Mapping[str, str]
    v2: bool

    @classmethod
    def read(cls, body: bytes, path: str) -> "TokenForm":
        """Read an `application/x-www-form-urlencoded` body."""
        return cls(dict(parse_qsl(body.decode("utf-8", "replace"))), "/oauth2/v2.0/" in path)

    def required(self, name: str) -> str:
        """Return a field.

        Raises:
            SignInError: invalid_request with AADSTS900144 if it is missing.
        """
        value = self.fields.get(name)
        if not value:
            raise missing(name)
        return value

    @property
    def scopes(self) -> list[str]:
        """The scopes asked for, empty at the v1 endpoint."""
        return self.fields.get("scope", "").split() if self.v2 else []

    @property
    def wants_refresh_token(self) -> bool:
        """Whether a new sign-in is to bring a refresh token: `offline_access`, or always at the v1 endpoint."""
        return not self.v2 or "offline_access" in self.scopes

    def audience(self, *, delegated: bool) -> str:
        """Return the resource that the token is for.

        Raises:
            SignInError: invalid_request if none is named; invalid_scope with AADSTS70011, or AADSTS1002012 for an app
                that asks for a user's scope.
        """
        if not self.v2:
            return self.required("resource")
        self.required("scope")
        for scope in self.scopes:
            if scope.endswith(_DEFAULT) and scope != _DEFAULT:
                return scope.removesuffix(_DEFAULT)
            if scope.endswith(_DELEGATED) and scope != _DELEGATED:
                if not delegated:
                    raise SignInError(
                        "invalid_scope", 1002012, f"Client credential flows must use '{_DEFAULT}' scopes."
                    )
                return scope.removesuffix(_DELEGATED)
        raise SignInError("invalid_scope", 70011, "The provided value for the input parameter 'scope' is not valid.")

    def check_client(self, credentials: Credentials, *, accept_assertions: bool, public: bool = False) -> None:
        """Pass a client that proves itself by secret or assertion; a public one needs neither.

        Raises:
            SignInError: unauthorized_client with AADSTS700016; invalid_client with AADSTS7000215, 7000218 or 700027.
        """
        if self.required("client_id").lower() != credentials.client_id:
            raise SignInError("unauthorized_client", 700016, "The application was not found in the directory.")
        secret, assertion = self.fields.get("client_secret"), self.fields.get("client_assertion")
        if secret is not None:
            if not compare_digest(secret.encode(), credentials.client_secret.encode()):
                raise SignInError("invalid_client", 7000215, "Invalid client secret provided.")
        elif assertion is not None:
            good_shape = assertion.count(".") == _JWT_PARTS - 1 and all(assertion.split("."))
            if self.fields.get("client_assertion_type") != JWT_BEARER or not good_shape or not accept_assertions:
                raise SignInError("invalid_client", 700027, "The client assertion failed signature validation.")
        elif not public:
            raise SignInError("invalid_client", 7000218, "The body must contain 'client_assertion' or 'client_secret'.")
