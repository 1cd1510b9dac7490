import { odata, TableServiceClient, type TableServiceClientOptions } from '@azure/data-tables';
import type { StorageAccount } from './connect.ts';

/*
 * A file of its own, which is loaded when somebody asks: only building everything anew does, and the client for it would
 * else be read at every start.
 */

/** The client that knows which tables there are. */
export function tableService(account: StorageAccount, options: TableServiceClientOptions): TableServiceClient {
  return 'connectionString' in account
    ? TableServiceClient.fromConnectionString(account.connectionString, options)
    : new TableServiceClient(account.tables, account.credential, options);
}

/** Names of the tables that begin with `prefix`: everything that sorts behind it, as far as it begins with it. */
export async function tableNames(
  service: TableServiceClient,
  prefix: string,
  options: { abortSignal: AbortSignal },
): Promise<readonly string[]> {
  const names: string[] = [];
  const filter = odata`TableName ge ${prefix} and TableName lt ${`${prefix}~`}`;
  for await (const { name } of service.listTables({ ...options, queryOptions: { filter } })) if (name) names.push(name);
  return names;
}
