package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/luthermonson/go-proxmox"
)

type namedCheck func(name string, read func() error)

// clusterReads reads what belongs to no node.
func clusterReads(ctx context.Context, named namedCheck, client *proxmox.Client) {
	cluster, err := client.Cluster(ctx)
	named("cluster", func() error { return err })
	if err != nil {
		return
	}
	named("cluster status", func() error {
		if err := cluster.Status(ctx); err != nil {
			return err
		}
		if cluster.Quorate != 1 || len(cluster.Nodes) == 0 {
			return fmt.Errorf("quorate %d, %d nodes", cluster.Quorate, len(cluster.Nodes))
		}
		return nil
	})
	named("resources", func() error { rows, err := cluster.Resources(ctx); return some(rows, err) })
	named("resources of VMs", func() error { rows, err := cluster.Resources(ctx, "vm"); return some(rows, err) })
	named("tasks", func() error { rows, err := cluster.Tasks(ctx); return some(rows, err) })
	named("next id", func() error { _, err := cluster.NextID(ctx); return err })
	// Not by cluster.Backups: it wants prune-backups to be a string, and a real cluster gives an object as well.
	named("backup jobs", func() error {
		var rows []map[string]any
		err := client.Get(ctx, "/cluster/backup", &rows)
		return some(rows, err)
	})
	named("guests without backup", func() error { _, err := cluster.GuestsNotInBackup(ctx); return err })
	named("HA status", func() error { rows, err := cluster.HAStatus(ctx); return some(rows, err) })
	named("HA resources", func() error { rows, err := cluster.HAResources(ctx, ""); return some(rows, err) })
	named("replication jobs", func() error { rows, err := cluster.ReplicationJobs(ctx); return some(rows, err) })
	named("firewall rules", func() error { _, err := cluster.FirewallRules(ctx); return err })
	named("firewall options", func() error { _, err := cluster.FirewallOptions(ctx); return err })
	named("storage definitions", func() error { rows, err := client.ClusterStorages(ctx); return some(rows, err) })
}

// accessReads reads who may do what, and the pools.
func accessReads(ctx context.Context, named namedCheck, client *proxmox.Client) {
	named("users", func() error { rows, err := client.Users(ctx); return some(rows, err) })
	named("one user", func() error {
		user, err := client.User(ctx, "root@pam")
		if err == nil && user.UserID != "root@pam" {
			return fmt.Errorf("it is %q", user.UserID)
		}
		return err
	})
	named("groups", func() error { _, err := client.Groups(ctx); return err })
	named("roles", func() error { rows, err := client.Roles(ctx); return some(rows, err) })
	named("one role", func() error { _, err := client.Role(ctx, "PVEAuditor"); return err })
	named("realms", func() error { rows, err := client.Domains(ctx); return some(rows, err) })
	named("ACL", func() error { rows, err := client.ACL(ctx); return some(rows, err) })
	named("permissions", func() error {
		permissions, err := client.Permissions(ctx, nil)
		if err == nil && len(permissions) == 0 {
			return errors.New("none")
		}
		return err
	})
	pools, err := client.Pools(ctx)
	named("pools", func() error { return some(pools, err) })
	if len(pools) > 0 {
		named("one pool", func() error { _, err := client.Pool(ctx, pools[0].PoolID); return err })
	}
}

// nodeReads reads one node, its guests, storages, network, tasks and hardware.
func nodeReads(ctx context.Context, named namedCheck, node *proxmox.Node) {
	named = on(node.Name, named)
	named("version", func() error { _, err := node.Version(ctx); return err })
	vms, err := node.VirtualMachines(ctx)
	named("VMs", func() error { return some(vms, err) })
	for _, vm := range vms {
		vmReads(ctx, named, node, int(uint64(vm.VMID)))
	}
	containers, err := node.Containers(ctx)
	named("containers", func() error { return some(containers, err) })
	for _, container := range containers {
		containerReads(ctx, named, node, int(uint64(container.VMID)))
	}
	storages, err := node.Storages(ctx)
	named("storages", func() error { return some(storages, err) })
	for _, storage := range storages {
		named("content of "+storage.Name, func() error { _, err := storage.GetContent(ctx); return err })
	}
	named("networks", func() error { rows, err := node.Networks(ctx); return some(rows, err) })
	named("tasks", func() error { _, err := node.Tasks(ctx, nil); return err })
	named("services", func() error { rows, err := node.Services(ctx); return some(rows, err) })
	named("time", func() error { _, err := node.Time(ctx); return err })
	named("firewall options", func() error { _, err := node.FirewallOptionGet(ctx); return err })
}

func vmReads(ctx context.Context, named namedCheck, node *proxmox.Node, vmid int) {
	named = on(fmt.Sprintf("VM %d", vmid), named)
	vm, err := node.VirtualMachine(ctx, vmid)
	named("status and config", func() error {
		if err == nil && (vm.Status == "" || vm.VirtualMachineConfig == nil) {
			return errors.New("incomplete")
		}
		return err
	})
	if err != nil {
		return
	}
	named("snapshots", func() error { rows, err := vm.Snapshots(ctx); return some(rows, err) })
	named("history", func() error { rows, err := vm.RRDData(ctx, proxmox.TimeframeHour); return some(rows, err) })
}

func containerReads(ctx context.Context, named namedCheck, node *proxmox.Node, vmid int) {
	named = on(fmt.Sprintf("container %d", vmid), named)
	container, err := node.Container(ctx, vmid)
	named("status and config", func() error {
		if err == nil && (container.Status == "" || container.ContainerConfig == nil) {
			return errors.New("incomplete")
		}
		return err
	})
	if err != nil {
		return
	}
	named("snapshots", func() error { rows, err := container.Snapshots(ctx); return some(rows, err) })
	named("interfaces", func() error { _, err := container.Interfaces(ctx); return err })
	named("history", func() error { rows, err := container.RRDData(ctx, proxmox.TimeframeHour); return some(rows, err) })
}

// on puts a thing's name before the names of its checks.
func on(thing string, named namedCheck) namedCheck {
	return func(name string, read func() error) { named(thing+" "+name, read) }
}
