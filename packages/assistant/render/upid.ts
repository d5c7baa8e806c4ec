import { parseUpid } from '@pxa/pve/upid';

const UPID = /UPID:[^\s:]+:[0-9A-Fa-f]{8}:[0-9A-Fa-f]{8,9}:[0-9A-Fa-f]{8}:[^\s:/]+:[^\s:/]*:[^\s:/]+:/g;

/** A text with each task's id as a person reads it: `qmclone 9000 on pve-node02`. What only looks like one stays. */
export function shortUpids(text: string): string {
  return text.replace(UPID, (upid) => {
    const task = parseUpid(upid);
    return task === undefined ? upid : [task.type, task.id, 'on', task.node].filter((part) => part !== '').join(' ');
  });
}
