package main

import (
	"context"

	"github.com/luthermonson/go-proxmox"
)

// writes changes the cluster, and leaves it as it was.
func writes(ctx context.Context, byToken, byPassword *proxmox.Client) {
	node, err := byToken.Node(ctx, firstNode)
	check("node", func() error { return err })
	if err != nil {
		return
	}
	vmWrites(ctx, byToken, node)
	cloneWrites(ctx, byToken, node)
	containerWrites(ctx, byToken, node)
	backupWrites(ctx, byToken, node)
	fileWrites(ctx, node)
	cluster, err := byPassword.Cluster(ctx)
	check("cluster", func() error { return err })
	if err == nil {
		settingWrites(ctx, byPassword, cluster)
	}
}
