// A process that takes one message from `q` and one from a session of `s`, reports them, and holds on to them.
import { connect, receiveOne } from './service-bus-peer.ts';

process.once('disconnect', () => process.exit());

const [, , connectionString = ''] = process.argv;
const client = connect(connectionString);
const message = await receiveOne(client.createReceiver('q'));
const sessionMessage = await receiveOne(await client.acceptNextSession('s'));
process.send?.([message.body, sessionMessage.body]);
