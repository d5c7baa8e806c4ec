package main

import (
	"context"
	"errors"

	"github.com/luthermonson/go-proxmox"
)

// containerWrites creates a container, starts, changes, stops and destroys it.
func containerWrites(ctx context.Context, client *proxmox.Client, node *proxmox.Node) {
	const vmid = 6100
	check("container is created", func() error {
		task, err := node.NewContainer(ctx, vmid,
			containerOption("ostemplate", template), containerOption("hostname", "boxed"),
			containerOption("rootfs", disks+":4"), containerOption("memory", 512), containerOption("unprivileged", 1),
			containerOption("net0", "name=eth0,bridge=vmbr0,ip=dhcp"), containerOption("password", "secret"))
		return done(ctx, task, err)
	})
	container, err := node.Container(ctx, vmid)
	check("container is read", func() error { return err })
	if err != nil {
		return
	}
	check("container starts", func() error { task, err := container.Start(ctx); return done(ctx, task, err) })
	check("running container is not destroyed", func() error { _, err := container.Delete(ctx, nil); return refused(err) })
	check("container config changes", func() error {
		_, err := container.Config(ctx, containerOption("memory", 1024), containerOption("description", "by go-proxmox"))
		return err
	})
	check("container gets a tag", func() error { _, err := container.AddTag(ctx, "gold"); return err })
	check("container has changed", func() error {
		found, err := node.Container(ctx, vmid)
		if err != nil {
			return err
		}
		if err := equal(found.ContainerConfig.Tags, "gold"); err != nil {
			return err
		}
		if found.ContainerConfig.Memory == nil {
			return errors.New("it has no memory")
		}
		return equal(*found.ContainerConfig.Memory, 1024)
	})
	check("container grows", func() error { task, err := container.Resize(ctx, "rootfs", "+1G"); return done(ctx, task, err) })
	check("container snapshot", func() error { task, err := container.NewSnapshot(ctx, "clean"); return done(ctx, task, err) })
	check("container rolls back", func() error {
		task, err := container.Snapshot("clean").Rollback(ctx, true)
		return done(ctx, task, err)
	})
	check("container snapshot is deleted", func() error {
		task, err := container.Snapshot("clean").Delete(ctx)
		return done(ctx, task, err)
	})
	check("container reboots", func() error { task, err := container.Reboot(ctx); return done(ctx, task, err) })
	check("container migrates", func() error {
		task, err := container.Migrate(ctx, &proxmox.ContainerMigrateOptions{Target: secondNode, Restart: true})
		return done(ctx, task, err)
	})
	containerThere(ctx, client, vmid)
}

func containerThere(ctx context.Context, client *proxmox.Client, vmid int) {
	there, err := client.Node(ctx, secondNode)
	check("other node", func() error { return err })
	if err != nil {
		return
	}
	container, err := there.Container(ctx, vmid)
	check("container is on the other node", func() error { return err })
	if err != nil {
		return
	}
	check("container shuts down", func() error { task, err := container.Shutdown(ctx, true, 30); return done(ctx, task, err) })
	check("container is cloned", func() error {
		newid, task, err := container.Clone(ctx, &proxmox.ContainerCloneOptions{Hostname: "second", Full: true})
		if err := done(ctx, task, err); err != nil {
			return err
		}
		second, err := there.Container(ctx, newid)
		if err != nil {
			return err
		}
		task, err = second.Delete(ctx, nil)
		return done(ctx, task, err)
	})
	check("container starts there", func() error { task, err := container.Start(ctx); return done(ctx, task, err) })
	check("container stops", func() error { task, err := container.Stop(ctx); return done(ctx, task, err) })
	check("container is destroyed", func() error {
		task, err := container.Delete(ctx, &proxmox.ContainerDeleteOptions{Purge: true})
		return done(ctx, task, err)
	})
}
