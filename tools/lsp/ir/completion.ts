/** What may stand at a place of an IR text. */
import type { CompletionItem, CompletionItemKind } from 'vscode-languageserver';
import { DTYPES, type Value } from '../../../compiler/ir/index.ts';
import { opTable } from '../../../compiler/ir/ops/index.ts';
import { instructions } from '../../../runtime/isa/index.ts';
import { attributeSlotText, operationFacts } from './facts.ts';
import type { IrPart, IrPoint, IrText } from './ir-text.ts';
import { pointAt } from './ir-text.ts';

/** The protocol's numbers. */
const kinds: Readonly<Record<'operation' | 'attribute' | 'value' | 'symbol' | 'type' | 'word', CompletionItemKind>> = {
  operation: 3,
  attribute: 10,
  value: 6,
  symbol: 18,
  type: 22,
  word: 12,
};

/** Characters after which an editor asks without being told to. */
export const completionTriggers = ['%', '@', '#', '!', '.', '{'] as const;

const MOST_VALUES = 200;

export function completeInIr(ir: IrText, offset: number): readonly CompletionItem[] {
  const point = pointAt(ir, offset);
  const { text } = point.part.file;
  const line = text.slice(text.lastIndexOf('\n', point.offset - 1) + 1, point.offset);
  const open = /[%@#!"]?[\w.$-]*$/.exec(line)?.[0] ?? '';
  const before = line.slice(0, line.length - open.length);
  if (open.startsWith('%')) return values(point, open);
  if (open.startsWith('@')) return symbols(point.part);
  if (open.startsWith('#') || (open.startsWith('!') && !open.startsWith('!npu'))) return aliases(point.part, open[0]);
  if (/(?:[:<,(]|->)\s*$/.test(before) && isInType(before)) return types;
  const attributed = attributesOf(before);
  if (attributed !== null) return attributed;
  if (/^\s*(?:%[\w$.:#-]+(?:\s*,\s*%[\w$.:#-]+)*\s*=\s*)?$/.test(before)) return operationItems(open.startsWith('"'));
  return [];
}

/** After the colon of an operation stand types. */
const isInType = (before: string): boolean => /(?::|->)[^{}]*$/.test(before.replace(/"[^"]*"/g, ''));

/** Values whose name was defined above, the nearest first. */
function values({ part, offset }: IrPoint, open: string): readonly CompletionItem[] {
  const { index, file } = part;
  const functions = index.operations.filter(({ op }) => op.name === 'func.func');
  const around = functions.findLast(({ start, end }) => start <= offset && offset <= end);
  const from = around?.start ?? 0;
  return index.definitions
    .filter(({ start, end }) => start >= from && end <= offset - open.length)
    .toSorted((left, right) => right.start - left.start)
    .slice(0, MOST_VALUES)
    .map(({ start, end, values: [value] }, order) => valueItem(file.text.slice(start, end), value, order));
}

const valueItem = (label: string, value: Value, order: number): CompletionItem => ({
  label,
  kind: kinds.value,
  detail: value.type.key,
  sortText: String(order).padStart(4, '0'),
  filterText: label,
});

const named = (part: IrPart, kind: 'symbol' | 'alias'): readonly string[] => [
  ...new Set(part.words().flatMap((word) => (word.kind === kind && word.isDefinition ? [word.name] : []))),
];

const symbols = (part: IrPart): readonly CompletionItem[] =>
  named(part, 'symbol').map((name) => ({ label: `@${name}`, kind: kinds.symbol }));

const aliases = (part: IrPart, sigil: string): readonly CompletionItem[] =>
  [
    ...named(part, 'alias').filter((name) => name.startsWith(sigil)),
    ...(sigil === '#' ? ['#ms.enc<>'] : ['!npu.buffer<>']),
  ].map((label) => ({ label, kind: kinds.symbol }));

const types: readonly CompletionItem[] = [
  ...DTYPES,
  'index',
  ...DTYPES.map((dtype) => `tensor<?x${dtype}>`),
  ...['gm', 'ub', 'l1', 'l0a', 'l0b', 'l0c'].map((space) => `!npu.buffer<${space}>`),
].map((label) => ({ label, kind: kinds.type }));

/** Inside the braces of a defined operation: the attributes that it does not have yet. */
function attributesOf(before: string): readonly CompletionItem[] | null {
  const bare = before.replace(/"(?![\w.]+"\()[^"]*"/g, '""');
  const braces = /\{([^{}]*)$/.exec(bare);
  if (braces === null || !/(?:^|,)\s*$/.test(braces[1])) return null;
  const name = /(?:^|=)\s*"?([a-z_]+\.[\w.]+)"?/.exec(bare)?.[1] ?? '';
  const slots = opTable.get(name)?.attributes ?? [];
  return slots
    .filter((slot) => !new RegExp(`\\b${slot.name}\\s*=`).test(braces[1]))
    .map((slot) => ({
      label: slot.name,
      kind: kinds.attribute,
      detail: slot.kind,
      documentation: { kind: 'markdown', value: attributeSlotText(slot) },
      insertText: `${slot.name} = `,
    }));
}

const names: readonly string[] = [
  ...opTable.keys(),
  ...instructions.map(({ mnemonic }) => `npu.${mnemonic}`),
].toSorted();

function operationItems(isQuoted: boolean): readonly CompletionItem[] {
  return names.map((name) => ({
    label: isQuoted ? `"${name}"` : name,
    filterText: isQuoted ? `"${name}"` : name,
    kind: kinds.operation,
    detail: opTable.get(name)?.summary ?? 'instruction',
  }));
}

/** The description of an operation that was chosen from the list. */
export function resolveInIr(item: CompletionItem): CompletionItem {
  if (item.kind !== kinds.operation) return item;
  const name = item.label.replaceAll('"', '');
  return { ...item, documentation: { kind: 'markdown', value: operationFacts(name).join('\n\n') } };
}
