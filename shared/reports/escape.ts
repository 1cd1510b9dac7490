/** Text for HTML, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Text for Markdown, in a line or a cell of a table: nothing in it is markup, a link or the end of the cell. */
export function escapeMarkdown(text: string): string {
  const plain = text.replace(/[\r\n]+/g, ' ').replace(/[\\`*_[\]<>|~&]/g, (character) => `\\${character}`);
  // GitHub makes links of bare addresses: https://github.github.com/gfm/#autolinks-extension-
  return plain.replace(/:(?=\/\/)|(?<=\bwww)\./gi, (character) => `\\${character}`);
}
