/** What is known about types, values and operations, as lines of markdown. */
import type { AttributeSlot, Block, OpDefinition, Slot, TensorType, Type, Value } from '../../../compiler/ir/index.ts';
import {
  attributeText,
  cellOf,
  definingOperation,
  dtypeBytes,
  elementCount,
  locationText,
  Operation,
  staticShape,
  userPosition,
} from '../../../compiler/ir/index.ts';
import type { Location } from '../../../compiler/ir/index.ts';
import { opTable } from '../../../compiler/ir/ops/index.ts';
import type { InstructionDefinition } from '../../../runtime/isa/index.ts';
import { instructionByMnemonic } from '../../../runtime/isa/index.ts';
import type { TextIndex } from './text-index.ts';

export const code = (text: string): string => `\`${text.replaceAll('`', "'")}\``;

export const fence = (language: string, text: string): string =>
  `\`\`\`${language}\n${text.replaceAll('```', "'''")}\n\`\`\``;

/** Lines about a value: its type first, then where it comes from and who uses it. */
export function valueFacts(value: Value, name: string, index: TextIndex, lineOf: LineOf): readonly string[] {
  const op = definingOperation(value);
  const placed = op === null ? null : index.placeOf(op);
  return [
    fence('mlir', `${name} : ${value.type.key}`),
    ...(op === null ? argumentFacts(value, index) : [resultLine(op, value)]),
    ...typeFacts(value.type),
    ...(op === null ? [] : bufferFacts(op)),
    usesLine(value),
    ...locationFacts(placed?.stated ?? null, lineOf),
  ];
}

const resultLine = (op: Operation, { index }: Value): string =>
  op.results.length === 1
    ? `result of ${code(op.name)}`
    : `result ${index} of ${op.results.length} of ${code(op.name)}`;

const usesLine = ({ uses }: Value): string =>
  uses === 0 ? 'not used' : uses === 1 ? 'used once' : `used ${uses} times`;

/** A block's argument; of a function also what its attributes say, such as the parameter's name. */
function argumentFacts({ index: position, owner }: Value, index: TextIndex): readonly string[] {
  const op = owner instanceof Operation ? null : ownerOf(owner, index);
  return op === null
    ? [`argument ${position} of its block`]
    : [`argument ${position} of ${code(op.name)}`, ...attributesOfArgument(op, position)];
}

function attributesOfArgument(op: Operation, position: number): readonly string[] {
  const lists = op.attributes.get('arg_attrs');
  const entry = lists?.kind === 'array' ? lists.elements[position] : undefined;
  if (entry?.kind !== 'dictionary') return [];
  return [...entry.entries].map(([name, attribute]) => `${name} = ${code(attributeText(attribute))}`);
}

function typeFacts(type: Type): readonly string[] {
  if (type.kind !== 'tensor') return [];
  const { shape, dtype, encoding } = type;
  return [
    `shape ${code(`[${shape.join(', ')}]`)}, ${dtype}${sizeText(type)}`,
    ...(encoding?.layout ? [`layout ${code(encoding.layout)}`] : []),
    ...(encoding?.shard ? [`sharded ${code(encoding.shard)}`] : []),
  ];
}

function sizeText(type: TensorType): string {
  const shape = staticShape(type);
  if (shape === null) return ', size unknown';
  return `, ${bytesText(elementCount(shape) * dtypeBytes(type.dtype))}`;
}

const UNITS = ['KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `3584 bytes`, `1.5 MiB`. */
export function bytesText(bytes: number): string {
  if (bytes < 10_240) return `${bytes} bytes`;
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length);
  return `${(bytes / 1024 ** power).toFixed(1)} ${UNITS[power - 1]}`;
}

/** Attributes that say where a value lies, in the order in which they are told. */
const PLACING = ['space', 'bytes', 'buffers', 'address', 'dist.layout', 'dist.mesh', 'npu.core'] as const;

function bufferFacts(op: Operation): readonly string[] {
  const told = PLACING.flatMap((name) => {
    const attribute = op.attributes.get(name);
    return attribute === undefined ? [] : [`${name} ${code(attributeText(attribute).replace(/ : i64$/, ''))}`];
  });
  return told.length === 0 ? [] : [told.join(', ')];
}

/** The text of the line of a position; null where its file is not found. */
export type LineOf = (position: {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}) => string | null;

/** The user's line, and the Cell that ran. */
export function locationFacts(location: Location, lineOf: LineOf): readonly string[] {
  if (location === null) return [];
  const position = userPosition(location);
  const cell = cellOf(location);
  const line = position === null ? null : lineOf(position);
  return [
    ...(position === null ? [] : [`from ${code(`${position.file}:${position.line}:${position.column}`)}`]),
    ...(line === null ? [] : [fence('python', line.trim())]),
    ...(cell === null ? [] : [`in Cell ${code(cell.path || '(the network)')} of class ${code(cell.className)}`]),
    ...(position === null ? [code(locationText(location))] : []),
  ];
}

/** Ops that the rooms which make them describe, not the table of ops: fused groups, kernels and launches. */
const MADE_OPS: Readonly<Record<string, string>> = {
  'ms.fused': 'A group of ops that one kernel computes.',
  'ms.yield': 'The values that a fused group gives.',
  'npu.alloc': 'A buffer in an on-chip memory, or in global memory when it stands in @main; two `buffers` take turns.',
  'npu.view': 'The same memory, some bytes further on.',
  'npu.constant': 'A buffer in global memory that holds these bytes before anything runs.',
  'npu.parity': '0, 1, 0, 1, … over the iterations of the loop around it.',
  'npu.launch': 'Starts a kernel on some cores.',
  'npu.branch': 'Runs one of two regions, as the byte of a buffer says.',
  'npu.loop': 'Runs its body while the byte that its test leaves is true.',
  'npu.repeat': 'Runs its body a number of times.',
  'npu.collective': 'Communication between the devices of a group.',
  'npu.send': 'Sends a buffer to another device.',
  'npu.receive': 'Receives a buffer from another device.',
  'npu.print': 'Words for the host to print.',
  'npu.assert': 'Ends the run with a message when the condition does not hold.',
};

/** What an operation's name means: its definition, the instruction that it stands for, or nothing. */
export function operationFacts(name: string): readonly string[] {
  const definition = opTable.get(name);
  if (definition !== undefined) return definitionFacts(definition);
  const instruction = name.startsWith('npu.') ? instructionByMnemonic.get(name.slice('npu.'.length)) : undefined;
  if (instruction !== undefined) return instructionFacts(name, instruction);
  const sentence = MADE_OPS[name];
  return [`**${name}**`, sentence ?? 'no definition; it is carried unchecked'];
}

function definitionFacts(definition: OpDefinition): readonly string[] {
  const { name, family, summary, operands, results, attributes, constraints, traits } = definition;
  return [
    `**${name}** (${family})`,
    summary,
    ...listOf('operands', operands.map(slotText)),
    ...listOf('results', results.map(slotText)),
    ...listOf('attributes', attributes.map(attributeSlotText)),
    ...listOf(
      'constraints',
      constraints.map(({ label, text }) => `${label}: ${text}`),
    ),
    ...(traits.length > 0 ? [`traits: ${traits.join(', ')}`] : []),
  ];
}

const listOf = (title: string, items: readonly string[]): readonly string[] =>
  items.length === 0 ? [] : [`${title}:\n${items.map((item) => `- ${item}`).join('\n')}`];

const ARITIES: Readonly<Record<Slot['arity'], string>> = {
  one: '',
  optional: ' (optional)',
  variadic: ' (any number)',
};

const slotText = ({ name, accepts, arity }: Slot): string => `${code(name)}: ${accepts.text}${ARITIES[arity]}`;

export const attributeSlotText = ({ name, kind, required, choices, summary }: AttributeSlot): string =>
  `${code(name)}: ${kind}${required ? '' : ', optional'}${choices ? `, one of ${choices.map(code).join(', ')}` : ''}${summary === '' ? '' : `. ${summary}`}`;

const instructionFacts = (
  name: string,
  { mnemonic, pipe, summary, operands }: InstructionDefinition,
): readonly string[] => [
  `**${name}**, the instruction ${code(mnemonic)} of ${pipe}`,
  summary,
  ...listOf(
    'operands',
    operands.map((operand) => `${code(operand.name)}: ${operand.kind}`),
  ),
];

/** The operation whose region a block is; null for a block whose operation could not be read. */
const ownerOf = (block: Block, index: TextIndex): Operation | null =>
  index.operations.find(({ op }) => op.regions.includes(block))?.op ?? null;
