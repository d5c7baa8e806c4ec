"""The life of a container."""

from proxmoxer import ResourceException

from door import check, refused
from tasks import DISKS, NODE, OTHER_NODE, done, has, soon


def containers(pve):
    """Creates a container from a template, starts, changes, migrates, stops and destroys it."""
    here = pve.nodes(NODE)
    ctid = 6000
    created = {
        "vmid": ctid,
        "ostemplate": "local:vztmpl/debian-12-standard_12.12-1_amd64.tar.zst",
        "hostname": "boxed",
        "rootfs": f"{DISKS}:4",
        "memory": 512,
        "swap": 0,
        "cores": 1,
        "net0": "name=eth0,bridge=vmbr0,ip=dhcp",
        "unprivileged": 1,
        "features": "nesting=1",
        "password": "secret",
    }
    check("container is created", lambda: done(pve, here.lxc.create(**created)))
    ct = here.lxc(ctid)
    check("container has its disk and NIC", lambda: has(ct.config.get(), rootfs="size=4G", net0="bridge=vmbr0"))
    check("container starts", lambda: done(pve, ct.status.start.post()))
    check("container runs", lambda: ct.status.current.get()["status"] == "running")
    check("container is not started twice", lambda: refused(ResourceException, ct.status.start.post))
    check("container's interfaces", lambda: soon(lambda: [row for row in ct.interfaces.get() if row["name"] == "eth0" and row.get("inet")]))
    check("running container is not destroyed", lambda: refused(ResourceException, ct.delete))
    check("memory changes", lambda: ct.config.put(memory=1024, description="by proxmoxer") is None)
    check("memory has changed", lambda: has(ct.config.get(), memory=1024))
    check("volume is made larger", lambda: done(pve, ct.resize.put(disk="rootfs", size="+1G")))
    check("mount point is added", lambda: ct.config.put(mp0=f"{DISKS}:2,mp=/srv,backup=1") is None)
    check("container's snapshot", lambda: done(pve, ct.snapshot.post(snapname="clean")))
    check("container is rebooted", lambda: done(pve, ct.status.reboot.post()))
    check("container goes back to its snapshot", lambda: done(pve, ct.snapshot("clean").rollback.post(start=1)))
    check("container's snapshot is deleted", lambda: done(pve, ct.snapshot("clean").delete()))
    check("container migrates", lambda: done(pve, ct.migrate.post(target=OTHER_NODE, restart=1)))
    there = pve.nodes(OTHER_NODE).lxc(ctid)
    check("container runs there", lambda: there.status.current.get()["status"] == "running")
    check("container is shut down", lambda: done(pve, there.status.shutdown.post(timeout=30)))
    check("container is cloned", lambda: done(pve, there.clone.post(newid=6001, hostname="second", full=1)))
    check("clone starts again", lambda: done(pve, pve.nodes(OTHER_NODE).lxc(6001).status.start.post()))
    check("clone of a container stops", lambda: done(pve, pve.nodes(OTHER_NODE).lxc(6001).status.stop.post()))
    for one in (6001, ctid):
        check(f"container {one} is destroyed", lambda c=one: done(pve, pve.nodes(OTHER_NODE).lxc(c).delete(purge=1)))
