# A VM of a cloud image and a container, as users of the provider write them. Endpoint and token come from the environment.

terraform {
  required_providers {
    proxmox = {
      source = "bpg/proxmox"
    }
  }
}

provider "proxmox" {}

variable "cores" {
  type    = number
  default = 2
}

variable "memory" {
  type    = number
  default = 512
}

resource "proxmox_virtual_environment_download_file" "iso" {
  node_name    = "pve-node01"
  datastore_id = "local"
  content_type = "iso"
  url          = "https://cloud.example/rescue.iso"
}

resource "proxmox_virtual_environment_vm" "web" {
  node_name       = "pve-node01"
  vm_id           = 5200
  name            = "web"
  description     = "Managed by OpenTofu"
  tags            = ["tofu"]
  stop_on_destroy = true

  clone {
    vm_id = 9001
    full  = true
  }

  agent {
    enabled = true
  }

  cpu {
    cores = var.cores
    type  = "x86-64-v2-AES"
  }

  memory {
    dedicated = 1024
  }

  disk {
    datastore_id = "local-zfs"
    interface    = "scsi0"
    file_format  = "raw"
    size         = 10
    discard      = "on"
    iothread     = true
  }

  initialization {
    datastore_id = "local-zfs"

    ip_config {
      ipv4 {
        address = "10.0.0.52/24"
        gateway = "10.0.0.1"
      }
    }

    user_account {
      username = "ops"
      keys     = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8m1Hn0u5o2uFz7yDqkqv2m5b1yQvVJpB0m3T6m9cXd ops"]
    }
  }

  network_device {
    bridge = "vmbr0"
  }
}

resource "proxmox_virtual_environment_container" "box" {
  node_name    = "pve-node02"
  vm_id        = 6200
  description  = "Managed by OpenTofu"
  unprivileged = true

  operating_system {
    template_file_id = "local:vztmpl/debian-12-standard_12.12-1_amd64.tar.zst"
    type             = "debian"
  }

  disk {
    datastore_id = "local-zfs"
    size         = 4
  }

  memory {
    dedicated = var.memory
  }

  initialization {
    hostname = "box"

    ip_config {
      ipv4 {
        address = "dhcp"
      }
    }

    user_account {
      password = "secret"
    }
  }

  network_interface {
    name = "eth0"
  }
}
