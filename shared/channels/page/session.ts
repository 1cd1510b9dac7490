import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { jwtDecrypt } from 'jose/jwt/decrypt';
import { EncryptJWT } from 'jose/jwt/encrypt';
import { z } from 'zod';
import type { Clock } from '../../ports.ts';
import type { Viewer } from './document.ts';

const sessionSchema = z.object({ oid: z.string(), name: z.string(), sid: z.string() });
const signInSchema = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), run: z.string() });

/** Somebody who is signed in. `sid` is random, and what their form tokens are bound to. */
export interface Session extends Viewer {
  readonly sid: string;
}

/** A sign-in that was begun in this browser. */
export type Begun = z.infer<typeof signInSchema>;

/** What a browser keeps for us, encrypted, so that it can be neither read nor made. Nothing is kept here. */
export interface Sessions {
  seal(session: Session): Promise<string>;
  open(text: string | null): Promise<Session | null>;
  sealSignIn(begun: Begun): Promise<string>;
  openSignIn(text: string | null): Promise<Begun | null>;
  /** The token that a form of this session for this run has to bring back. */
  token(session: Session, run: string): string;
  isToken(session: Session, run: string, given: string): boolean;
}

/** How long somebody is signed in, and how long a sign-in may take, in seconds. */
export const sessionSeconds = 30 * 60;
export const signInSeconds = 10 * 60;

/** @param secret at least 32 characters; whoever has it is everybody */
export function sessionsOf({ secret, clock }: { secret: string; clock: Clock }): Sessions {
  const key = (use: string) => createHash('sha256').update(`${use}\n${secret}`).digest();
  const [sealing, signing] = [key('seal'), key('token')];
  const seconds = () => Math.floor(Date.parse(clock()) / 1000);
  const seal = (use: string, data: Record<string, string>, lifetime: number) =>
    new EncryptJWT(data)
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .setAudience(use)
      .setExpirationTime(seconds() + lifetime)
      .encrypt(sealing);
  const open = async <T>(use: string, text: string | null, schema: z.ZodType<T>): Promise<T | null> => {
    const checks = {
      audience: use,
      currentDate: new Date(clock()),
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
      requiredClaims: ['exp'],
    };
    const opened = await jwtDecrypt(text ?? '', sealing, checks).catch(() => null);
    return opened ? (schema.safeParse(opened.payload).data ?? null) : null;
  };
  const token = ({ sid }: Session, run: string) =>
    createHmac('sha256', signing).update(`${sid}\n${run}`).digest('base64url');
  return {
    seal: ({ id, name, sid }) => seal('session', { oid: id, name, sid }, sessionSeconds),
    open: async (text) => {
      const found = await open('session', text, sessionSchema);
      return found && { id: found.oid, name: found.name, sid: found.sid };
    },
    sealSignIn: (begun) => seal('sign-in', { ...begun }, signInSeconds),
    openSignIn: (text) => open('sign-in', text, signInSchema),
    token,
    isToken: (session, run, given) => same(token(session, run), given),
  };
}

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
