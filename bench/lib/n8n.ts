import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../local/stack/azurite.ts';
import { runBounded } from './bounded.ts';
import { workflowsOf } from './n8n-workflows.ts';
import { oneProcess } from './one-process.ts';
import { type Other, peerFolder, startPeer } from './peer-process.ts';
import { n8nPath } from './peers.ts';

const script = n8nPath('n8n/bin/n8n');

/** n8n with its own SQLite, which keeps every execution, as it comes. */
export async function n8n(sinkUrl: string): Promise<Other> {
  const [folder, port, broker] = [await peerFolder(), await freePort(), await freePort()];
  const environment = {
    N8N_USER_FOLDER: folder,
    N8N_PORT: String(port),
    N8N_LISTEN_ADDRESS: '127.0.0.1',
    N8N_RUNNERS_BROKER_PORT: String(broker),
    N8N_DIAGNOSTICS_ENABLED: 'false',
    N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
    N8N_TEMPLATES_ENABLED: 'false',
    N8N_PERSONALIZATION_ENABLED: 'false',
    N8N_DISABLE_UI: 'true',
    N8N_LOG_LEVEL: 'error',
    N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'true',
  };
  const told = async (...args: readonly string[]) => {
    const command = { command: process.execPath, args: [script, ...args], cwd: folder, environment };
    const failed = await runBounded({ ...command, seconds: 90, silent: true });
    if (failed !== null) throw new Error(`n8n ${args[0]}: ${failed}`);
  };
  for (const workflow of workflowsOf(sinkUrl)) {
    const file = join(folder, `${workflow.id}.json`);
    await writeFile(file, JSON.stringify(workflow));
    await told('import:workflow', `--input=${file}`);
    await told('publish:workflow', `--id=${workflow.id}`);
  }
  return oneProcess({
    name: 'n8n (keeps executions)',
    begin: () => startPeer(script, ['start'], environment, folder),
    folder,
    urlOf: (flow) => `http://127.0.0.1:${port}/webhook/${flow}`,
  });
}
