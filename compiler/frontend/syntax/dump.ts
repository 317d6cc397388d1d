/** The syntax tree as plain data in CPython's terms: what `ast.dump(tree, include_attributes=True)` says. */
import type { SourceFile } from '../../ir/index.ts';
import type { Constant, Module, Node } from './ast.ts';
import { fieldsOf, isNode, type FieldValue } from './walk.ts';

export type DumpedValue = DumpedNode | string | number | boolean | null | readonly DumpedValue[];

/**
 * A node: its `kind`, its position `at` (where CPython has one) as `line:column-line:column` with columns in UTF-8 bytes,
 * and its fields. The value of a constant is one string, see `constantText`.
 */
export interface DumpedNode {
  readonly kind: string;
  readonly at?: string;
  readonly [field: string]: DumpedValue | undefined;
}

const withoutPosition: ReadonlySet<Node['kind']> = new Set([
  'Module',
  'arguments',
  'comprehension',
  'withitem',
  'match_case',
]);

/** Dumps a module; every tree that `parsePython` returns can be dumped. */
export function dumpAst(module: Module, file: SourceFile): DumpedNode {
  return dumpNode(module, new Utf8Positions(file.text));
}

function dumpNode(node: Node, positions: Utf8Positions): DumpedNode {
  const dumped: Record<string, DumpedValue> = { kind: node.kind };
  if (!withoutPosition.has(node.kind)) dumped['at'] = `${positions.at(node.start)}-${positions.at(node.end)}`;
  for (const [name, value] of fieldsOf(node)) dumped[name] = dumpValue(value, positions);
  if (node.kind === 'Constant') dumped['value'] = constantText(node);
  return { kind: node.kind, ...dumped };
}

function dumpValue(value: FieldValue, positions: Utf8Positions): DumpedValue {
  if (isNode(value)) return dumpNode(value, positions);
  if (Array.isArray(value)) return value.map((element: FieldValue) => dumpValue(element, positions));
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/** `int 12`, `float` and `complex` with the 16 hexadecimal digits of their bits, `str …`, `bytes` in hexadecimal. */
function constantText(node: Constant): string {
  switch (node.type) {
    case 'int':
      return `int ${node.value}`;
    case 'float':
    case 'complex':
      return `${node.type} ${floatBits(node.value)}`;
    case 'str':
      return `str ${node.value}`;
    case 'bytes':
      return `bytes ${Array.from(node.value, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
    case 'bool':
      return node.value ? 'True' : 'False';
    default:
      return node.type;
  }
}

function floatBits(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}

/** Offsets as CPython's lines and columns. Its lines end with any of LF, CR LF and CR, and a byte order mark is no text. */
class Utf8Positions {
  private readonly text: string;
  private readonly starts: number[];
  private readonly isAscii: boolean;

  constructor(text: string) {
    this.text = text;
    this.starts = [text.charCodeAt(0) === 0xfeff ? 1 : 0];
    for (const end of text.matchAll(/\r\n?|\n/g)) this.starts.push(end.index + end[0].length);
    this.isAscii = !/[^\0-\x7f]/.test(text);
  }

  at(offset: number): string {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return `${low + 1}:${this.bytes(this.starts[low], offset)}`;
  }

  private bytes(start: number, end: number): number {
    if (this.isAscii) return end - start;
    let count = 0;
    for (const character of this.text.slice(start, end)) count += utf8Length(character.codePointAt(0) ?? 0);
    return count;
  }
}

function utf8Length(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}
