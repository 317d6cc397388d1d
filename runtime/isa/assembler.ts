/**
 * Assembly text to words.
 *
 *   // comment, to the end of the line
 *   loop:                         a label; it names the next word
 *     vadd_f32 dst=0x0, X1, …     operands in table order; `name=` in front is optional and checked
 *   .loc 12                       instructions from here on belong to source location 12
 *   .word 0x1234                  a raw word
 */
import type { InstructionDefinition } from './definition.ts';
import { parseOperand } from './operand-text.ts';
import { OPCODE_BITS } from './stream.ts';
import type { InstructionStream } from './stream.ts';
import { instructionByMnemonic } from './table.ts';

/** Something wrong in assembly text; lines and columns count from 1. */
export interface AssemblyProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** The stream, or every problem found. */
export type AssemblyResult =
  | { readonly ok: true; readonly stream: InstructionStream; readonly labels: ReadonlyMap<string, number> }
  | { readonly ok: false; readonly problems: readonly AssemblyProblem[] };

/** Assembles a whole text; goes on after an error. */
export function assemble(text: string): AssemblyResult {
  const assembly = new Assembly();
  text.split('\n').forEach((line, position) => {
    assembly.line(line, position + 1);
  });
  return assembly.finish();
}

const labelPattern = /^([A-Za-z_.$][\w.$]*):/;

class Assembly {
  readonly #words: number[] = [];
  readonly #labels = new Map<string, number>();
  readonly #uses: { readonly at: number; readonly name: string; readonly line: number; readonly column: number }[] = [];
  readonly #locationStarts: number[] = [];
  readonly #locations: number[] = [];
  readonly #problems: AssemblyProblem[] = [];

  line(full: string, line: number): void {
    let text = full.replace(/\/\/.*$/, '').trimEnd();
    let column = text.length - text.trimStart().length;
    for (let label = labelPattern.exec(text.trimStart()); label !== null; label = labelPattern.exec(text.trimStart())) {
      this.#label(label[1] ?? '', line, column + 1);
      text = ' '.repeat(column + label[0].length) + text.trimStart().slice(label[0].length);
      column = text.length - text.trimStart().length;
    }
    const [head = ''] = text.trim().split(/\s+/, 1);
    if (head === '') return;
    const rest = { text: text.slice(column + head.length), column: column + head.length };
    if (head.startsWith('.')) this.#directive(head, rest.text.trim(), line, column + 1);
    else this.#instruction(head, rest, line, column + 1);
  }

  finish(): AssemblyResult {
    for (const use of this.#uses) {
      const target = this.#labels.get(use.name);
      if (target === undefined) this.#problem(use.line, use.column, `label '${use.name}' is not defined`);
      else this.#words[use.at] = target;
    }
    if (this.#problems.length > 0)
      return { ok: false, problems: [...this.#problems].sort((a, b) => a.line - b.line || a.column - b.column) };
    const stream = {
      words: Uint32Array.from(this.#words),
      locationStarts: Uint32Array.from(this.#locationStarts),
      locations: Uint32Array.from(this.#locations),
    };
    return { ok: true, stream, labels: this.#labels };
  }

  #problem(line: number, column: number, message: string): void {
    this.#problems.push({ line, column, message });
  }

  #label(name: string, line: number, column: number): void {
    if (this.#labels.has(name)) this.#problem(line, column, `label '${name}' is defined twice`);
    else this.#labels.set(name, this.#words.length);
  }

  #directive(head: string, rest: string, line: number, column: number): void {
    const value = /^(0x[0-9a-fA-F]+|\d+)$/.test(rest) ? Number(rest) : NaN;
    if (head !== '.word' && head !== '.loc')
      return this.#problem(line, column, `'${head}' is no directive; there are .loc and .word`);
    if (!(value <= 0xffff_ffff)) return this.#problem(line, column, `${head} takes a 32-bit number, got '${rest}'`);
    if (head === '.word') this.#words.push(value);
    else this.#location(value);
  }

  #location(location: number): void {
    if (this.#locationStarts.at(-1) === this.#words.length) {
      this.#locations[this.#locations.length - 1] = location;
      return;
    }
    this.#locationStarts.push(this.#words.length);
    this.#locations.push(location);
  }

  #instruction(
    mnemonic: string,
    rest: { readonly text: string; readonly column: number },
    line: number,
    column: number,
  ): void {
    const definition = instructionByMnemonic.get(mnemonic);
    if (definition === undefined) return this.#problem(line, column, `no instruction is called '${mnemonic}'`);
    const pieces = rest.text.trim() === '' ? [] : rest.text.split(',');
    const wanted = definition.operands.length;
    if (pieces.length !== wanted) {
      const list = definition.operands.map((operand) => operand.name).join(', ');
      return this.#problem(
        line,
        column,
        `${mnemonic} takes ${wanted} operand${wanted === 1 ? '' : 's'}${wanted === 0 ? '' : ` (${list})`}, got ${pieces.length}`,
      );
    }
    this.#operands(definition, pieces, rest.column, line);
  }

  #operands(definition: InstructionDefinition, pieces: readonly string[], start: number, line: number): void {
    const header = this.#words.length;
    this.#words.push(definition.opcode);
    let column = start;
    let kinds = 0;
    pieces.forEach((piece, position) => {
      const at = column + (piece.length - piece.trimStart().length) + 1;
      column += piece.length + 1;
      kinds |= this.#operand(definition, position, piece.trim(), line, at) << position;
    });
    this.#words[header] = (definition.opcode | (kinds << OPCODE_BITS)) >>> 0;
  }

  /** Appends the word of one operand; returns its kind bit. */
  #operand(definition: InstructionDefinition, position: number, piece: string, line: number, column: number): number {
    const operand = definition.operands[position] as InstructionDefinition['operands'][number]; // as many pieces as operands
    const named = /^([a-z]\w*)=(.*)$/.exec(piece);
    if (named !== null && named[1] !== operand.name)
      this.#problem(
        line,
        column,
        `operand ${position + 1} of ${definition.mnemonic} is '${operand.name}', not '${named[1]}'`,
      );
    const parsed = parseOperand(operand, named === null ? piece : (named[2] ?? '').trim());
    if (parsed.kind === 'problem') this.#problem(line, column, parsed.message);
    if (parsed.kind === 'label') this.#uses.push({ at: this.#words.length, name: parsed.name, line, column });
    this.#words.push(parsed.kind === 'register' || parsed.kind === 'immediate' ? parsed.word : 0);
    return parsed.kind === 'register' ? 1 : 0;
  }
}
