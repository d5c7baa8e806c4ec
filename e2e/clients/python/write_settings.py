"""Pools, HA, firewall, users and backup jobs."""

from proxmoxer import ResourceException

from door import check, first, refused
from tasks import DISKS, NODE, done, soon

VMID = 8000


def settings(pve):
    """Makes one VM, and puts it under everything that a cluster has."""
    here = pve.nodes(NODE)
    made = {"vmid": VMID, "name": "settled", "memory": 512, "scsi0": f"{DISKS}:1", "net0": "virtio,bridge=vmbr0"}
    check("VM to be put in order", lambda: done(pve, here.qemu.create(**made)))
    pool(pve)
    firewall(pve, here.qemu(VMID).firewall)
    access(pve)
    backup_jobs(pve)
    high_availability(pve, here)
    check("VM put in order is deleted", lambda: done(pve, here.qemu(VMID).delete(purge=1)))


def pool(pve):
    """Makes a pool, fills, empties and deletes it."""
    check("pool is made", lambda: pve.pools.post(poolid="team", comment="ours") is None)
    check("VM joins the pool", lambda: pve.pools("team").put(vms=VMID) is None)
    check("pool holds the VM", lambda: first(pve.pools("team").get()["members"], vmid=VMID))
    check("full pool stays", lambda: refused(ResourceException, pve.pools("team").delete))
    check("VM leaves the pool", lambda: pve.pools("team").put(vms=VMID, delete=1) is None)
    check("pool is deleted", lambda: pve.pools("team").delete() is None)


def firewall(pve, its):
    """Rules of a VM, its options, and a security group."""
    rule = {"type": "in", "action": "ACCEPT", "proto": "tcp", "dport": "22", "source": "10.0.0.0/8", "enable": 1}
    check("rule is added", lambda: its.rules.post(comment="SSH", **rule) is None)
    check("rule is listed", lambda: first(its.rules.get(), dport="22", pos=0))
    check("rule is changed", lambda: its.rules(0).put(dport="2222") is None)
    check("rule has changed", lambda: its.rules(0).get()["dport"] == "2222")
    check("bad rule is refused", lambda: refused(ResourceException, lambda: its.rules.post(type="in", action="ACCEPT", dport="x y")))
    check("rule is deleted", lambda: its.rules(0).delete() is None)
    check("firewall is switched on", lambda: its.options.put(enable=1, policy_in="DROP") is None)
    check("firewall is on", lambda: its.options.get()["enable"] == 1)
    groups = pve.cluster.firewall.groups
    check("group is made", lambda: groups.post(group="shop", comment="shop servers") is None)
    check("group gets a rule", lambda: groups("shop").post(type="in", action="ACCEPT", macro="HTTPS", enable=1) is None)
    check("VM gets the group", lambda: its.rules.post(type="group", action="shop", enable=1) is None)
    check("VM loses the group", lambda: its.rules(0).delete() is None)
    check("rule of the group is deleted", lambda: groups("shop")(0).delete() is None)
    check("group is deleted", lambda: groups("shop").delete() is None)


def access(pve):
    """A user with a role of its own and a token."""
    check("role is made", lambda: pve.access.roles.post(roleid="Starter", privs="VM.PowerMgmt,VM.Audit") is None)
    check("user is made", lambda: pve.access.users.post(userid="bot@pve", comment="starts things") is None)
    check("user may start the VM", lambda: pve.access.acl.put(path=f"/vms/{VMID}", users="bot@pve", roles="Starter") is None)
    made = check("token is made", lambda: pve.access.users("bot@pve").token("ci").post(privsep=0))
    check("token has its name", lambda: made["full-tokenid"] == "bot@pve!ci" and len(made["value"]) == 36)
    check("token is deleted", lambda: pve.access.users("bot@pve").token("ci").delete() is None)
    check("user is deleted", lambda: pve.access.users("bot@pve").delete() is None)
    check("role is deleted", lambda: pve.access.roles("Starter").delete() is None)


def backup_jobs(pve):
    """A backup job, by the id that it was given."""
    job = {"id": "nightly", "schedule": "02:30", "storage": "nfs-backup", "vmid": VMID, "prune-backups": "keep-last=3"}
    check("backup job is made", lambda: pve.cluster.backup.post(**job) is None)
    check("backup job is changed", lambda: pve.cluster.backup("nightly").put(schedule="sun 03:00") is None)
    check("backup job has changed", lambda: pve.cluster.backup("nightly").get()["schedule"] == "sun 03:00")
    check("backup job is deleted", lambda: pve.cluster.backup("nightly").delete() is None)


def high_availability(pve, here):
    """HA starts the VM, stops it, and lets it go."""
    sid = f"vm:{VMID}"
    resources = pve.cluster.ha.resources
    check("HA takes the VM", lambda: resources.post(sid=sid, state="started", max_restart=2) is None)
    check("HA starts it", lambda: soon(lambda: here.qemu(VMID).status.current.get()["status"] == "running"))
    check("HA tells of it", lambda: first(pve.cluster.ha.status.current.get(), sid=sid)["node"] == NODE)
    check("HA is told to stop it", lambda: resources(sid).put(state="stopped") is None)
    check("HA stops it", lambda: soon(lambda: here.qemu(VMID).status.current.get()["status"] == "stopped"))
    check("HA lets it go", lambda: resources(sid).delete() is None)
