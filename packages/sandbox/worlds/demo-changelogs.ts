const OPENSSL = `openssl (3.5.4-1~deb13u2) trixie-security; urgency=medium

  * CVE-2025-11187 (Improper validation of PBMAC1 parameters in PKCS#12)
  * CVE-2025-15467 (Stack buffer overflow in CMS AuthEnvelopedData parsing)
  * CVE-2025-69419 (Out of bounds write in PKCS12_get_friendlyname())

 -- Sebastian Andrzej Siewior <sebastian@breakpoint.cc>  Sun, 25 Jan 2026 22:10:32 +0100

openssl (3.5.4-1~deb13u1) trixie; urgency=medium

  * Import 3.5.4
    - CVE-2025-9230 (Fix Out-of-bounds read & write in RFC 3211 KEK Unwrap).

 -- Sebastian Andrzej Siewior <sebastian@breakpoint.cc>  Tue, 04 Nov 2025 20:37:22 +0100
`;

/** What the changelogs of the demo cluster's pending packages say, as Debian writes them. */
export const DEMO_CHANGELOGS: Readonly<Record<string, string>> = {
  openssl: OPENSSL,
  // a binary package carries the changelog of its source
  libssl3t64: OPENSSL,
  curl: `curl (8.14.1-2+deb13u2) trixie; urgency=medium

  * Team upload.
  * Import patches for CVE-2025-9086 (out of bounds read for cookie path) and
    CVE-2025-10148 (predictable WebSocket mask). (Closes: #1114741)

 -- Debian Curl Maintainers <team+curl@tracker.debian.org>  Sat, 20 Sep 2025 15:36:02 -0300

curl (8.14.1-2) unstable; urgency=medium

  * d/rules: enable the post-quantum key exchange.
  * Fixes CVE-2025-5399.

 -- Debian Curl Maintainers <team+curl@tracker.debian.org>  Mon, 16 Jun 2025 21:02:15 -0300
`,
};
