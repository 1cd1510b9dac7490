import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { decode, encode, type Question, type TxtAnswer } from 'dns-packet';

/** TXT records by lower-case name. */
export type TxtRecords = ReadonlyMap<string, string>;

export interface DnsStandIn extends AsyncDisposable {
  /** `127.0.0.1:port`, as `dns.setServers` takes it. */
  readonly server: string;
  close(): Promise<void>;
}

/** A DNS server on this machine that knows some TXT records, says NXDOMAIN to every other name and keeps its cool. */
export async function startDns(records: TxtRecords, { port = 0 } = {}): Promise<DnsStandIn> {
  const socket = createSocket('udp4');
  socket.on('message', (message, client) => answer(socket, message, client, records));
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  const close = async () => {
    socket.close();
    await once(socket, 'close');
  };
  return { server: `127.0.0.1:${socket.address().port}`, close, [Symbol.asyncDispose]: close };
}

function answer(socket: Socket, message: Buffer, client: RemoteInfo, records: TxtRecords): void {
  const query = decoded(message);
  const [question] = query?.questions ?? [];
  if (!query || !question) return;
  const text = records.get(question.name.toLowerCase());
  const reply = encode({
    type: 'response',
    id: query.id ?? 0,
    // RFC 1035 §4.1.1: AA, and RCODE 3 where there is no such name. dns-packet has no other way to set an RCODE.
    flags: 0x0400 | (text === undefined ? 3 : 0),
    questions: [question],
    answers: text === undefined || question.type !== 'TXT' ? [] : [txt(question, text)],
  });
  socket.send(reply, client.port, client.address);
}

/** A TXT record is a list of strings of at most 255 bytes; a DKIM key needs two. */
function txt(question: Question, text: string): TxtAnswer {
  return { type: 'TXT', name: question.name, ttl: 60, data: text.match(/.{1,255}/gs) ?? [] };
}

function decoded(message: Buffer) {
  try {
    return decode(message);
  } catch {
    return null;
  }
}
