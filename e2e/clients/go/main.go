// Command go-client uses github.com/luthermonson/go-proxmox as its users do, by password and by token: `go-client reads`
// reads a cluster, `go-client writes` changes one that is its own.
// It prints `ok NAME` or `not ok NAME: WHY` for each check, and ends with 1 if one failed.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/luthermonson/go-proxmox"
)

var failures int

// check prints how one of them went.
func check(name string, read func() error) {
	if err := read(); err != nil {
		failures++
		fmt.Printf("not ok %s: %s\n", name, strings.ReplaceAll(err.Error(), "\n", " "))
		return
	}
	fmt.Printf("ok %s\n", name)
}

// some passes on an error, and makes one of a list without rows.
func some[T any](rows []T, err error) error {
	if err == nil && len(rows) == 0 {
		return errors.New("no rows")
	}
	return err
}

func main() {
	address := os.Getenv("PVE_URL") + "/api2/json"
	common := []proxmox.Option{proxmox.WithRootCAFile(os.Getenv("PVE_CA_FILE")), proxmox.WithTimeout(20 * time.Second)}
	token := proxmox.WithAPIToken(os.Getenv("PVE_TOKEN_ID"), os.Getenv("PVE_TOKEN_SECRET"))
	password := proxmox.WithCredentials(&proxmox.Credentials{
		Username: os.Getenv("PVE_USERNAME"),
		Password: os.Getenv("PVE_PASSWORD"),
	})
	ctx, cancel := context.WithTimeout(context.Background(), 170*time.Second)
	defer cancel()
	byToken := proxmox.NewClient(address, append(common, token)...)
	byPassword := proxmox.NewClient(address, append(common, password, proxmox.WithEagerAuth())...)
	if len(os.Args) > 1 && os.Args[1] == "writes" {
		writes(ctx, byToken, byPassword)
	} else {
		reads(ctx, "token", byToken)
		reads(ctx, "password", byPassword)
	}
	check("a certificate that was not given is refused", func() error {
		if _, err := proxmox.NewClient(address, token).Version(ctx); err == nil {
			return errors.New("it was accepted")
		}
		return nil
	})
	if failures > 0 {
		os.Exit(1)
	}
}

// reads goes through everything once, with one way to log in.
func reads(ctx context.Context, how string, client *proxmox.Client) {
	named := func(name string, read func() error) { check(name+" by "+how, read) }
	named("version", func() error {
		version, err := client.Version(ctx)
		if err == nil && version.Release == "" {
			return errors.New("no release")
		}
		return err
	})
	clusterReads(ctx, named, client)
	accessReads(ctx, named, client)
	nodes, err := client.Nodes(ctx)
	named("nodes", func() error { return some(nodes, err) })
	for _, status := range nodes {
		node, err := client.Node(ctx, status.Node)
		named("node "+status.Node, func() error { return err })
		if err == nil {
			nodeReads(ctx, named, node)
		}
	}
}
