import { z } from 'zod';
import type { Stack } from '../../local/stack/stack.ts';

/** Reads the tenant as an administrator would, by plain HTTP: nothing of the product's own clients. */
export interface TenantReader {
  /** Status and body of a GET on Microsoft Graph v1.0. */
  graph(path: string): Promise<{ status: number; body: unknown }>;
  /** All pages of a list of Azure Resource Manager. */
  azureList(path: string): Promise<readonly unknown[]>;
  mutations(): Promise<readonly Mutation[]>;
}

const mutationSchema = z.object({ seq: z.number(), method: z.string(), path: z.string(), status: z.number() });
export type Mutation = z.infer<typeof mutationSchema>;

export async function tenantReader({ tenantUrl, identity }: Stack): Promise<TenantReader> {
  const token = async (resource: string) => {
    const address = `${identity.IDENTITY_ENDPOINT}?resource=${encodeURIComponent(resource)}&api-version=2019-08-01`;
    const response = await fetch(address, { headers: { 'X-IDENTITY-HEADER': identity.IDENTITY_HEADER } });
    return z.object({ access_token: z.string() }).parse(await response.json()).access_token;
  };
  const [graphToken, azureToken] = await Promise.all([
    token('https://graph.microsoft.com'),
    token('https://management.azure.com'),
  ]);
  const get = async (address: string, bearer: string) => {
    const response = await fetch(address, { headers: { authorization: `Bearer ${bearer}` } });
    const body: unknown = await response.json();
    return { status: response.status, body };
  };
  const pageSchema = z.object({ value: z.array(z.unknown()), nextLink: z.string().optional() });
  return {
    graph: (path) => get(`${tenantUrl}/v1.0${path}`, graphToken),
    azureList: async (path) => {
      const items: unknown[] = [];
      for (let address: string | undefined = `${tenantUrl}${path}`; address !== undefined; ) {
        const page: z.infer<typeof pageSchema> = pageSchema.parse((await get(address, azureToken)).body);
        items.push(...page.value);
        address = page.nextLink;
      }
      return items;
    },
    mutations: async () => {
      const response = await fetch(`${tenantUrl}/local/mutations`);
      return z.object({ mutations: z.array(mutationSchema) }).parse(await response.json()).mutations;
    },
  };
}
