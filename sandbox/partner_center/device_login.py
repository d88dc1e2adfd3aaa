"""The page where a user enters a device code: here whoever enters it is signed in."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.partner_center.pending_sign_in import DeviceDecision
from sandbox.partner_center.state import PartnerCenter

_FORM = """<!doctype html><title>Sign in</title>
<form><label>Code <input name="code" autofocus></label> <button>Sign in</button></form>"""


def device_login(partner_center: PartnerCenter) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return the handler of `GET /devicelogin`, which shows a form, and of `GET /devicelogin?code=`, which approves."""

    async def serve(request: web.Request) -> web.Response:
        code = request.query.get("code")
        if code is None:
            return web.Response(text=_FORM, content_type="text/html")
        if partner_center.sign_in.pending.decide(code.strip(), DeviceDecision.APPROVED):
            return web.Response(text="You are signed in. You can close this window.")
        return web.Response(text="There is no such code.", status=404)

    return serve
