"""The routes of the simulator."""

from aiohttp import web

from sandbox.partner_center.control import Control
from sandbox.partner_center.device_login import device_login
from sandbox.partner_center.exchange import Exchange
from sandbox.partner_center.state import PartnerCenter
from sandbox.partner_center.vocabulary import Operation

_ROUTES = (
    ("GET", "/v1/customers/all/validations", Operation.CODES),
    ("GET", "/v1/customers/{customer}/qualifications", Operation.GET),
    ("POST", "/v1/customers/{customer}/qualifications", Operation.POST),
    ("GET", "/v1/customers/{customer}/qualification", Operation.GET_SYNCHRONOUS),
    ("PUT", "/v1/customers/{customer}/qualification", Operation.PUT),
    ("GET", "/v1/customers/{customer}/validations", Operation.RELATIONSHIP),
    ("POST", "/{tenant}/oauth2/token", Operation.TOKEN),
    ("POST", "/{tenant}/oauth2/v2.0/token", Operation.TOKEN),
    ("POST", "/{tenant}/oauth2/v2.0/devicecode", Operation.DEVICE_CODE),
    ("GET", "/{tenant}/oauth2/v2.0/authorize", Operation.AUTHORIZE),
)


def application(partner_center: PartnerCenter, exchange: Exchange) -> web.Application:
    """Return the web application: Partner Center, its sign-in endpoint, and the control of both."""
    app = web.Application()
    for method, path, operation in _ROUTES:
        app.router.add_route(method, path, exchange.handler(operation))
    app.router.add_route("GET", "/devicelogin", device_login(partner_center))
    Control(partner_center).add_routes(app.router)
    app.router.add_route("*", "/{path:.*}", exchange.handler(Operation.OTHER))
    return app
