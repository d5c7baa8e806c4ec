/**
 * How issuers are asked. Their addresses come from the settings, never from a request, and their certificates are verified
 * by the system's authorities (and those of NODE_EXTRA_CA_CERTS).
 */
// oxlint-disable-next-line eslint/no-restricted-globals -- an issuer is no Proxmox cluster: nothing of it is read or changed here
export const askWeb = fetch;
export type AskWeb = typeof askWeb;
