"""Waiting for tasks, by proxmoxer's own means."""

import time

from proxmoxer import ResourceException
from proxmoxer.tools import Tasks

NODE = "pve-node01"
OTHER_NODE = "pve-node02"
DISKS = "local-zfs"
ISOS = "local"


def done(pve, upid):
    """True once the task has ended well; raises with its last lines if it did not."""
    status = Tasks.blocking_status(pve, upid, timeout=60, polling_interval=0.05)
    if status is None:
        raise AssertionError(f"{upid} still runs")
    if status["exitstatus"] != "OK":
        log = Tasks.decode_log(pve.nodes(status["node"]).tasks(upid).log.get(limit=0))
        raise AssertionError(f"{status['exitstatus']}: {log}")
    return True


def has(config, **wanted):
    """The configuration, if each of these keys has a value that contains this text."""
    for key, text in wanted.items():
        if str(text) not in str(config.get(key)):
            raise AssertionError(f"{key} is {config.get(key)!r}, not {text!r}")
    return config


def soon(holds):
    """What `holds` gives once that is true: some things happen a while after they were asked for."""
    for _ in range(200):
        try:
            if given := holds():
                return given
        except ResourceException as error:
            print(f"not yet: {error}")
        time.sleep(0.05)
    return False
