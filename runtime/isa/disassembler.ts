/** Words to assembly text that assembles to the same words and locations. */
import { decodeAt } from './codec.ts';
import type { DecodedInstruction } from './codec.ts';
import { operandText } from './operand-text.ts';
import type { InstructionStream } from './stream.ts';

/** Options of the printed text. */
export interface DisassemblyOptions {
  /** Writes `name=` in front of every operand. */
  readonly operandNames?: boolean;
}

/** Targets of branches that start an instruction or end the stream. */
function labelsOf(words: Uint32Array, starts: ReadonlySet<number>): ReadonlyMap<number, string> {
  const targets = new Set<number>();
  for (const at of starts) {
    const decoded = decodeAt(words, at);
    decoded?.definition.operands.forEach((operand, position) => {
      const target = words[at + 1 + position] ?? 0;
      if (operand.kind === 'label' && (starts.has(target) || target === words.length)) targets.add(target);
    });
  }
  return new Map([...targets].map((target) => [target, `L${target}`]));
}

function startsOf(words: Uint32Array): ReadonlySet<number> {
  const starts = new Set<number>();
  for (let at = 0; at < words.length; at += decodeAt(words, at)?.length ?? 1) starts.add(at);
  return starts;
}

/** Text of one instruction. */
export function instructionText(
  words: Uint32Array,
  decoded: DecodedInstruction,
  label: (target: number) => string = (target) => `@${target}`,
  names = false,
): string {
  const operands = decoded.definition.operands.map((operand, position) => {
    const text = operandText(
      operand,
      ((decoded.registerBits >>> position) & 1) === 1,
      words[decoded.at + 1 + position] ?? 0,
      label,
    );
    return names ? `${operand.name}=${text}` : text;
  });
  return operands.length === 0 ? decoded.definition.mnemonic : `${decoded.definition.mnemonic} ${operands.join(', ')}`;
}

/** True if the text of an instruction gives its words again: immediates over an operand's maximum do not. */
function isPlain(words: Uint32Array, decoded: DecodedInstruction): boolean {
  return decoded.definition.operands.every((operand, position) => {
    if ((decoded.registerBits >>> position) & 1) return true;
    const word = words[decoded.at + 1 + position] ?? 0;
    return operand.kind !== 'integer' || operand.signed || word <= operand.maximum;
  });
}

/** Disassembles a stream. Words that are no instruction print as `.word`. */
export function disassemble(stream: InstructionStream, options: DisassemblyOptions = {}): string {
  const { words } = stream;
  const starts = startsOf(words);
  const labels = labelsOf(words, starts);
  const nameOf = (target: number): string => labels.get(target) ?? `@${target}`;
  const locations = new Map(
    Array.from(stream.locationStarts, (start, position) => [start, stream.locations[position] ?? 0]),
  );
  const lines: string[] = [];
  const mark = (at: number): void => {
    const label = labels.get(at);
    if (label !== undefined) lines.push(`${label}:`);
    const location = locations.get(at);
    if (location !== undefined) lines.push(`.loc ${location}`);
  };
  for (const at of starts) {
    const decoded = decodeAt(words, at);
    mark(at);
    if (decoded !== null && isPlain(words, decoded) && !splitByLocation(decoded, locations))
      lines.push(`  ${instructionText(words, decoded, nameOf, options.operandNames)}`);
    else rawLines(words, at, decoded?.length ?? 1, lines, mark);
  }
  mark(words.length);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** True if a location starts inside the instruction, which only a corrupt stream has. */
function splitByLocation(decoded: DecodedInstruction, locations: ReadonlyMap<number, number>): boolean {
  for (let at = decoded.at + 1; at < decoded.at + decoded.length; at++) if (locations.has(at)) return true;
  return false;
}

function rawLines(words: Uint32Array, from: number, length: number, lines: string[], mark: (at: number) => void): void {
  for (let at = from; at < from + length; at++) {
    if (at > from) mark(at);
    lines.push(`.word 0x${(words[at] ?? 0).toString(16)}`);
  }
}
