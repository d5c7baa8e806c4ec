import type { Call } from '../behaviour.ts';
import { nodeOf } from '../behaviours/common.ts';
import { died, type Task } from './work.ts';

/** The log of a migration: every line begins with the node's local time, and the end tells how long it took. */
export class MigrationLog {
  private readonly call: Call;
  private readonly task: Task;
  private readonly began: number;

  constructor(call: Call, task: Task) {
    this.call = call;
    this.task = task;
    this.began = call.clock.now();
  }

  say(text: string): void {
    const local = this.call.clock.now() + nodeOf(this.call).tzOffset * 1000;
    this.task.log(`${new Date(local).toISOString().slice(0, 19).replace('T', ' ')} ${text}`);
  }

  finished(): void {
    this.say(`migration finished successfully (duration ${this.duration()})`);
  }

  /** What the task then ends with; the reason is in the log alone. */
  aborted(reason: string, phase = 1): Error {
    this.say(`aborting phase ${phase} - cleanup resources`);
    this.say(`ERROR: migration aborted (duration ${this.duration()}): ${reason}`);
    return died('migration aborted');
  }

  private duration(): string {
    const seconds = Math.round((this.call.clock.now() - this.began) / 1000);
    return new Date(seconds * 1000).toISOString().slice(11, 19);
  }
}
