package main

import (
	"context"
	"fmt"

	"github.com/luthermonson/go-proxmox"
)

const settled = 8100

// settingWrites makes one VM, and puts it under everything that a cluster has.
func settingWrites(ctx context.Context, client *proxmox.Client, cluster *proxmox.Cluster) {
	node, err := client.Node(ctx, firstNode)
	check("node by password", func() error { return err })
	if err != nil {
		return
	}
	check("VM to be put in order", func() error {
		task, err := node.NewVirtualMachine(ctx, settled, vmOption("name", "settled"), vmOption("scsi0", disks+":1"))
		return done(ctx, task, err)
	})
	vm, err := node.VirtualMachine(ctx, settled)
	check("VM put in order is read", func() error { return err })
	if err != nil {
		return
	}
	poolWrites(ctx, client)
	firewallWrites(ctx, vm)
	haWrites(ctx, cluster, vm)
	check("VM put in order is deleted", func() error {
		task, err := vm.Delete(ctx, &proxmox.VirtualMachineDeleteOptions{Purge: true})
		return done(ctx, task, err)
	})
}

func poolWrites(ctx context.Context, client *proxmox.Client) {
	check("pool is made", func() error { return client.NewPool(ctx, "team", "ours") })
	pool, err := client.Pool(ctx, "team")
	check("pool is read", func() error { return err })
	if err != nil {
		return
	}
	members := fmt.Sprint(settled)
	check("VM joins the pool", func() error {
		return pool.Update(ctx, &proxmox.PoolUpdateOption{VirtualMachines: members, Comment: "still ours"})
	})
	check("pool holds the VM", func() error {
		found, err := client.Pool(ctx, "team")
		if err != nil {
			return err
		}
		return equal(len(found.Members), 1)
	})
	check("full pool stays", func() error { return refused(pool.Delete(ctx)) })
	check("VM leaves the pool", func() error {
		return pool.Update(ctx, &proxmox.PoolUpdateOption{VirtualMachines: members, Delete: true})
	})
	check("pool is deleted", func() error { return pool.Delete(ctx) })
}

func firewallWrites(ctx context.Context, vm *proxmox.VirtualMachine) {
	rule := &proxmox.FirewallRule{
		Type: "in", Action: "ACCEPT", Proto: "tcp", Dport: "22", Source: "10.0.0.0/8", Enable: 1, Comment: "SSH",
	}
	check("rule is added", func() error { return vm.NewFirewallRule(ctx, rule) })
	rules, err := vm.FirewallRules(ctx)
	check("rule is listed", func() error { return some(rules, err) })
	if len(rules) > 0 {
		check("rule is changed", func() error {
			rules[0].Dport = "2222"
			return rules[0].Update(ctx)
		})
		check("rule is deleted", func() error { return rules[0].Delete(ctx) })
	}
	check("rules are gone", func() error {
		rules, err := vm.FirewallRules(ctx)
		if err != nil {
			return err
		}
		return equal(len(rules), 0)
	})
	check("firewall is switched on", func() error {
		return vm.FirewallOptionSet(ctx, &proxmox.FirewallVirtualMachineOption{Enable: true, PolicyIn: "DROP"})
	})
}

func haWrites(ctx context.Context, cluster *proxmox.Cluster, vm *proxmox.VirtualMachine) {
	sid := fmt.Sprintf("vm:%d", settled)
	started, stopped := "started", "stopped"
	check("HA takes the VM", func() error {
		return cluster.NewHAResource(ctx, &proxmox.HAResourceCreateOption{SID: sid, State: &started})
	})
	check("HA starts the VM", func() error { return becomes(ctx, vm, "running") })
	check("HA is told to stop it", func() error {
		return cluster.HAResourceUpdate(ctx, sid, &proxmox.HAResourceUpdateOption{State: &stopped})
	})
	check("HA stops the VM", func() error { return becomes(ctx, vm, "stopped") })
	check("HA lets it go", func() error { return cluster.HAResourceDelete(ctx, sid, true) })
}
