"""What every script here shares: how to log in, and checks that print `ok NAME` or `not ok NAME: WHY`."""

import os
import sys
from urllib.parse import urlsplit

from proxmoxer import ProxmoxAPI

url = urlsplit(os.environ["PVE_URL"])
where = {"host": url.hostname, "port": url.port, "verify_ssl": os.environ["PVE_CA_FILE"], "timeout": 20}
username = os.environ["PVE_USERNAME"]
failures = 0


def by_password():
    """A connection with a ticket, which proxmoxer renews and adds the CSRF token to."""
    return ProxmoxAPI(user=username, password=os.environ["PVE_PASSWORD"], **where)


def by_token():
    """A connection with an API token."""
    user, token_name = os.environ["PVE_TOKEN_ID"].split("!")
    return ProxmoxAPI(user=user, token_name=token_name, token_value=os.environ["PVE_TOKEN_SECRET"], **where)


def check(name, act):
    """Runs one check: it fails by raising, or by giving False, None or something empty."""
    global failures
    try:
        given = act()
        if given is False or (not given and given != 0):
            raise AssertionError(f"got {given!r}")
        print(f"ok {name}")
        return given
    except Exception as error:  # whatever goes wrong is this check's failure, not the end of the others
        failures += 1
        print(f"not ok {name}: {type(error).__name__}: {error}".replace("\n", " "))
        return None


def refused(kind, act):
    """True if `act` raises this kind of error, and only then."""
    try:
        act()
    except kind:
        return True
    return False


def every(rows, *keys):
    """The rows, if there are any and each has these keys."""
    for row in rows:
        for key in keys:
            if key not in row:
                raise AssertionError(f"no {key} in {row}")
    return rows


def first(rows, **wanted):
    """The first row that has these values."""
    return next(row for row in rows if all(row.get(key) == value for key, value in wanted.items()))


def end():
    """Ends the script: with 1 if a check failed."""
    sys.exit(1 if failures else 0)
