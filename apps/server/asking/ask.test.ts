import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../testing/lab.ts';

let lab: Lab;
let anna: string;
beforeAll(async () => {
  lab = await Lab.start();
  anna = await lab.token(['vm:read', 'vm:write']);
});
afterAll(() => lab.close());

describe('POST /v1/ask', () => {
  test('answers a question with the calls that its figures came from', async () => {
    const got = await lab.send('POST /v1/ask', anna, { request: 'which VM uses the most memory?' });
    expect(got.status).toBe(200);
    expect(got.at('data')).toMatchObject({ kind: 'answer', view: { rows: [{ id: 'qemu/112' }] } });
    expect(got.text('data.view.rows.0.evidence.mem')).toMatch(/^calls\[0\]#/);
  });

  test('goes on with what was said, for whoever said it', async () => {
    const said = { request: 'list the VMs', conversation_id: 'c1' };
    await lab.send('POST /v1/ask', anna, said);
    const more = { request: 'only the stopped ones', conversation_id: 'c1' };
    const own = await lab.send('POST /v1/ask', anna, more);
    expect(own.at('data')).toMatchObject({ kind: 'answer', conversation_id: 'c1' });
    expect(own.list('data.view.rows')).toHaveLength(1);
    const bert = await lab.token(['vm:read']);
    const others = await lab.send('POST /v1/ask', bert, more);
    expect(others.at('data.view.rows')).not.toEqual(own.at('data.view.rows'));
  });

  test.each([
    [{}, 'request', 'required'],
    [{ request: '' }, 'request', 'too_small'],
    [{ request: 'x'.repeat(4_001) }, 'request', 'too_big'],
    [{ request: 'nodes', conversation_id: '../x' }, 'conversation_id', 'invalid_format'],
    [{ request: 'nodes', connection: 'mars' }, 'connection', 'not_found'],
    [{ request: 5 }, 'request', 'must_be_string'],
  ])('%j is not acceptable', async (body, field, reason) => {
    const got = await lab.send('POST /v1/ask', anna, body);
    expect(got).toMatchObject({ status: 422, body: { error: { details: { field, reason } } } });
  });
});
