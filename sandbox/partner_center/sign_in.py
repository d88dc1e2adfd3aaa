"""Entra's token endpoints for one partner tenant, one app registration and one user (RFC 6749, RFC 7523, RFC 8628)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlencode

from sandbox.partner_center.answer import Answer
from sandbox.partner_center.credentials import Credentials
from sandbox.partner_center.incoming import Incoming
from sandbox.partner_center.pending_sign_in import PendingSignIns
from sandbox.partner_center.settings import Settings
from sandbox.partner_center.sign_in_error import SignInError, missing, refresh_refused
from sandbox.partner_center.token import (
    AccessToken,
    Caller,
    Family,
    RefreshFailure,
    RefreshToken,
    TokenRegister,
    jwt,
)
from sandbox.partner_center.token_form import TokenForm

ACCOUNT = {"name": "Service Account", "preferred_username": "service-account@partner.example"}
"""Who signs in, in the claims of an ID token."""


class Grant(StrEnum):
    """Values of `grant_type`."""

    CLIENT_CREDENTIALS = "client_credentials"
    REFRESH_TOKEN = "refresh_token"  # noqa: S105  the name of a grant, not a secret
    AUTHORIZATION_CODE = "authorization_code"
    DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"


class SignIn:
    """Answers the token, device code and authorize endpoints; every method raises `SignInError` for a refusal."""

    def __init__(self, credentials: Credentials, settings: Settings, now: Callable[[], datetime]) -> None:
        self.tokens = TokenRegister()
        self.pending = PendingSignIns()
        self._credentials = credentials
        self._settings = settings
        self._now = now
        self.tokens.keep_refresh(credentials.refresh_token, Family(), now())

    def new_refresh_token(self) -> str:
        """Return a refresh token as a fresh sign-in of the user would give it."""
        return self.tokens.issue_refresh(Family(), self._now())

    def refuse_refresh(self, failure: RefreshFailure | None) -> None:
        """Refuse all refresh tokens issued so far, or accept them again."""
        self.tokens.fail(failure)

    def forget(self) -> None:
        """Accept the refresh tokens again and start their time anew for the first one; good access tokens stay valid."""
        self.tokens.fail(None)
        self.tokens.forget_access(without_mfa=True)
        self.tokens.keep_refresh(self._credentials.refresh_token, Family(), self._now())
        self.pending = PendingSignIns()

    def token(self, incoming: Incoming) -> Answer:
        """`POST /{tenant}/oauth2/token` and `/{tenant}/oauth2/v2.0/token`."""
        form = TokenForm.read(incoming.body, incoming.path)
        self._check_tenant(incoming)
        grant = form.required("grant_type")
        form.check_client(
            self._credentials,
            accept_assertions=self._settings.accept_assertions,
            public=grant == Grant.DEVICE_CODE,
        )
        match grant:
            case Grant.CLIENT_CREDENTIALS:
                return self._issued(form, Caller.APP_ONLY, form.audience(delegated=False), None)
            case Grant.REFRESH_TOKEN:
                redeemed = self._redeem(form.required("refresh_token"))
                return self._issued(form, Caller.APP_USER, form.audience(delegated=True), redeemed)
            case Grant.AUTHORIZATION_CODE:
                self.pending.redeem_code(form.required("code"), form.required("redirect_uri"))
                family = Family() if form.wants_refresh_token else None
                return self._issued(form, Caller.APP_USER, form.audience(delegated=True), family)
            case Grant.DEVICE_CODE:
                return self._device_token(form)
            case _:
                raise SignInError("unsupported_grant_type", 70003, f"The grant type '{grant}' is not supported.")

    def device_code(self, incoming: Incoming) -> Answer:
        """`POST /{tenant}/oauth2/v2.0/devicecode`; the scopes asked for here hold for the token."""
        form = TokenForm.read(incoming.body, incoming.path)
        self._check_tenant(incoming)
        form.check_client(self._credentials, accept_assertions=True, public=True)
        form.audience(delegated=True)
        lifetime = timedelta(seconds=self._settings.device_code_seconds)
        device_code, device = self.pending.begin_device(form.fields["scope"], self._now(), lifetime)
        page = f"http://{incoming.headers.get('Host', '')}/devicelogin"
        document = {
            "user_code": device.user_code,
            "device_code": device_code,
            "verification_uri": page,
            "expires_in": self._settings.device_code_seconds,
            "interval": self._settings.device_code_interval,
            "message": f"To sign in, open {page} in a browser and enter the code {device.user_code} to authenticate.",
        }
        return Answer.of(document)

    def authorize(self, incoming: Incoming) -> Answer:
        """`GET /{tenant}/oauth2/v2.0/authorize`: the user signs in at once, and is sent back with a code."""
        self._check_tenant(incoming)
        query = incoming.query
        for name in ("client_id", "redirect_uri", "response_type"):
            if not query.get(name):
                raise missing(name)
        code = self.pending.begin_code(query["redirect_uri"])
        back = urlencode({"code": code} | ({"state": query["state"]} if "state" in query else {}))
        separator = "&" if "?" in query["redirect_uri"] else "?"
        return Answer(302, headers={"Location": f"{query['redirect_uri']}{separator}{back}"})

    def _check_tenant(self, incoming: Incoming) -> None:
        tenant = incoming.path.split("/")[1].lower()
        if tenant not in {self._credentials.tenant_id, "organizations", "common"}:
            raise SignInError("invalid_request", 90002, f"Tenant '{tenant}' not found.")

    def _redeem(self, text: str) -> Family:
        lifetime = timedelta(seconds=self._settings.refresh_token_seconds)
        found = self.tokens.refresh(text, self._now(), lifetime)
        if not isinstance(found, RefreshToken):
            raise refresh_refused(found)
        return found.family

    def _device_token(self, form: TokenForm) -> Answer:
        scope = self.pending.redeem_device(form.required("device_code"), self._now())
        asked = replace(form, fields={**form.fields, "scope": scope})
        family = Family() if asked.wants_refresh_token else None
        return self._issued(asked, Caller.APP_USER, asked.audience(delegated=True), family)

    def _issued(self, form: TokenForm, caller: Caller, audience: str, family: Family | None) -> Answer:
        now, seconds = self._now(), self._settings.access_token_seconds
        mfa = caller is Caller.APP_USER and self._settings.user_has_mfa
        token = AccessToken(caller, audience, mfa, now + timedelta(seconds=seconds))
        claims: dict[str, object] = {"tid": self._credentials.tenant_id, "appid": self._credentials.client_id}
        document: dict[str, object] = {
            "token_type": "Bearer",
            "access_token": self.tokens.issue_access(token, claims, now),
        }
        if form.v2:
            document |= {"scope": form.fields["scope"], "expires_in": seconds, "ext_expires_in": seconds}
        else:
            # The v1 endpoint writes its numbers as strings.
            expires_on = str(int(token.expires_at.timestamp()))
            document |= {"resource": audience, "expires_in": str(seconds), "expires_on": expires_on}
        if caller is Caller.APP_USER and "openid" in form.scopes:
            document["id_token"] = jwt({**claims, **ACCOUNT, "aud": self._credentials.client_id})
        if family is not None:
            document["refresh_token"] = self.tokens.issue_refresh(family, now)
        return Answer.of(document)
