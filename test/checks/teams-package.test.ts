import { crc32, inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { manifestSchema } from '../../infra/teams/manifest.ts';
import { teamsPackage } from '../../infra/teams-package.ts';

const about = {
  appId: '4b0a1c52-9f3e-4c77-8a51-0d2f6e7b8c90',
  url: 'https://quell.contoso.example',
  version: '0.1.0',
  company: 'Contoso',
};

/** Reads a ZIP from its end, as whoever unpacks it does; stored files only. */
function unzipped(zip: Buffer): Map<string, Buffer> {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const files = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let count = zip.readUInt16LE(end + 10); count > 0; count -= 1) {
    expect(zip.readUInt32LE(at)).toBe(0x02014b50);
    const [check, size, nameLength] = [zip.readUInt32LE(at + 16), zip.readUInt32LE(at + 24), zip.readUInt16LE(at + 28)];
    const name = zip.toString('latin1', at + 46, at + 46 + nameLength);
    const local = zip.readUInt32LE(at + 42);
    expect(zip.readUInt32LE(local)).toBe(0x04034b50);
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const data = zip.subarray(from, from + size);
    expect(crc32(data)).toBe(check);
    files.set(name, data);
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}

/** Width, height and the points of a PNG of ours: one IDAT, no filter. */
function points(png: Buffer) {
  const [width, height, kind] = [png.readUInt32BE(16), png.readUInt32BE(20), png.subarray(24, 26).toString('hex')];
  const length = png.readUInt32BE(33);
  const raw = inflateSync(png.subarray(41, 41 + length));
  const all = Array.from({ length: width * height }, (_, index) => {
    const start = Math.floor(index / width) * (width * 4 + 1) + 1 + (index % width) * 4;
    return [...raw.subarray(start, start + 4)];
  });
  return { width, height, kind, all };
}

describe('the Teams app package', () => {
  const files = unzipped(teamsPackage(about));

  test('holds a manifest and two icons, and the same input makes the same bytes', () => {
    expect([...files.keys()]).toEqual(['manifest.json', 'color.png', 'outline.png']);
    expect(teamsPackage(about).equals(teamsPackage(about))).toBe(true);
  });

  test('its manifest keeps the documented rules', () => {
    const manifest = manifestSchema.parse(JSON.parse(files.get('manifest.json')?.toString() ?? ''));
    expect(manifest.bots[0]?.botId).toBe(about.appId);
    expect(manifest.validDomains).toEqual(['quell.contoso.example']);
  });

  test('color.png is 192 square and covers all of it; outline.png is 32 square, white and see-through', () => {
    const colour = points(files.get('color.png') ?? Buffer.alloc(0));
    expect([colour.width, colour.height, colour.kind]).toEqual([192, 192, '0806']);
    expect(colour.all.every(([, , , alpha]) => alpha === 255)).toBe(true);
    const outline = points(files.get('outline.png') ?? Buffer.alloc(0));
    expect([outline.width, outline.height, outline.kind]).toEqual([32, 32, '0806']);
    expect(outline.all.every(([red, green, blue]) => red === 255 && green === 255 && blue === 255)).toBe(true);
    const drawn = outline.all.filter(([, , , alpha]) => alpha === 255).length;
    expect(drawn).toBeGreaterThan(100);
    expect(drawn).toBeLessThan(600);
  });

  test.each([
    ['an app id that is no GUID', { appId: 'quell' }],
    ['a page without https', { url: 'http://quell.contoso.example' }],
    ['a version that is none', { version: 'latest' }],
    ['a company with a long name', { company: 'x'.repeat(33) }],
  ])('%s is refused', (_what, change) => {
    expect(() => teamsPackage({ ...about, ...change })).toThrow();
  });
});
