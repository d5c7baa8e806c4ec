import { CODES } from '@pxa/server/codes';

/** docs/errors.md: every code that an error of the REST API may have, when it is given, and what to do. */
export function errorsPage(): string {
  const codes = Object.entries(CODES).sort(([a], [b]) => (a < b ? -1 : 1));
  return `# Error codes of the REST API

Written by \`npm run generate\` from the codes. Every error has the same shape; a program decides by \`error.code\` and
\`error.details.reason\`, a person reads \`error.message\`. Whoever runs the service finds the cause in the log under
\`meta.request_id\`.

\`\`\`json
{
  "success": false,
  "error": {
    "code": "VALIDATION_ERROR",
    "message": "memory_mb must be at least 16.",
    "details": { "field": "memory_mb", "reason": "too_small", "provided_value": -1024 }
  },
  "meta": { "request_id": "req_k3v9x2m4", "timestamp": "2026-02-23T10:00:00.000Z", "execution_time_ms": 3.1 }
}
\`\`\`

What a request held that looks like a secret is not told back, and long values are cut.

| code | status |
| --- | --- |
${codes.map(([code, { status }]) => `| [\`${code}\`](#${code.toLowerCase()}) | ${status.join(', ')} |`).join('\n')}

${codes.map(([code, { when, next }]) => `## ${code}\n\n${when}\n\n**What to do:** ${next}`).join('\n\n')}
`;
}
