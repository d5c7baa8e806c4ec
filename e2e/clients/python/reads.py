"""What users of proxmoxer read, on whatever cluster is given. Prints `ok NAME` or `not ok NAME: WHY` for each."""

from proxmoxer import ProxmoxAPI, ResourceException
from proxmoxer.core import AuthenticationError

from door import by_password, by_token, check, end, every, first, refused, username, where


def guests(how, pve, kind, config_keys):
    """Every guest of a kind, node by node, as the loops in proxmoxer's documentation read them."""

    def read():
        seen = []
        for node in pve.nodes.get():
            for guest in every(getattr(pve.nodes(node["node"]), kind).get(), "vmid", "name", "status"):
                seen.append((node["node"], guest))
        assert seen, "no guests at all"
        return seen

    seen = check(f"{how} {kind} lists of every node", read) or []
    if not seen:
        return
    node, guest = first_running(seen)
    one = getattr(pve.nodes(node), kind)(guest["vmid"])
    check(f"{how} {kind} status", lambda: every([one.status.current.get()], "status", "vmid", "mem", "maxmem"))
    check(f"{how} {kind} config", lambda: every([one.config.get()], "digest", *config_keys))
    check(f"{how} {kind} snapshots end in current", lambda: first(one.snapshot.get(), name="current"))
    check(f"{how} {kind} history", lambda: every(one.rrddata.get(timeframe="hour"), "time"))
    check(f"{how} {kind} pending", lambda: every(one.pending.get(), "key"))


def first_running(seen):
    """A guest that runs, and its node."""
    return next(pair for pair in seen if pair[1]["status"] == "running")


def reads(how, pve):
    """The reads that proxmoxer's users write most."""
    check(f"{how} version", lambda: every([pve.version.get()], "version", "release", "repoid"))
    nodes = check(f"{how} nodes", lambda: every(pve.nodes.get(), "node", "status")) or []
    node = first(nodes, status="online")["node"]
    here = pve.nodes(node)
    check(f"{how} node status", lambda: every([here.status.get()], "cpuinfo", "memory", "loadavg", "uptime"))
    check(f"{how} node history", lambda: every(here.rrddata.get(timeframe="day", cf="MAX"), "time"))
    check(f"{how} cluster status", lambda: first(pve.cluster.status.get(), type="cluster")["quorate"])
    for kind in ("vm", "node", "storage"):
        check(f"{how} resources {kind}", lambda k=kind: every(pve.cluster.resources.get(type=k), "id", "type"))
    check(f"{how} all resources by positional path", lambda: every(pve("cluster/resources").get(), "id", "type"))
    check(f"{how} next free id", lambda: int(pve.cluster.nextid.get()) >= 100)
    guests(how, pve, "qemu", ("memory",))
    guests(how, pve, "lxc", ("rootfs",))
    check(f"{how} storage definitions", lambda: every(pve.storage.get(), "storage", "type"))
    stores = check(f"{how} node storage", lambda: every(here.storage.get(), "storage", "total", "used")) or []
    with_images = next(store["storage"] for store in stores if "images" in store["content"])
    check(f"{how} storage content", lambda: every(here.storage(with_images).content.get(), "volid", "size", "format"))
    check(f"{how} storage status", lambda: every([here.storage(with_images).status.get()], "total", "avail"))
    check(f"{how} backup jobs", lambda: every(pve.cluster.backup.get(), "id", "schedule"))
    tasks = check(f"{how} tasks", lambda: every(here.tasks.get(limit=5), "upid", "type", "starttime")) or []
    if tasks:
        upid = tasks[0]["upid"]
        check(f"{how} task status", lambda: every([here.tasks(upid).status.get()], "status", "upid"))
        check(f"{how} task log", lambda: every(here.tasks(upid).log.get(limit=0), "n", "t"))
    check(f"{how} pools", lambda: every(pve.pools.get(), "poolid"))
    check(f"{how} users", lambda: first(pve.access.users.get(), userid="root@pam"))
    check(f"{how} roles", lambda: first(pve.access.roles.get(), roleid="PVEAuditor"))
    check(f"{how} permissions", lambda: pve.access.permissions.get()["/"])
    check(f"{how} network", lambda: every(here.network.get(), "iface", "type"))
    check(f"{how} HA status", lambda: first(pve.cluster.ha.status.current.get(), type="quorum"))
    check(f"{how} absent VM is an error", lambda: refused(ResourceException, here.qemu(999999).config.get))
    check(f"{how} absent route is an error", lambda: refused(ResourceException, pve.nodes(node).nothing.get))
    check(f"{how} bad parameter is an error", lambda: refused(ResourceException, lambda: here.tasks.get(limit="x")))


reads("password", by_password())
reads("token", by_token())
check(
    "wrong password is refused",
    lambda: refused(AuthenticationError, lambda: ProxmoxAPI(user=username, password="wrong", **where)),
)
end()
