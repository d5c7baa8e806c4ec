import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

let lab: Lab;
let anna: string;
beforeAll(async () => {
  lab = await Lab.start();
  anna = await lab.token(['vm:read', 'vm:write']);
});
afterAll(() => lab.close());

const ask = (at: Lab, token: string, request: string, id?: string): ReturnType<Lab['send']> =>
  at.send('POST /v1/ask', token, { request, ...(id === undefined ? {} : { conversation_id: id }) });

describe('a conversation', () => {
  test('goes on on any replica, where it was begun without an id as well', async () => {
    const other = await lab.replica();
    const begun = await ask(lab, anna, 'list the VMs');
    const id = begun.text('data.conversation_id');
    const there = await ask(other, anna, 'only the stopped ones', id);
    expect(there.at('data')).toMatchObject({
      kind: 'answer',
      conversation_id: id,
      view: { rows: [{ id: 'qemu/104' }] },
    });
    const back = await ask(lab, anna, 'start it', id);
    expect(back.at('data')).toMatchObject({ kind: 'plan', plan: { says: 'Start VM 104 build-agent' } });
    await other.app.close();
    const shown = await lab.send(`GET /v1/conversations/${id}`, anna);
    expect(shown.at('data')).toMatchObject({
      conversation: { id, connection: 'home', title: 'list the VMs', turns: 3 },
      turns: [
        { request: 'list the VMs', kind: 'answer', plan_id: null },
        { request: 'only the stopped ones', kind: 'answer' },
        { request: 'start it', kind: 'plan', plan_id: back.at('data.plan.id') },
      ],
    });
    expect(shown.text('data.turns.0.text')).toContain('dc01-win2022');
  });

  test('is of the token that began it alone', async () => {
    const bert = await lab.token(['vm:read'], {}, 'bert');
    await ask(lab, anna, 'list the VMs', 'mine');
    expect((await lab.send('GET /v1/conversations/mine', bert)).status).toBe(404);
    expect((await lab.send('DELETE /v1/conversations/mine', bert)).status).toBe(404);
    expect((await lab.send('GET /v1/conversations', bert)).at('data.pagination.total')).toBe(0);
  });

  test('is listed, and forgotten when its owner says so', async () => {
    await ask(lab, anna, 'list the nodes', 'over');
    const listed = await lab.send('GET /v1/conversations?sort=created_at', anna);
    expect(listed.list('data.conversations').map(({ id }) => id)).toContain('over');
    expect((await lab.send('DELETE /v1/conversations/over', anna)).status).toBe(200);
    expect((await lab.send('GET /v1/conversations/over', anna)).status).toBe(404);
    expect((await lab.send('DELETE /v1/conversations/over', anna)).status).toBe(404);
    const after = await ask(lab, anna, 'which of them uses the most memory?', 'over');
    expect(after.at('data.view.rows.0.id')).not.toMatch(/^node/);
  });

  test('keeps no secret that was said in it', async () => {
    const said = 'set the cloud-init password of docker-host-01 to "geheim-4711"';
    expect((await ask(lab, anna, said, 'secret')).at('data.kind')).toBe('plan');
    const shown = await lab.send('GET /v1/conversations/secret', anna);
    expect(shown.at('data.turns.0')).toMatchObject({ kind: 'plan', text: null });
    const kept = await lab.service.kept.conversationState({ owner: 'tok_1', id: 'secret' });
    expect(JSON.stringify([shown.body, kept ?? ''])).not.toContain('geheim');
  });

  test('is about one cluster', async () => {
    await ask(lab, anna, 'list the VMs', 'c9');
    const body = { request: 'only the stopped', conversation_id: 'c9', connection: 'mars' };
    expect((await lab.send('POST /v1/ask', anna, body)).at('error.details.field')).toBe('connection');
  });
});
