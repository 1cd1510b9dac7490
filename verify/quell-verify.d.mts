/** Every place where an export is not whole, sorted; none where it is. @param trusted thumbprint of the key, or null for any */
export function places(text: string, trusted?: string | null): string[];
