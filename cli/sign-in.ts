import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { Complaint, type Connection } from './http.ts';

const file = '.local/cli.json';
const fileSchema = z.object({ url: z.url(), token: z.string() });

/**
 * Where the API is, and who asks. QUELL_TOKEN where it is set; a host on this machine gets the development identity that
 * `npm start` left in this folder; any other the identity that is signed in to Azure here.
 * @throws Complaint that says what to set or which command signs in
 */
export async function connection(environment: NodeJS.ProcessEnv): Promise<Connection> {
  const { QUELL_URL, QUELL_TOKEN, QUELL_AUDIENCE } = environment;
  if (!QUELL_URL) return development(null);
  const url = addressOf(QUELL_URL);
  if (QUELL_TOKEN) return { url, token: QUELL_TOKEN };
  if (isLocal(url)) return development(url);
  return { url, token: await signedIn(QUELL_AUDIENCE || 'api://quell') };
}

/** A token is not sent in the clear, except on this machine. */
function addressOf(given: string): string {
  const url = given.replace(/\/+$/, '');
  if (!URL.canParse(url)) throw new Complaint(`QUELL_URL is not an address: ${given}`);
  if (new URL(url).protocol === 'https:' || isLocal(url)) return url;
  throw new Complaint(`QUELL_URL has to be https, or on this machine: ${given}`);
}

function isLocal(url: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
}

/** The identity of the stand-in tenant, for the host it was made for and no other. */
async function development(url: string | null): Promise<Connection> {
  const text = await readFile(file, 'utf8').catch(() => null);
  const left = text === null ? null : fileSchema.parse(JSON.parse(text));
  if (left && (url === null || left.url === url)) return left;
  const missing = left ? `${file} is for ${left.url}` : `${file} is not there`;
  throw new Complaint(
    url === null
      ? `set QUELL_URL, or run npm start here first (${missing})`
      : `set QUELL_TOKEN for ${url}, or run npm start here first (${missing})`,
  );
}

/** The chain of https://learn.microsoft.com/azure/developer/javascript/sdk/authentication/credential-chains, loaded only here. */
async function signedIn(audience: string): Promise<string> {
  const scope = `${audience.replace(/\/+$/, '')}/.default`;
  const { DefaultAzureCredential } = await import('@azure/identity');
  const token = await new DefaultAzureCredential().getToken(scope).catch((error: unknown) => {
    throw new Complaint(`no token for ${scope}: ${whyNot(error)}`);
  });
  return token.token;
}

/** Entra's own words where it was asked (https://learn.microsoft.com/entra/identity-platform/reference-error-codes); else nobody is signed in. */
function whyNot(error: unknown): string {
  const said = /AADSTS\d+:[^\r\n]*/.exec(error instanceof Error ? error.message : '')?.[0];
  if (said === undefined) return 'nobody is signed in here; try az login, or set QUELL_TOKEN';
  return `${said.slice(0, 300)} (is QUELL_AUDIENCE right, and are you assigned to the app?)`;
}
