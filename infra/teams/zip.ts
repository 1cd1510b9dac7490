import { crc32 } from 'node:zlib';

interface Named {
  readonly name: string;
  readonly data: Buffer;
}

/** Midnight of 1 January 1980, the first day a ZIP can name: the same files make the same bytes. */
const [time, date] = [0, 0x21];

/** Files in a ZIP, stored as they are (APPNOTE 4.3, PKWARE). Names are ASCII, in one folder. */
export function zip(files: readonly Named[]): Buffer {
  let offset = 0;
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  for (const { name, data } of files) {
    const local = Buffer.concat([fieldsOf(0x04034b50, name, data, []), Buffer.from(name, 'latin1'), data]);
    const central = fieldsOf(0x02014b50, name, data, [0, 0, 0, 0, 0, offset]);
    parts.push(local);
    directory.push(central, Buffer.from(name, 'latin1'));
    offset += local.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, list, end]);
}

/** A local header, or with more fields one of the central directory: comment, disk, attributes, and where the file begins. */
function fieldsOf(signature: number, name: string, data: Buffer, more: readonly number[]): Buffer {
  const central = more.length > 0;
  const header = Buffer.alloc(central ? 46 : 30);
  let at = 0;
  const short = (value: number) => {
    at = header.writeUInt16LE(value, at);
  };
  const long = (value: number) => {
    at = header.writeUInt32LE(value, at);
  };
  long(signature);
  if (central) short(20);
  for (const value of [20, 0, 0, time, date]) short(value);
  for (const value of [crc32(data), data.length, data.length]) long(value);
  for (const value of [name.length, 0, ...more.slice(0, 3)]) short(value);
  for (const value of more.slice(4)) long(value);
  return header;
}
