package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/luthermonson/go-proxmox"
)

// backupWrites backs a VM up, restores it as a new one, and deletes the archive.
func backupWrites(ctx context.Context, client *proxmox.Client, node *proxmox.Node) {
	const vmid, copied = 7100, 7101
	check("VM to back up", func() error {
		task, err := node.NewVirtualMachine(ctx, vmid, vmOption("name", "kept"), vmOption("memory", 512), vmOption("scsi0", disks+":4"))
		return done(ctx, task, err)
	})
	check("VM is backed up", func() error {
		task, err := node.Vzdump(ctx, &proxmox.VirtualMachineBackupOptions{
			VMID: vmid, Storage: "nfs-backup", Mode: proxmox.VirtualMachineBackupModeSnapshot,
			Compress: proxmox.VirtualMachineBackupCompressZstd,
		})
		return done(ctx, task, err)
	})
	storage, volid := archiveOf(ctx, node, vmid)
	check("archive is listed", func() error { return contains(volid, fmt.Sprintf("vzdump-qemu-%d-", vmid)) })
	check("archive's configuration", func() error {
		config, err := node.VzdumpExtractConfig(ctx, volid)
		if err != nil {
			return err
		}
		return equal(config.Memory, 512)
	})
	check("VM is restored", func() error {
		task, err := node.NewVirtualMachine(ctx, copied, vmOption("archive", volid), vmOption("storage", disks), vmOption("unique", 1))
		return done(ctx, task, err)
	})
	check("archive is deleted", func() error {
		archive, err := storage.Backup(ctx, filepath.Base(volid))
		if err != nil {
			return err
		}
		task, err := archive.Delete(ctx)
		return done(ctx, task, err)
	})
	for _, id := range []int{vmid, copied} {
		check(fmt.Sprintf("VM %d is deleted", id), func() error {
			vm, err := node.VirtualMachine(ctx, id)
			if err != nil {
				return err
			}
			task, err := vm.Delete(ctx, nil)
			return done(ctx, task, err)
		})
	}
}

// archiveOf gives the backup storage and the volume id of a VM's archive there.
func archiveOf(ctx context.Context, node *proxmox.Node, vmid int) (*proxmox.Storage, string) {
	storage, err := node.Storage(ctx, "nfs-backup")
	if err != nil {
		return nil, err.Error()
	}
	content, err := storage.GetContent(ctx)
	if err != nil {
		return storage, err.Error()
	}
	for _, volume := range content {
		if strings.Contains(volume.Volid, fmt.Sprintf("vzdump-qemu-%d-", vmid)) {
			return storage, volume.Volid
		}
	}
	return storage, "no archive"
}

// fileWrites uploads and downloads ISOs.
func fileWrites(ctx context.Context, node *proxmox.Node) {
	storage, err := node.Storage(ctx, "local")
	check("ISO storage", func() error { return err })
	if err != nil {
		return
	}
	folder, err := os.MkdirTemp("", "go-client-")
	check("folder", func() error { return err })
	defer func() { _ = os.RemoveAll(folder) }()
	path := filepath.Join(folder, "small.iso")
	check("ISO is written", func() error { return os.WriteFile(path, make([]byte, 3<<20), 0o600) })
	check("ISO is uploaded", func() error { task, err := storage.Upload("iso", path); return done(ctx, task, err) })
	check("ISO is downloaded", func() error {
		task, err := storage.DownloadURL(ctx, "iso", "live.iso", "https://cloud.example/live.iso")
		return done(ctx, task, err)
	})
	check("download from nowhere fails", func() error {
		task, err := storage.DownloadURL(ctx, "iso", "no.iso", "https://nowhere.invalid/no.iso")
		return refused(done(ctx, task, err))
	})
	for _, name := range []string{"small.iso", "live.iso"} {
		check(name+" is deleted", func() error {
			iso, err := storage.ISO(ctx, name)
			if err != nil {
				return err
			}
			task, err := iso.Delete(ctx)
			return done(ctx, task, err)
		})
	}
}
