import type { User } from '../model.ts';
import type { Answer } from '../wire.ts';

const style = `
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 26rem; margin: 12vh auto; padding: 0 1rem; color-scheme: light dark; }
  a { display: block; padding: .8rem 1rem; margin: .5rem 0; border: 1px solid #8886; border-radius: 8px; text-decoration: none; color: inherit; }
  a:hover, a:focus { border-color: #36c; } small { opacity: .75; }`;

/** Asks who one is: there are no passwords in the stand-in tenant. */
export function pickerPage(url: URL, users: readonly User[]): Answer {
  const links = users.map((user) => {
    const to = new URL(url);
    to.searchParams.set('local_user', user.id);
    const about = `${escaped(user.displayName)}<br><small>${escaped(user.userPrincipalName)}</small>`;
    return `<a href="${escaped(`${to.pathname}${to.search}`)}">${about}</a>`;
  });
  return page(200, 'Who are you?', `<p>The stand-in tenant has no passwords. Pick somebody:</p>${links.join('')}`);
}

export function problemPage(code: string, message: string): Answer {
  return page(400, 'Sign-in is not possible', `<p>${escaped(`${code}: ${message}`)}</p>`);
}

function page(status: number, title: string, body: string): Answer {
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>`;
  const html = `<!doctype html><html lang="en"><head>${head}<style>${style}</style></head><body><main><h1>${title}</h1>${body}</main></body></html>`;
  return { status, headers: { 'cache-control': 'no-store' }, html };
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
