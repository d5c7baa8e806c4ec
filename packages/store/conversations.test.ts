import { describe, expect, it } from 'vitest';
import { CONVERSATION_LIMITS, type Turn } from './conversations.ts';
import { openAll } from './open.ts';
import type { ServiceStore } from './service-store.ts';
import type { Store } from './store.ts';
import { engines } from './testing/engines.ts';
import { NOW_MS } from './testing/samples.ts';

const turn = (request: string): Turn => ({ at: 'then', request, kind: 'answer', text: 'yes', plan_id: null });
const key = (id: string, owner = 'tok_1'): { owner: string; id: string } => ({ owner, id });

describe.each(engines)('conversations on $name', ({ fresh }) => {
  async function opened(): Promise<{ store: Store; service: ServiceStore }> {
    return openAll(await fresh(), { now: () => NOW_MS });
  }

  it('are of their owner alone, with what was said and what a follow-up may speak of', async () => {
    const { store, service } = await opened();
    const of = { connection: 'home', nowMs: NOW_MS };
    await service.saveConversationState(key('c1'), { ...of, state: '{"ids":[]}' });
    await service.addTurn(key('c1'), { ...of, turn: turn('list the VMs') });
    await service.addTurn(key('c1'), { ...of, nowMs: NOW_MS + 1_000, turn: turn('only the stopped') });
    await service.addTurn(key('c1', 'tok_2'), { ...of, turn: turn('nodes') });
    expect(await service.conversations('tok_1')).toEqual([
      {
        id: 'c1',
        connection: 'home',
        title: 'list the VMs',
        created_at: new Date(NOW_MS).toISOString(),
        updated_at: new Date(NOW_MS + 1_000).toISOString(),
        turns: 2,
      },
    ]);
    expect((await service.turns(key('c1'))).map(({ request }) => request)).toEqual([
      'list the VMs',
      'only the stopped',
    ]);
    expect(await service.conversationState(key('c1'))).toBe('{"ids":[]}');
    expect(await service.conversationState(key('c1', 'tok_2'))).toBeUndefined();
    expect(await service.forgetConversation(key('c1', 'tok_3'))).toBe(false);
    expect(await service.forgetConversation(key('c1'))).toBe(true);
    expect(await service.turns(key('c1'))).toEqual([]);
    expect(await service.conversation(key('c1', 'tok_2'))).toMatchObject({ turns: 1 });
    await store.close();
  });

  it('are bounded in number, turns and age', async () => {
    const { store, service } = await opened();
    const { perOwner, turns, ageMs } = CONVERSATION_LIMITS;
    const say = (id: string, nowMs: number, owner?: string): Promise<void> =>
      service.addTurn(key(id, owner), { connection: 'home', nowMs, turn: turn(id) });
    await say('forgotten', NOW_MS - ageMs - 1, 'tok_2');
    for (let at = 0; at <= perOwner; at += 1) await say(`c${at}`, NOW_MS + at);
    const kept = await service.conversations('tok_1');
    expect(kept).toHaveLength(perOwner);
    expect(kept.map(({ id }) => id)).not.toContain('c0');
    expect(await service.conversations('tok_2')).toEqual([]);
    for (let at = 0; at <= turns; at += 1) await say('long', NOW_MS + perOwner + at);
    expect(await service.turns(key('long'))).toHaveLength(turns);
    expect(await service.conversation(key('long'))).toMatchObject({ turns: turns + 1 });
    await store.close();
  });
});
