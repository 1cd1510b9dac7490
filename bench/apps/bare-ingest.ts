import { createHash } from 'node:crypto';
import { app } from '@azure/functions';
import { ServiceBusClient } from '@azure/service-bus';
import { BlobServiceClient } from '@azure/storage-blob';

/** What taking an alert in would be without anything that makes it safe: one blob, one message. */
const blobs = BlobServiceClient.fromConnectionString(process.env.AzureWebJobsStorage ?? '').getContainerClient('bare');
const sender = new ServiceBusClient(process.env.SERVICEBUS ?? '').createSender('alerts');
const ready = blobs.createIfNotExists();

app.http('ingest-generic', {
  methods: ['POST'],
  authLevel: 'anonymous',
  route: 'alerts/generic',
  handler: async (request) => {
    const bytes = Buffer.from(await request.arrayBuffer());
    const name = createHash('sha256').update(bytes).digest('hex');
    await ready;
    await blobs.getBlockBlobClient(name).upload(bytes, bytes.length);
    await sender.sendMessages({ body: { alert: name }, messageId: name });
    return { status: 202, jsonBody: { alert: name } };
  },
});
