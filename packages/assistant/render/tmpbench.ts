import { renderAnswer, plainStyle } from './index.ts';
const GB = 1024 ** 3;
const rows = Array.from({ length: 10000 }, (_, i) => ({ id: `qemu/${i}`, cells: { vmid: i, name: `web-frontend-${i}`, node: `node-${i % 64}`, status: 'running', cpu: (i % 100) / 100, maxcpu: 4, mem: i * 1e6, maxmem: 16 * GB, maxdisk: 100 * GB, uptime: i * 100, tags: ['a', 'b'] }, evidence: { vmid: 'x' } }));
const columns = [['vmid', 'count'], ['name', 'text'], ['node', 'text'], ['status', 'text'], ['cpu', 'fraction'], ['maxcpu', 'count'], ['mem', 'bytes'], ['maxmem', 'bytes'], ['maxdisk', 'bytes'], ['uptime', 'seconds'], ['tags', 'text']].map(([key, unit]) => ({ key, label: key!.toUpperCase(), unit }));
const a = { kind: 'answer', request: '', conversation_id: '', engine: 'builtin', text: '', calls: [], findings: [], view: { dataset: 'guests', title: 'Guests', columns, rows, summary: 'x' } } as any;
for (let i = 0; i < 6; i++) { const t = performance.now(); const s = renderAnswer(a, plainStyle); console.log((performance.now() - t).toFixed(1), s.length); }
const t = performance.now(); const j = JSON.stringify(a); console.log('stringify', (performance.now() - t).toFixed(1)); const u = performance.now(); JSON.parse(j); console.log('parse', (performance.now() - u).toFixed(1), j.length);
