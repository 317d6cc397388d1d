/** Aliases (`#map = ...`, `!t = ...`, `#loc3 = loc(...)`), found on demand, so that they may also follow their use. */
import { irTextDiagnostics } from './diagnostics.ts';
import type { AliasValue, Reader } from './reader.ts';

/** What the alias `name` (with its `#` or `!`) stands for; an unknown name is an error at the current token. */
export function resolveAlias(reader: Reader, name: string): AliasValue {
  const { document } = reader;
  const known = document.aliases.get(name);
  if (known && known !== 'being read') return known;
  document.aliasOffsets ??= findAliases(document.file.text);
  const offset = document.aliasOffsets.get(name);
  if (offset === undefined || known) reader.fail(irTextDiagnostics.undefinedAlias, [name]);
  document.aliases.set(name, 'being read');
  const value = document.readAliasValue(reader.at(offset), name);
  document.aliases.set(name, value);
  return value;
}

/** Offsets just after the `=` of each alias definition. */
function findAliases(text: string): ReadonlyMap<string, number> {
  const offsets = new Map<string, number>();
  for (const match of text.matchAll(/^[ \t]*([#!][\w$.-]+)[ \t]*=/gm)) {
    if (!offsets.has(match[1])) offsets.set(match[1], match.index + match[0].length);
  }
  return offsets;
}

/** Replaces the aliases inside text that is carried unread, so that it stays valid without its document. */
export function expandAliases(reader: Reader, text: string): string {
  if (!/[#!]/.test(text)) return text;
  return text.replace(/"(?:[^"\\]|\\.)*"|[#!][\w$-]+(?![\w$.<-])/g, (token) => {
    if (token.startsWith('"')) return token;
    const value = resolveAlias(reader, token);
    if (value.kind === 'type') return value.type.key;
    return value.kind === 'attribute' ? value.text : token;
  });
}
