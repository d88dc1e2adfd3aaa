"""The page at `/`: that the app runs, and what it can be asked. Azure's host has one too, and no function is behind it."""

from collections.abc import Iterable, Iterator
from html import escape

from sandbox.functions_host.functions import Function, HttpTrigger

FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>This functions app runs</title>
<style>
:root {{ color-scheme: light dark }}
body {{ max-width: 52rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif }}
td {{ padding: 0 1rem .25rem 0; vertical-align: top }}
code {{ font: .9em ui-monospace, monospace; overflow-wrap: anywhere }}
</style>
</head>
<body>
<h1>This functions app runs</h1>
<p>On this machine, in the sandbox. It can be asked:</p>
<table>
{rows}</table>
<p>What says <em>a key</em> wants the header <code>x-functions-key</code>.</p>
</body>
</html>
"""


def home_page(functions: Iterable[Function]) -> str:
    """The page.

    Args:
        functions: all with an HTTP trigger.
    """
    return FRAME.format(rows="".join(sorted(_rows(functions))))


def _rows(functions: Iterable[Function]) -> Iterator[str]:
    for function in functions:
        trigger = function.trigger_as(HttpTrigger)
        route, methods = f"/{escape(trigger.route)}", sorted(trigger.methods or {"any method"})
        is_open = trigger.auth_level.lower() == "anonymous"
        leads = is_open and "GET" in methods and "{" not in route
        call = f'<a href="{route}">{route}</a>' if leads else route
        who = "anybody" if is_open else "a key"
        yield f"<tr><td><code>{call}</code></td><td>{', '.join(methods)}</td><td>{who}</td></tr>\n"
