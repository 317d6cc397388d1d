/** Alias definitions at top level: `#name = attribute`, `#loc = loc(...)`, `!name = type`. */
import { parseAttribute } from './parse-attribute.ts';
import { parseLocation } from './parse-location.ts';
import { parseType } from './parse-type.ts';
import type { AliasValue, Reader } from './reader.ts';
import { Token } from './token.ts';

/** Reads an alias definition, which begins at the current token. */
export function parseAliasDefinition(reader: Reader): void {
  const name = reader.spelling();
  reader.next();
  reader.expect(Token.Equal);
  reader.document.aliases.set(name, parseAliasValue(reader, name));
}

/** What stands after the `=` of the alias `name`. */
export function parseAliasValue(reader: Reader, name: string): AliasValue {
  const from = reader.start;
  if (name.startsWith('!')) return { kind: 'type', type: parseType(reader) };
  if (reader.isWord('loc')) return { kind: 'location', location: parseLocation(reader) };
  const attribute = parseAttribute(reader);
  const text = attribute.kind === 'opaque' ? attribute.text : reader.text.slice(from, reader.previousEnd);
  return { kind: 'attribute', attribute, text };
}
