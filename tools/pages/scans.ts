import { CONTROLS, isIn, OS_ENDS, POINTS, PVE_ENDS, type Rule, RULES, SCAN_TYPES } from '@pxa/advise';

/** docs/scans.md: every rule of the security scans, how scores are computed, and the dates that rules go by. */
export function scansPage(): string {
  return `# Security scans

Written by \`npm run generate\` from the rules. A scan holds each guest, each node and the cluster against the rules below; it
is asked for by \`POST /v1/security/scans\`, or in words: "list the security problems", "security score of web-01".

A rule **passes**, **fails** with findings, or is **unknown** where what it needs could not be read: it is never taken for
passed. Each finding tells its severity, the target, what was read and where, what to do, and the controls that it is
evidence for. A scan of the type \`vulnerability\` looks at updates and at versions that have ended, \`configuration\` at the
rest, \`compliance\` at every rule that stands for a control. \`deep_scan\` reads the changelogs of pending updates, a call
each, for the CVE ids that they fix; \`include_dependencies\` takes along what the targets stand on: their nodes, and the cluster.

Proxmox tells the configuration and the firewall of one guest at a time: a scan takes up to three calls for each guest and
some ten for each node, and is carried out beside the requests. Name \`targets\` where not all of a large cluster is wanted.

## Scores

The score of a target is 100 less the points of each rule that it fails, by the gravest of its findings, and never below 0. A
rule counts once for a target, however many findings it has. What is unknown costs nothing: a score with unknown rules is
the best that it can be. Where no rule could be judged there is no score. The score of a scan is the mean of its targets',
rounded down.

| severity | points |
| --- | --- |
${Object.entries(POINTS)
  .map(([grade, points]) => `| ${grade} | ${points} |`)
  .join('\n')}

A vulnerability is \`unrated\` until somebody rates it. \`security_tracker_file\` in the settings of the service names a copy of
[the Debian security tracker's data](https://security-tracker.debian.org/tracker/data/json): the gravest of its urgencies
then becomes the severity (\`unimportant\` counts as low).

## Rules

| rule | title | of | severity | in scans | controls | can be planned |
| --- | --- | --- | --- | --- | --- | --- |
${RULES.map(rowOf).join('\n')}

The severity is the usual one: some findings are graver or milder, and say so.

## Remedies

| rule | remedy |
| --- | --- |
${RULES.map(({ id, remedy }) => `| \`${id}\` | ${remedy} |`).join('\n')}

## Controls

| control | asks for |
| --- | --- |
${Object.entries(CONTROLS)
  .map(([id, title]) => `| ${id} | ${title} |`)
  .join('\n')}

CIS: the safeguards of the CIS Critical Security Controls, version 8. SOC2: the criteria of the trust services, 2017. A
passed rule is evidence for a control, and no proof of all that it asks for.

## When support ends

| what | no fixes from | source |
| --- | --- | --- |
${[
  ...Object.entries(PVE_ENDS).map(([major, { from, source }]) => `| Proxmox VE ${major} | ${from} | ${source} |`),
  ...Object.entries(OS_ENDS).map(([type, { name, from, source }]) => `| ${name} (\`${type}\`) | ${from} | ${source} |`),
].join('\n')}
`;
}

function rowOf(rule: Rule): string {
  const { id, title, about, grade, controls, fix, isDeep } = rule;
  const scans = SCAN_TYPES.filter((type) => isIn(type, rule)).join(', ') + (isDeep === true ? ' (deep)' : '');
  return `| \`${id}\` | ${title} | ${about} | ${grade} | ${scans} | ${controls.join(', ')} | ${fix === undefined ? 'no' : 'yes'} |`;
}
