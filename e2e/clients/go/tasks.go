package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/luthermonson/go-proxmox"
)

const (
	firstNode  = "pve-node01"
	secondNode = "pve-node02"
	disks      = "local-zfs"
	template   = "local:vztmpl/debian-12-standard_12.12-1_amd64.tar.zst"
)

// done waits for a task as users of the library do. Its Wait is content with any end, so the end is looked at.
func done(ctx context.Context, task *proxmox.Task, err error) error {
	if err != nil {
		return err
	}
	if task == nil {
		return errors.New("no task was begun")
	}
	if err := task.Wait(ctx, 50*time.Millisecond, 60*time.Second); err != nil {
		return err
	}
	if !task.IsSuccessful {
		return fmt.Errorf("%s ended with %q", task.Type, task.ExitStatus)
	}
	return nil
}

// refused passes where an act fails, and only there.
func refused(err error) error {
	if err == nil {
		return errors.New("it was not refused")
	}
	return nil
}

// equal passes where a value is what was wanted.
func equal[T comparable](got, want T) error {
	if got != want {
		return fmt.Errorf("%v, not %v", got, want)
	}
	return nil
}

// soon tries again for a while: some things happen a time after they were asked for.
func soon(act func() error) (err error) {
	for range 200 {
		if err = act(); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return err
}

func vmOption(name string, value any) proxmox.VirtualMachineOption {
	return proxmox.VirtualMachineOption{Name: name, Value: value}
}

func containerOption(name string, value any) proxmox.ContainerOption {
	return proxmox.ContainerOption{Name: name, Value: value}
}
