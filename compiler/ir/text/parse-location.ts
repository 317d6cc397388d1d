/** Locations: `loc(unknown)`, `loc("f":1:2)`, `loc(callsite(a at b))`, `loc("name"(child))`, `loc(fused[a, b])`. */
import type { Location } from '../core/location.ts';
import { resolveAlias } from './alias.ts';
import { irTextDiagnostics } from './diagnostics.ts';
import type { Reader } from './reader.ts';
import { Token } from './token.ts';

/** `loc(...)` at the current token. */
export function parseLocation(reader: Reader): Location {
  reader.expectWord('loc');
  reader.expect(Token.LeftParen);
  const location = parseInstance(reader);
  reader.expect(Token.RightParen);
  return location;
}

function parseInstance(reader: Reader): Location {
  return reader.nested(() => {
    if (reader.kind === Token.Hash) return parseAliasedLocation(reader);
    if (reader.kind === Token.String) return parseFileOrName(reader);
    if (reader.isWord('loc')) return parseLocation(reader);
    const word = reader.take(Token.Bare, 'a location');
    if (word === 'unknown') return null;
    if (word === 'callsite') return parseCallSite(reader);
    if (word === 'fused') return parseFused(reader);
    return reader.fail(irTextDiagnostics.expected, ['a location', `'${word}'`]);
  });
}

function parseAliasedLocation(reader: Reader): Location {
  const value = resolveAlias(reader, reader.spelling());
  if (value.kind !== 'location') reader.failExpected('a location alias');
  reader.next();
  return value.location;
}

function parseFileOrName(reader: Reader): Location {
  const text = reader.takeString();
  if (reader.accept(Token.Colon)) {
    const line = Number(reader.take(Token.Integer));
    reader.expect(Token.Colon);
    const column = Number(reader.take(Token.Integer));
    if (reader.acceptWord('to')) skipRangeEnd(reader);
    return { kind: 'file', file: text, line, column };
  }
  if (!reader.accept(Token.LeftParen)) return { kind: 'name', name: text, child: null };
  const child = parseInstance(reader);
  reader.expect(Token.RightParen);
  return { kind: 'name', name: text, child };
}

/** `to 3:4` or `to :4`: where a range ends; msc keeps where it begins. */
function skipRangeEnd(reader: Reader): void {
  if (reader.kind === Token.Integer) reader.next();
  reader.expect(Token.Colon);
  reader.take(Token.Integer);
}

function parseCallSite(reader: Reader): Location {
  reader.expect(Token.LeftParen);
  const callee = parseInstance(reader);
  reader.expectWord('at');
  const caller = parseInstance(reader);
  reader.expect(Token.RightParen);
  return { kind: 'callsite', callee, caller };
}

function parseFused(reader: Reader): Location {
  if (reader.kind === Token.Less) reader.takeAngleGroup();
  const locations: Location[] = [];
  reader.expect(Token.LeftSquare);
  reader.list(Token.RightSquare, () => locations.push(parseInstance(reader)));
  return { kind: 'fused', locations };
}
