import { createHash } from 'node:crypto';

/** The one style sheet. Light and dark, one column, nothing loaded from anywhere. */
export const style = `
:root { color-scheme: light dark; --page: #f4f5f7; --paper: #fff; --ink: #1b1f24; --soft: #57606a; --line: #d8dee4;
  --accent: #0b57d0; --on-accent: #fff; --good: #1a7f37; --warn: #8a4b00; --warn-paper: #fff4e0; --bad: #b3261e; --bad-paper: #fdecea;
  --good-paper: #e8f5ea; --code: #f4f5f7; }
@media (prefers-color-scheme: dark) { :root { --page: #101317; --paper: #1a1e24; --ink: #e8eaed; --soft: #a4adb8; --line: #323941;
  --accent: #8ab4f8; --on-accent: #0b1522; --good: #6fd58b; --warn: #f2b866; --warn-paper: #33260f; --bad: #f6a29b; --bad-paper: #3a1d1b;
  --good-paper: #15301d; --code: #13171c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif;
  overflow-wrap: anywhere; }
header, main { max-width: 46rem; margin: 0 auto; padding: 0 1rem; }
header { display: flex; justify-content: space-between; gap: 1rem; padding-top: 1rem; padding-bottom: 1rem; color: var(--soft); font-size: .875rem; }
header strong { color: var(--ink); letter-spacing: .02em; }
main { padding-bottom: 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: .25rem 0 .25rem; }
h2 { font-size: .8rem; text-transform: uppercase; letter-spacing: .06em; color: var(--soft); margin: 2rem 0 .5rem; }
h3, h2.plain { font-size: 1.1rem; margin: 0 0 .25rem; text-transform: none; letter-spacing: 0; color: var(--ink); }
p { margin: .25rem 0; }
a { color: var(--accent); }
code, pre { font: .8125rem/1.55 ui-monospace, "Cascadia Code", "DejaVu Sans Mono", monospace; }
.soft { color: var(--soft); }
.small { font-size: .875rem; }
.status { display: inline-block; padding: .15rem .7rem; border-radius: 1rem; font-weight: 600; font-size: .875rem; background: var(--line); }
.status.warn, .notice.warn { background: var(--warn-paper); color: var(--warn); }
.status.good, .notice.good { background: var(--good-paper); color: var(--good); }
.status.bad, .notice.bad { background: var(--bad-paper); color: var(--bad); }
.notice { padding: .75rem 1rem; border-radius: 8px; margin: 1rem 0; font-weight: 600; }
.paper { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.25rem; margin: .75rem 0; }
.paper.danger { border-left: 4px solid var(--bad); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.25rem; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; }
.tags { display: flex; flex-wrap: wrap; gap: .4rem; margin: .25rem 0 .5rem; padding: 0; list-style: none; }
.tags li { font-size: .8125rem; padding: 0 .6rem; border-radius: 1rem; border: 1px solid var(--line); color: var(--soft); }
.tags .bad { border-color: var(--bad); color: var(--bad); }
.steps { margin: .75rem 0; padding-left: 1.4rem; }
.steps > li { margin: .6rem 0; }
.change { display: block; margin: .25rem 0; padding: .35rem .6rem; background: var(--code); border-radius: 6px;
  font: .8125rem/1.55 ui-monospace, "Cascadia Code", "DejaVu Sans Mono", monospace; }
.change del { color: var(--bad); text-decoration: none; }
.change ins { color: var(--good); text-decoration: none; }
.change b { font-weight: 400; color: var(--soft); }
.stays { color: var(--warn); }
details { margin: .75rem 0; }
summary { cursor: pointer; color: var(--soft); font-size: .875rem; }
pre { background: var(--code); padding: .75rem; border-radius: 6px; white-space: pre-wrap; margin: .5rem 0 0; }
label { display: block; font-weight: 600; margin-bottom: .25rem; }
textarea { width: 100%; font: inherit; color: inherit; background: var(--page); border: 1px solid var(--soft); border-radius: 6px; padding: .5rem; }
button { font: inherit; font-weight: 600; padding: .6rem 1.25rem; border-radius: 8px; border: 1px solid var(--accent); background: var(--accent);
  color: var(--on-accent); cursor: pointer; margin-top: .5rem; }
button.reject, button.danger { background: transparent; border-color: var(--bad); color: var(--bad); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
@media (max-width: 34rem) { dl { gap: .3rem .75rem; grid-template-columns: minmax(5.5rem, max-content) 1fr; font-size: .9375rem; } button { width: 100%; } h1 { font-size: 1.35rem; }
  .paper { padding: 1rem; } header { flex-direction: column; gap: .1rem; } }
`;

/**
 * Nothing runs, nothing is loaded, nothing frames the page and no form leads elsewhere; the style sheet above is allowed by
 * its digest. https://www.w3.org/TR/CSP3/
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');
