/** Everything a report looks like: by day, by night and on paper. Contrast of text is at least 4.5 : 1 (WCAG 2.2, 1.4.3). */
export const style = `
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1b2129; --muted: #566170; --line: #dfe3e8; --tint: #f5f7f9;
  --accent: #0f5c7a; --series-1: #1f77a4; --series-2: #c9741c; --series-3: #3d9a6d; --series-4: #8a62b3; --series-5: #c24d4d;
  --series-6: #78828f; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181d; --ink: #e7eaee; --muted: #a3adb9; --line: #323a44;
  --tint: #1c2228; --accent: #7cc4e0; --series-1: #5aaedb; --series-2: #eba35a; --series-3: #63c294; --series-4: #b491dc;
  --series-5: #e67c7c; --series-6: #77828f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto,
  "Helvetica Neue", Arial, sans-serif; }
main { max-width: 940px; margin: 0 auto; padding: 40px 30px 56px; }
header { border-bottom: 1px solid var(--line); padding-bottom: 20px; }
.kind { margin: 0; color: var(--accent); font-size: 13px; font-weight: 600; letter-spacing: .02em; }
h1 { margin: 4px 0 2px; font-size: 30px; line-height: 1.2; letter-spacing: -.015em; text-wrap: balance; }
.period { margin: 0; font-size: 17px; color: var(--muted); }
.about { margin: 14px 0 0; max-width: 62ch; }
.for { margin: 8px 0 0; font-size: 13px; color: var(--muted); }
.early { display: inline-block; margin: 14px 0 0; padding: 3px 10px; border: 1px solid currentColor; border-radius: 4px;
  color: var(--accent); font-size: 13px; font-weight: 600; }
section { margin-top: 34px; }
h2 { margin: 0 0 10px; font-size: 17px; line-height: 1.3; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(118px, 1fr)); gap: 1px; margin: 26px 0 0; padding: 0;
  background: var(--line); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.figures div { background: var(--paper); padding: 14px 16px 12px; }
.figures dt { color: var(--muted); font-size: 13px; line-height: 1.3; }
.figures dd { margin: 2px 0 0; font-size: 27px; line-height: 1.2; font-weight: 600; letter-spacing: -.02em;
  font-variant-numeric: tabular-nums; }
figure { margin: 0; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 0 0 4px; padding: 0; list-style: none; font-size: 13px;
  color: var(--muted); }
.legend span { display: inline-block; width: 11px; height: 11px; margin-right: 6px; border-radius: 2px; }
.k1 { background: var(--series-1); } .k2 { background: var(--series-2); } .k3 { background: var(--series-3); }
.k4 { background: var(--series-4); } .k5 { background: var(--series-5); } .k6 { background: var(--series-6); }
.drawing { overflow-x: auto; }
svg { display: block; width: 100%; min-width: 520px; height: auto; }
svg text { font-family: inherit; }
.nothing { margin: 0; color: var(--muted); }
details { margin-top: 8px; font-size: 13px; }
summary { color: var(--accent); cursor: pointer; width: fit-content; }
.scroll { overflow-x: auto; }
.scroll:focus-visible, .drawing:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: 13px; line-height: 1.4; }
th, td { padding: 7px 14px 7px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { color: var(--muted); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 400; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
td.time, td.run { white-space: nowrap; font-variant-numeric: tabular-nums; }
td.run { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 12px; }
td.account { overflow-wrap: break-word; }
td.why { min-width: 20ch; }
.left { margin: 8px 0 0; color: var(--muted); font-size: 13px; }
footer { margin-top: 40px; padding-top: 14px; border-top: 1px solid var(--line); color: var(--muted); font-size: 13px; }
footer p { margin: 0 0 4px; max-width: 78ch; }
@page { margin: 16mm 14mm; }
@media print { :root { color-scheme: light; --paper: #ffffff; --ink: #000000; --muted: #444444; --line: #cccccc;
  --accent: #000000; --series-1: #1f77a4; --series-2: #c9741c; --series-3: #3d9a6d; --series-4: #8a62b3; --series-5: #c24d4d;
  --series-6: #78828f; } main { max-width: none; padding: 0; } figure, .figures, tr { break-inside: avoid; }
  h2 { break-after: avoid; } .scroll, .drawing { overflow: visible; } svg { min-width: 0; } summary { display: none; }
  details::details-content { content-visibility: visible; display: block; } table { font-size: 11px; }
  svg, .figures { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;
