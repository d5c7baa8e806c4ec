"""Backups and restores, uploads and downloads."""

import tempfile
from pathlib import Path

from proxmoxer import ResourceException
from proxmoxer.tools import Files

from door import check, first, refused
from tasks import DISKS, ISOS, NODE, done, has

TARGET = "nfs-backup"
IMAGE = "https://cloud.example/noble/noble-server-cloudimg-amd64.img"


def backups(pve):
    """Backs a VM and a container up, restores them as new guests, and deletes the archives."""
    here = pve.nodes(NODE)
    for kind, made, vmid, copy in (("qemu", VM, 7000, 7001), ("lxc", CONTAINER, 7002, 7003)):
        guests = getattr(here, kind)
        check(f"{kind} to back up", lambda: done(pve, guests.create(vmid=vmid, **made)))
        sent = {"vmid": vmid, "storage": TARGET, "mode": "snapshot", "compress": "zstd", "notes-template": "{{guestname}}"}
        check(f"{kind} is backed up", lambda: done(pve, here.vzdump.post(**sent)))
        archives = here.storage(TARGET).content.get(content="backup", vmid=vmid)
        volid = archives[0]["volid"]
        check(f"{kind} archive has its notes", lambda: archives[0]["notes"] == "kept")
        check(f"{kind} archive's configuration", lambda: "kept" in here.vzdump.extractconfig.get(volume=volid))
        check(f"{kind} is restored", lambda: done(pve, restore(guests, kind, copy, volid)))
        check(f"{kind} is as it was", lambda: has(guests(copy).config.get(), memory=made["memory"]))
        check(f"{kind} archive is protected", lambda: here.storage(TARGET).content(volid).put(protected=1) is None)
        check(f"{kind} archive stays", lambda: refused(Exception, lambda: done(pve, delete(here, volid))))
        check(f"{kind} archive is let go", lambda: here.storage(TARGET).content(volid).put(protected=0) is None)
        check(f"{kind} archive is deleted", lambda: done(pve, delete(here, volid)))
        for one in (vmid, copy):
            check(f"{kind} {one} is deleted", lambda: done(pve, guests(one).delete(purge=1)))


VM = {"name": "kept", "memory": 1024, "scsi0": f"{DISKS}:4", "net0": "virtio,bridge=vmbr0"}
CONTAINER = {
    "hostname": "kept",
    "memory": 256,
    "ostemplate": "local:vztmpl/debian-12-standard_12.12-1_amd64.tar.zst",
    "rootfs": f"{DISKS}:4",
    "net0": "name=eth0,bridge=vmbr0,ip=dhcp",
}


def restore(guests, kind, vmid, volid):
    """Starts a restore, in the words of either kind."""
    if kind == "qemu":
        return guests.create(vmid=vmid, archive=volid, storage=DISKS, unique=1)
    return guests.create(vmid=vmid, ostemplate=volid, restore=1, storage=DISKS, unprivileged=1)


def delete(here, volid):
    """Starts the deletion of a volume."""
    return here.storage(volid.split(":")[0]).content(volid).delete()


def files(pve):
    """Uploads an ISO, downloads an image, and makes a VM of it."""
    here = pve.nodes(NODE)
    tool = Files(pve, NODE, ISOS)
    with tempfile.TemporaryDirectory() as folder:
        image = Path(folder) / "small.iso"
        image.write_bytes(bytes(range(256)) * 8192)
        ended = check("ISO is uploaded", lambda: tool.upload_local_file_to_storage(str(image)))
        check("upload ended well", lambda: ended["exitstatus"] == "OK")
    volumes = here.storage(ISOS).content
    check("ISO is listed", lambda: first(volumes.get(content="iso"), volid="local:iso/small.iso", size=2097152))
    check("ISO is deleted", lambda: done(pve, volumes("local:iso/small.iso").delete()))
    check("ISO is gone", lambda: refused(ResourceException, volumes("local:iso/small.iso").get))
    check("address is looked at", lambda: tool.get_file_info(IMAGE)["size"] > 0)
    url = "https://cloud.example/small-live.iso"
    ended = check("ISO is downloaded", lambda: tool.download_file_to_storage(url, "a" * 64, "sha256"))
    check("download ended well", lambda: ended["exitstatus"] == "OK")
    check("downloaded ISO is listed", lambda: first(volumes.get(), volid="local:iso/small-live.iso"))
    imported(pve, here)


def imported(pve, here):
    """Downloads a disk image and makes a VM's disk of it."""
    check("storage takes images", lambda: pve.storage(ISOS).put(content="backup,iso,vztmpl,import")["storage"] == ISOS)
    sent = {"content": "import", "filename": "noble.qcow2", "url": IMAGE}
    check("image is downloaded", lambda: done(pve, here.storage(ISOS)("download-url").post(**sent)))
    disk = f"{DISKS}:0,import-from=local:import/noble.qcow2"
    made = {"vmid": 7010, "name": "imported", "memory": 1024, "scsi0": disk, "ide2": f"{DISKS}:cloudinit"}
    check("VM is made of an image", lambda: done(pve, here.qemu.create(**made)))
    check("image became its disk", lambda: has(here.qemu(7010).config.get(), scsi0=f"{DISKS}:vm-7010-disk-", ide2="media=cdrom"))
    check("VM of an image is deleted", lambda: done(pve, here.qemu(7010).delete(purge=1)))
