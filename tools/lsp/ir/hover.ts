/** What is shown about the thing at a place of an IR text. */
import type { Hover } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Operation, Value } from '../../../compiler/ir/index.ts';
import { attributeText } from '../../../compiler/ir/index.ts';
import { opTable } from '../../../compiler/ir/ops/index.ts';
import { rangeOf } from '../positions.ts';
import { type LineOf, attributeSlotText, code, fence, locationFacts, operationFacts, valueFacts } from './facts.ts';
import type { IrPart, IrPoint, IrText } from './ir-text.ts';
import { pointAt } from './ir-text.ts';
import { wordAtPoint } from './navigate.ts';
import type { PlacedOperation } from './text-index.ts';

export function hoverInIr(ir: IrText, document: TextDocument, offset: number, lineOf: LineOf): Hover | null {
  const point = pointAt(ir, offset);
  const found =
    valueHover(point, lineOf) ?? wordHover(point, lineOf) ?? operationHover(point, lineOf) ?? attributeHover(point);
  if (found === null) return null;
  const { base } = point.part;
  return {
    contents: { kind: 'markdown', value: found.lines.join('\n\n') },
    range: rangeOf(document, base + found.start, base + found.end),
  };
}

interface Shown {
  readonly lines: readonly string[];
  readonly start: number;
  readonly end: number;
}

function valueHover({ part, offset }: IrPoint, lineOf: LineOf): Shown | null {
  const mention = part.index.mentionAt(offset);
  if (mention === null) return null;
  const { start, end, definition, value } = mention;
  const group = definition.values;
  const isWholeGroup = group.length > 1 && start === definition.start;
  const name = part.file.text.slice(start, end);
  const lines = isWholeGroup ? groupFacts(part, group, name, lineOf) : valueFacts(value, name, part.index, lineOf);
  return { lines, start, end };
}

const groupFacts = (part: IrPart, values: readonly Value[], name: string, lineOf: LineOf): readonly string[] =>
  values.flatMap((value, position) => valueFacts(value, `${name}#${position}`, part.index, lineOf));

/** Symbols show the operation that defines them. */
function wordHover(point: IrPoint, lineOf: LineOf): Shown | null {
  const word = wordAtPoint(point);
  if (word === null) return null;
  const { start, end } = word;
  if (word.kind === 'place')
    return { lines: [`position ${code(`${word.file}:${word.line}:${word.column}`)}`], start, end };
  const { part } = point;
  const definition = part.words().find((one) => one.kind === word.kind && one.name === word.name && one.isDefinition);
  if (definition === undefined) return { lines: [`${code(word.name)} is not defined here`], start, end };
  if (word.kind === 'alias') return { lines: [fence('mlir', lineAt(part.file.text, definition.start))], start, end };
  const placed = part.index.operations.find(({ op }) => symbolOf(op) === word.name);
  return { lines: symbolFacts(word.name, placed ?? null, lineOf), start, end };
}

export function symbolOf(op: Operation): string | null {
  const attribute = op.attributes.get('sym_name');
  return attribute?.kind === 'string' ? attribute.value : null;
}

/** A function with its type, its attributes, and how many operations it has. */
function symbolFacts(name: string, placed: PlacedOperation | null, lineOf: LineOf): readonly string[] {
  if (placed === null) return [code(`@${name}`)];
  const { op, stated } = placed;
  const type = op.attributes.get('function_type');
  const told = [...op.attributes].filter(
    ([key]) => !['sym_name', 'function_type', 'arg_attrs', 'res_attrs'].includes(key),
  );
  const count = op.regions.reduce((sum, region) => sum + region.operations.length, 0);
  return [
    fence('mlir', shortText(`${op.name} @${name}${type?.kind === 'type' ? ` : ${type.type.key}` : ''}`)),
    `${count} operations at its top level`,
    ...told.map(([key, attribute]) => `${key} = ${code(shortText(attributeText(attribute)))}`),
    ...locationFacts(stated ?? null, lineOf),
  ];
}

const LONGEST = 200;

const shortText = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return shortText(text.slice(start, end < 0 ? text.length : end).trimEnd());
}

function operationHover({ part, offset }: IrPoint, lineOf: LineOf): Shown | null {
  const placed = part.index.operationAt(offset);
  if (placed === null || offset < placed.nameStart || offset > placed.nameEnd) return null;
  const lines = [...operationFacts(placed.op.name), ...locationFacts(placed.stated ?? null, lineOf)];
  return { lines, start: placed.nameStart, end: placed.nameEnd };
}

/** The name of an attribute: a word followed by `=`, `,` or `}` in the dictionary of the operation around. */
function attributeHover({ part, offset }: IrPoint): Shown | null {
  const placed = part.index.operationAt(offset);
  if (placed === null) return null;
  const { text } = part.file;
  let start = offset;
  while (start > placed.start && /[\w.$]/.test(text[start - 1])) start--;
  const name = /^[A-Za-z_][\w.$]*/.exec(text.slice(start, start + LONGEST))?.[0] ?? '';
  const attribute = placed.op.attributes.get(name);
  if (attribute === undefined) return null;
  const end = start + name.length;
  if (!/^\s*[=,}]/.test(text.slice(end, end + 80))) return null;
  const slot = opTable.get(placed.op.name)?.attributes.find((one) => one.name === name);
  const lines = [
    fence('mlir', `${name} = ${shortText(attributeText(attribute))}`),
    slot === undefined ? `no attribute of its definition` : attributeSlotText(slot),
  ];
  return { lines, start, end };
}
