/** A UUID's text as its 16 bytes in reading order. */
export function uuidBytes(text: string): Buffer {
  return Buffer.from(text.replaceAll('-', ''), 'hex');
}

/** The inverse of {@link uuidBytes}. */
export function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** A lock token as a delivery tag: in the byte order of a .NET Guid, unlike the tokens in management requests. */
export function deliveryTag(token: string): Buffer {
  return swapGuid(uuidBytes(token));
}

/** The inverse of {@link deliveryTag}. */
export function lockToken(tag: Buffer | string): string {
  return uuidText(swapGuid(Buffer.from(tag)));
}

function swapGuid(bytes: Buffer): Buffer {
  const swapped = Buffer.from(bytes);
  swapped.subarray(0, 4).reverse();
  swapped.subarray(4, 6).reverse();
  swapped.subarray(6, 8).reverse();
  return swapped;
}
