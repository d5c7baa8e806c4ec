package main

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/luthermonson/go-proxmox"
)

// vmWrites creates a VM with a disk and a NIC, changes it in every way, moves it, and deletes it.
func vmWrites(ctx context.Context, client *proxmox.Client, node *proxmox.Node) {
	const vmid = 5100
	check("VM is created", func() error {
		task, err := node.NewVirtualMachine(ctx, vmid,
			vmOption("name", "written"), vmOption("memory", 2048), vmOption("cores", 2), vmOption("ostype", "l26"),
			vmOption("scsihw", "virtio-scsi-single"), vmOption("scsi0", disks+":8,discard=on,iothread=1"),
			vmOption("net0", "virtio,bridge=vmbr0,tag=40"), vmOption("boot", "order=scsi0;net0"), vmOption("agent", "1"))
		return done(ctx, task, err)
	})
	vm, err := node.VirtualMachine(ctx, vmid)
	check("VM is read", func() error { return err })
	if err != nil {
		return
	}
	check("VM has its disk", func() error {
		return contains(vm.VirtualMachineConfig.SCSIs["scsi0"], "size=8G")
	})
	vmPower(ctx, vm)
	vmChanges(ctx, vm)
	vmSnapshots(ctx, vm)
	vmMoves(ctx, client, vm)
}

func contains(text, part string) error {
	if strings.Contains(text, part) {
		return nil
	}
	return equal(text, part)
}

func vmPower(ctx context.Context, vm *proxmox.VirtualMachine) {
	steps := []struct {
		name, status string
		act          func(context.Context) (*proxmox.Task, error)
	}{
		{"starts", "running", vm.Start},
		{"is paused", "running", vm.Pause},
		{"is resumed", "running", vm.Resume},
		{"is rebooted", "running", vm.Reboot},
		{"is hibernated", "stopped", vm.Hibernate},
		{"wakes", "running", vm.Start},
		{"is reset", "running", vm.Reset},
		{"is shut down", "stopped", vm.Shutdown},
	}
	for _, step := range steps {
		check("VM "+step.name, func() error { task, err := step.act(ctx); return done(ctx, task, err) })
		// Not at once: the task of a reboot ends when the VM is off, and something else starts it.
		check("VM that "+step.name+", status", func() error { return becomes(ctx, vm, step.status) })
	}
}

// becomes passes once the VM has a status.
func becomes(ctx context.Context, vm *proxmox.VirtualMachine, status string) error {
	return soon(func() error {
		if err := vm.Ping(ctx); err != nil {
			return err
		}
		return equal(vm.Status, status)
	})
}

func vmChanges(ctx context.Context, vm *proxmox.VirtualMachine) {
	check("VM config changes", func() error {
		task, err := vm.Config(ctx, vmOption("cores", 4), vmOption("description", "by go-proxmox"))
		return done(ctx, task, err)
	})
	check("VM config changes without a task", func() error { return vm.ConfigSync(ctx, vmOption("onboot", 1)) })
	check("VM gets a tag", func() error { task, err := vm.AddTag(ctx, "gold"); return done(ctx, task, err) })
	check("VM config has changed", func() error {
		if err := vm.Ping(ctx); err != nil {
			return err
		}
		if err := equal(vm.VirtualMachineConfig.Tags, "gold"); err != nil {
			return err
		}
		return equal(*vm.VirtualMachineConfig.Cores, 4)
	})
	check("VM loses its tag", func() error { task, err := vm.RemoveTag(ctx, "gold"); return done(ctx, task, err) })
	check("VM disk grows", func() error { task, err := vm.ResizeDisk(ctx, "scsi0", "+2G"); return done(ctx, task, err) })
	check("VM disk does not shrink", func() error {
		task, err := vm.ResizeDisk(ctx, "scsi0", "1G")
		return refused(done(ctx, task, err))
	})
	check("VM gets a disk", func() error {
		task, err := vm.Config(ctx, vmOption("scsi1", disks+":4"))
		return done(ctx, task, err)
	})
	check("VM loses a disk", func() error { _, err := vm.UnlinkDisk(ctx, "scsi1", true); return err })
}

func vmSnapshots(ctx context.Context, vm *proxmox.VirtualMachine) {
	check("VM snapshot", func() error { task, err := vm.NewSnapshot(ctx, "before"); return done(ctx, task, err) })
	check("VM is renamed", func() error { return vm.ConfigSync(ctx, vmOption("name", "renamed")) })
	snapshot := vm.Snapshot("before")
	check("VM snapshot's configuration", func() error {
		config, err := snapshot.Config(ctx)
		if err != nil {
			return err
		}
		return equal[any](config["name"], "written")
	})
	check("VM rolls back", func() error { task, err := snapshot.Rollback(ctx); return done(ctx, task, err) })
	check("VM has its old name", func() error {
		if err := vm.Ping(ctx); err != nil {
			return err
		}
		return equal(vm.VirtualMachineConfig.Name, "written")
	})
	check("VM snapshot is deleted", func() error { task, err := snapshot.Delete(ctx); return done(ctx, task, err) })
}

func vmMoves(ctx context.Context, client *proxmox.Client, vm *proxmox.VirtualMachine) {
	check("VM starts to be moved", func() error { task, err := vm.Start(ctx); return done(ctx, task, err) })
	check("VM may migrate", func() error { return mayMigrate(ctx, client, vm) })
	check("VM migrates live", func() error {
		task, err := vm.Migrate(ctx, &proxmox.VirtualMachineMigrateOptions{
			Target: secondNode, Online: true, WithLocalDisks: true,
		})
		return done(ctx, task, err)
	})
	there, err := client.Node(ctx, secondNode)
	if err == nil {
		vm, err = there.VirtualMachine(ctx, int(uint64(vm.VMID)))
	}
	check("VM is on the other node", func() error { return err })
	if err != nil {
		return
	}
	// Not by client.NewClusterStorage: it wants the id of a task, and a real cluster answers with the definition.
	check("storage is defined", func() error {
		scratch := map[string]string{"storage": "scratch", "type": "dir", "path": "/mnt/scratch", "content": "images"}
		return client.Post(ctx, "/storage", scratch, nil)
	})
	check("VM disk moves", func() error {
		task, err := vm.MoveDisk(ctx, "scsi0", &proxmox.VirtualMachineMoveDiskOptions{Storage: "scratch", Delete: true})
		return done(ctx, task, err)
	})
	check("running VM is not deleted", func() error { _, err := vm.Delete(ctx, nil); return refused(err) })
	check("VM stops", func() error { task, err := vm.Stop(ctx); return done(ctx, task, err) })
	check("VM is deleted", func() error {
		task, err := vm.Delete(ctx, &proxmox.VirtualMachineDeleteOptions{Purge: true, DestroyUnreferencedDisks: true})
		return done(ctx, task, err)
	})
	check("storage is removed", func() error { _, err := client.DeleteClusterStorage(ctx, "scratch"); return err })
}

// mayMigrate asks what is in the way. Not by vm.MigratePreconditions: it wants true, and a real cluster answers 1.
func mayMigrate(ctx context.Context, client *proxmox.Client, vm *proxmox.VirtualMachine) error {
	var told struct {
		Running int `json:"running"`
	}
	path := fmt.Sprintf("/nodes/%s/qemu/%d/migrate?target=%s", vm.Node, uint64(vm.VMID), secondNode)
	if err := client.Get(ctx, path, &told); err != nil {
		return err
	}
	return equal(told.Running, 1)
}

// cloneWrites makes a VM of a cloud image, sets it up with cloud-init, and asks its agent.
func cloneWrites(ctx context.Context, client *proxmox.Client, node *proxmox.Node) {
	image, err := node.VirtualMachine(ctx, 9001)
	check("template is read", func() error { return err })
	if err != nil {
		return
	}
	newid, task, err := image.Clone(ctx, &proxmox.VirtualMachineCloneOptions{Name: "from-template", Full: true, Storage: disks})
	check("template is cloned", func() error { return done(ctx, task, err) })
	vm, err := node.VirtualMachine(ctx, newid)
	check("clone is read", func() error { return err })
	if err != nil {
		return
	}
	check("cloud-init is set", func() error {
		task, err := vm.Config(ctx, vmOption("ciuser", "ops"), vmOption("cipassword", "secret"),
			vmOption("ipconfig0", "ip=10.0.0.9/24,gw=10.0.0.1"), vmOption("sshkeys", strings.ReplaceAll(url.QueryEscape(publicKey), "+", "%20")))
		return done(ctx, task, err)
	})
	check("clone starts", func() error { task, err := vm.Start(ctx); return done(ctx, task, err) })
	check("agent answers", func() error { return vm.WaitForAgent(ctx, 20) })
	check("agent tells addresses", func() error { rows, err := vm.AgentGetNetworkIFaces(ctx); return some(rows, err) })
	check("agent runs a command", func() error {
		pid, err := vm.AgentExec(ctx, []string{"true"}, "")
		if err != nil {
			return err
		}
		status, err := vm.WaitForAgentExecExit(ctx, pid, 10)
		if err != nil {
			return err
		}
		return equal(status.ExitCode, 0)
	})
	check("clone stops", func() error { task, err := vm.Stop(ctx); return done(ctx, task, err) })
	check("clone becomes a template", func() error { task, err := vm.ConvertToTemplate(ctx); return done(ctx, task, err) })
	check("clone is deleted", func() error { task, err := vm.Delete(ctx, nil); return done(ctx, task, err) })
}

const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8m1Hn0u5o2uFz7yDqkqv2m5b1yQvVJpB0m3T6m9cXd somebody@example"
