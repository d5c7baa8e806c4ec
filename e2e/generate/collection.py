"""Unpacks one collection of the wheel of Ansible's distribution, and leaves the rest of it: collection.py WHEEL FOLDER"""

import sys
import zipfile

wheel, folder = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    members = [name for name in archive.namelist() if name.startswith("ansible_collections/community/proxmox/")]
    archive.extractall(folder, members)
print(len(members))
