"""Counts what is answered, for `cargo xtask scan`: a line for each operation, status and code.

Schemathesis loads this file (SCHEMATHESIS_HOOKS) and calls it after each answer. The lines go to the
file that KEPT_SCAN_COUNTS names: whether the request was sent as the role that is scanned (`own`) or
with its token left out or changed (`other`), method, path as documented, status, code of the problem
or `-`, number.
"""

import atexit
import collections
import os
import threading

import schemathesis

COUNTS = collections.Counter()
LOCK = threading.Lock()
TOKEN = os.environ.get("KEPT_TOKEN")


def whose(response):
    sent = response.request.headers.get("Authorization")
    return "own" if sent == (TOKEN and f"Bearer {TOKEN}") else "other"


def code(response):
    """The code of a problem (RFC 9457) or of a refusal of SCIM (RFC 7644, 3.12)."""
    if response.status_code < 400:
        return "-"
    try:
        body = response.json()
    except ValueError:
        return "-"
    if not isinstance(body, dict):
        return "-"
    return body.get("code") or body.get("scimType") or "-"


@schemathesis.hook
def after_call(context, case, response):
    path = case.operation.path
    key = (whose(response), case.method.upper(), path, response.status_code, code(response))
    with LOCK:
        COUNTS[key] += 1


@atexit.register
def write():
    with open(os.environ["KEPT_SCAN_COUNTS"], "w", encoding="utf-8") as out:
        for key, number in sorted(COUNTS.items()):
            print(*key, number, file=out)
