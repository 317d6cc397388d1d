/** The instruction manual, generated from the table. */
import type { InstructionDefinition, OperandDefinition } from './definition.ts';
import { stateSlots } from './meaning/expression.ts';
import { meaningLines } from './meaning/print.ts';
import { instructionGroups, instructions } from './table.ts';

function operandLine(operand: OperandDefinition): string {
  const what: Readonly<Record<OperandDefinition['kind'], string>> = {
    destination: 'register written',
    source: 'register or immediate',
    float: 'f32 scalar',
    label: 'label',
    pipe: 'pipe',
    address: '',
    integer: '',
  };
  if (operand.kind === 'address')
    return `${operand.name}: ${operand.access} address in ${operand.space}, multiple of ${operand.alignment}`;
  if (operand.kind === 'integer')
    return `${operand.name}: ${operand.unit}${operand.maximum >= 0xffff_ffff || operand.signed ? '' : ` ≤ ${operand.maximum}`}${operand.note === undefined ? '' : ` (${operand.note})`}`;
  return `${operand.name}: ${what[operand.kind]}`;
}

const escaped = (text: string): string => text.replaceAll('|', '\\|');

function row(definition: InstructionDefinition): string {
  const cores = definition.cores.length === 2 ? 'both' : (definition.cores[0] ?? '');
  const operands = definition.operands.map((operand) => operand.name).join(', ');
  return `| 0x${definition.opcode.toString(16).padStart(3, '0')} | \`${definition.mnemonic}\` | ${cores} | ${definition.pipe} | ${escaped(operands)} | ${escaped(definition.summary)} |`;
}

function details(definition: InstructionDefinition): string {
  const lines = meaningLines(definition.meaning);
  return [
    `#### ${definition.mnemonic}`,
    '',
    ...definition.operands.map((operand) => `- ${operandLine(operand)}`),
    '',
    ...(lines.length === 0 ? [] : ['```text', ...lines, '```', '']),
  ].join('\n');
}

/** Data meanings whose loop nest is worth printing: moves, cube, permutations. */
const isDetailed = ({ meaning, pipe }: InstructionDefinition): boolean => meaning.kind === 'body' && pipe !== 'S';

/** Tables of all instructions and special registers, and the loop nests of the moves, as Markdown. */
export function renderIsaManual(): string {
  const registers = Object.entries(stateSlots).map(
    ([name, slot]) => `| ${name} | ${slot.slots} | ${escaped(slot.note)} |`,
  );
  const groups = instructionGroups.flatMap(({ name, base, rows }) => {
    const members = instructions.filter(
      (definition) => definition.opcode >= base && definition.opcode < base + rows.length,
    );
    return [
      `### ${name}`,
      '',
      '| opcode | mnemonic | cores | pipe | operands | meaning |',
      '|---|---|---|---|---|---|',
      ...members.map(row),
      '',
      ...members.filter(isDetailed).map(details),
    ];
  });
  return [
    '### special registers',
    '',
    '| name | 32-bit slots | meaning |',
    '|---|---|---|',
    ...registers,
    '',
    ...groups,
  ].join('\n');
}
