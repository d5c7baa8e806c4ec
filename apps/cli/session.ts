import type { Assistant } from '@pxa/assistant';
import type { Cluster } from './backend.ts';
import type { Io } from './io.ts';
import type { GlobalOptions } from './options.ts';
import { openAssistant, openCluster } from './backend.ts';

/** An assistant over the cluster that the options name. */
export interface AskingSession {
  assistant: Assistant;
  cluster: Cluster;
  label: string;
  keeps: 'on disk' | 'in memory';
  /** The time that it goes by, in milliseconds since 1970: a sandbox has its own. */
  now(): number;
  close(): Promise<void>;
}

/** Opens the cluster and the assistant side by side; nothing is sent to the cluster yet. */
export async function openSession(io: Io, options: GlobalOptions): Promise<AskingSession> {
  const opened = await openCluster(io, options);
  const assistant = await openAssistant(io, opened, options).catch(async (error: unknown) => {
    await opened.close();
    throw error;
  });
  return {
    assistant,
    cluster: opened.cluster,
    label: opened.label,
    keeps: opened.keeps,
    now: () => opened.now(),
    close: async () => {
      await assistant.close();
      await opened.close();
    },
  };
}
