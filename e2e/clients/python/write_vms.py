"""The life of a VM, and VMs that come from a template."""

from urllib.parse import quote

from proxmoxer import ResourceException

from door import check, first, refused
from tasks import DISKS, ISOS, NODE, OTHER_NODE, done, has, soon

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8m1Hn0u5o2uFz7yDqkqv2m5b1yQvVJpB0m3T6m9cXd somebody@example"


def vms(pve):
    """Creates a VM with a disk and a NIC, changes and moves it, and deletes it."""
    vmid = int(pve.cluster.nextid.get())
    here = pve.nodes(NODE)
    created = {
        "vmid": vmid,
        "name": "written",
        "memory": 2048,
        "cores": 2,
        "ostype": "l26",
        "scsihw": "virtio-scsi-single",
        "scsi0": f"{DISKS}:8,discard=on,iothread=1",
        "net0": "virtio,bridge=vmbr0,tag=40,firewall=1",
        "ide2": f"{ISOS}:iso/debian-13.3.0-amd64-netinst.iso,media=cdrom",
        "boot": "order=scsi0;ide2;net0",
        "agent": 1,
    }
    check("VM is created", lambda: done(pve, here.qemu.create(**created)))
    vm = here.qemu(vmid)
    check("VM has its disk and NIC", lambda: has(vm.config.get(), scsi0="size=8G", net0="tag=40", cores=2))
    check("VM id is taken", lambda: refused(ResourceException, lambda: here.qemu.create(**created)))
    power(pve, vm)
    change(pve, vm)
    snapshots(pve, vm)
    move(pve, vmid)


def power(pve, vm):
    """Starts, suspends, resumes, reboots, shuts down, starts again and stops."""
    check("VM starts", lambda: done(pve, vm.status.start.post()))
    check("VM runs", lambda: vm.status.current.get()["status"] == "running")
    check("running VM is not deleted", lambda: refused(ResourceException, vm.delete))
    check("VM is suspended", lambda: done(pve, vm.status.suspend.post()))
    check("VM is paused", lambda: vm.status.current.get()["qmpstatus"] == "paused")
    check("VM is resumed", lambda: done(pve, vm.status.resume.post()))
    check("VM is rebooted", lambda: done(pve, vm.status.reboot.post(timeout=60)))
    check("VM is shut down", lambda: done(pve, vm.status.shutdown.post(timeout=60, forceStop=1)))
    check("VM is off", lambda: vm.status.current.get()["status"] == "stopped")
    check("VM starts again", lambda: done(pve, vm.status.start.post()))
    check("VM is reset", lambda: done(pve, vm.status.reset.post()))


def change(pve, vm):
    """Changes what takes hold at once and what waits, adds and removes a disk, and makes one larger."""
    check("config change is a task", lambda: done(pve, vm.config.post(description="by proxmoxer", tags="b;A")))
    check("tags are sorted", lambda: has(vm.config.get(), tags="a;b", description="by proxmoxer"))
    check("config change without a task", lambda: vm.config.put(cores=4) is None)
    check("cores wait for a restart", lambda: first(vm.pending.get(), key="cores")["pending"] in (4, "4"))
    check("disk is made larger", lambda: done(pve, vm.resize.put(disk="scsi0", size="+2G")))
    check("disk is larger", lambda: has(vm.config.get(), scsi0="size=10G"))
    smaller = {"disk": "scsi0", "size": "1G"}
    check("disk is not made smaller", lambda: refused(AssertionError, lambda: done(pve, vm.resize.put(**smaller))))
    check("disk is added", lambda: done(pve, vm.config.post(scsi1=f"{DISKS}:4")))
    check("disk is unlinked with its volume", lambda: vm.unlink.put(idlist="scsi1", force=1) is None)
    check("disk is gone", lambda: "scsi1" not in vm.config.get() and "unused0" not in vm.config.get())
    old = vm.config.get()["digest"]
    check("config with its digest", lambda: vm.config.put(onboot=1, digest=old) is None)
    check("config with an old digest", lambda: refused(ResourceException, lambda: vm.config.put(onboot=0, digest=old)))
    check("VM is stopped", lambda: done(pve, vm.status.stop.post()))
    check("cores wait no more", lambda: has(vm.config.get(), cores=4))


def snapshots(pve, vm):
    """Takes a snapshot, changes something, and goes back."""
    check("snapshot is taken", lambda: done(pve, vm.snapshot.post(snapname="before", description="as it was")))
    check("snapshot is listed", lambda: first(vm.snapshot.get(), name="before", description="as it was"))
    check("snapshot is described anew", lambda: vm.snapshot("before").config.put(description="all well") is None)
    check("name changes", lambda: vm.config.put(name="renamed") is None)
    check("snapshot is rolled back to", lambda: done(pve, vm.snapshot("before").rollback.post()))
    check("name is the old one", lambda: has(vm.config.get(), name="written", parent="before"))
    check("snapshot is deleted", lambda: done(pve, vm.snapshot("before").delete()))
    check("snapshot is gone", lambda: [row["name"] for row in vm.snapshot.get()] == ["current"])


def move(pve, vmid):
    """Migrates live, moves the disk to another storage, and deletes the VM."""
    vm = pve.nodes(NODE).qemu(vmid)
    check("VM starts to be moved", lambda: done(pve, vm.status.start.post()))
    check("CD is taken out", lambda: vm.config.put(ide2="none,media=cdrom") is None)
    check("migration is allowed", lambda: vm.migrate.get(target=OTHER_NODE)["running"])
    sent = {"target": OTHER_NODE, "online": 1, "with-local-disks": 1}
    check("VM migrates live", lambda: done(pve, vm.migrate.post(**sent)))
    there = pve.nodes(OTHER_NODE).qemu(vmid)
    check("VM runs on the other node", lambda: there.status.current.get()["status"] == "running")
    check("VM is gone from the first node", lambda: refused(ResourceException, vm.config.get))
    scratch = {"storage": "scratch", "type": "dir", "path": "/mnt/scratch", "content": "images,rootdir"}
    check("storage is defined", lambda: pve.storage.post(**scratch)["storage"] == "scratch")
    moved = {"disk": "scsi0", "storage": "scratch", "format": "qcow2", "delete": 1}
    check("disk moves", lambda: done(pve, there.move_disk.post(**moved)))
    check("disk is there", lambda: has(there.config.get(), scsi0=f"scratch:{vmid}/vm-{vmid}-disk-0.qcow2"))
    check("VM is stopped to be deleted", lambda: done(pve, there.status.stop.post()))
    check("VM is deleted", lambda: done(pve, there.delete(purge=1, **{"destroy-unreferenced-disks": 1})))
    check("no disk is left", lambda: pve.nodes(OTHER_NODE).storage("scratch").content.get() == [])
    check("storage is removed", lambda: pve.storage("scratch").delete() is None)


def templates(pve):
    """Clones a cloud image, sets it up with cloud-init, starts it and asks its agent."""
    here = pve.nodes(NODE)
    template = first(here.qemu.get(), name="debian-12-cloud")["vmid"]
    vmid, linked = 5000, 5001
    sent = {"newid": vmid, "name": "from-template", "full": 1, "storage": DISKS, "pool": "development"}
    check("template is cloned", lambda: done(pve, here.qemu(template).clone.post(**sent)))
    vm = here.qemu(vmid)
    cloud_init = {"ciuser": "ops", "cipassword": "secret", "ipconfig0": "ip=10.0.0.9/24,gw=10.0.0.1", "cores": 1}
    check("cloud-init is set", lambda: vm.config.put(sshkeys=quote(KEY, safe=""), **cloud_init) is None)
    check("key is kept as it was sent", lambda: vm.config.get()["sshkeys"].startswith("ssh-ed25519%20"))
    check("password is not given away", lambda: has(vm.config.get(), cipassword="**********"))
    check("drive is made anew", lambda: vm.cloudinit.put() is None)
    check("user data", lambda: "ops" in vm.cloudinit.dump.get(type="user"))
    check("disk of the clone grows", lambda: done(pve, vm.resize.put(disk="scsi0", size="20G")))
    check("clone starts", lambda: done(pve, vm.status.start.post()))
    check("linked clone", lambda: done(pve, here.qemu(template).clone.post(newid=linked, name="linked")))
    check("template with linked clones stays", lambda: refused(Exception, lambda: done(pve, here.qemu(template).delete())))
    check("linked clone is deleted", lambda: done(pve, here.qemu(linked).delete()))
    check("agent answers", lambda: soon(lambda: vm.agent("network-get-interfaces").get()["result"]))
    check("clone becomes no template while it runs", lambda: refused(ResourceException, vm.template.post))
    check("clone stops", lambda: done(pve, vm.status.stop.post()))
    check("clone becomes a template", lambda: done(pve, vm.template.post()))
    check("new template is deleted", lambda: done(pve, vm.delete(purge=1)))
