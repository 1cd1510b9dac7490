import { Html, html, type Part } from './html.ts';
import { style } from './style.ts';

/** Somebody who signed in to look at the page. */
export interface Viewer {
  /** Object id. */
  readonly id: string;
  readonly name: string;
}

/** A whole page around its content. The title never holds text of an alert. */
export function documentOf({ title, viewer, body }: { title: string; viewer: Viewer | null; body: Part }): string {
  const who = viewer
    ? html`<span>Signed in as ${viewer.name} · <a href="?account=other">somebody else?</a></span>`
    : null;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · Quell</title>
<style>${new Html(style)}</style>
</head>
<body>
<header><strong>Quell</strong>${who}</header>
<main>
${body}
</main>
</body>
</html>
`.text;
}

/** A page that says one thing: who may not, what went wrong, what to do. */
export function messagePage(
  viewer: Viewer | null,
  { title, message, next }: { title: string; message: string; next: Part },
): string {
  return documentOf({ title, viewer, body: html`<h1>${title}</h1>\n<p>${message}</p>\n${next}` });
}
