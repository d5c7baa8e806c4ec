"""The inventory of a cluster as users of proxmoxer write it: node by node, its VMs and then its containers."""

import os
from urllib.parse import urlsplit

from proxmoxer import ProxmoxAPI

url = urlsplit(os.environ["PVE_URL"])
user, token_name = os.environ["PVE_TOKEN_ID"].split("!")
proxmox = ProxmoxAPI(
    url.hostname,
    port=url.port,
    user=user,
    token_name=token_name,
    token_value=os.environ["PVE_TOKEN_SECRET"],
    verify_ssl=os.environ["PVE_CA_FILE"],
)

for node in proxmox.nodes.get():
    for vm in proxmox.nodes(node["node"]).qemu.get():
        if not vm.get("template"):
            print(f"{vm['vmid']} {vm['name']} {node['node']} {vm['status']} {vm['mem']} / {vm['maxmem']}")
    for container in proxmox.nodes(node["node"]).lxc.get():
        if not container.get("template"):
            print(f"{container['vmid']} {container['name']} {node['node']} {container['status']}")
