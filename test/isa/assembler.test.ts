/** Text and words: round trips over the whole table, and located problems. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StreamBuilder, X, assemble, decode, disassemble, instructions } from '../../runtime/isa/index.ts';
import type { InstructionDefinition, InstructionStream, Operand, OperandDefinition } from '../../runtime/isa/index.ts';

const seed = 20250101;

function immediate(operand: OperandDefinition): fc.Arbitrary<number> {
  if (operand.kind === 'float') return fc.float({ noNaN: true });
  if (operand.kind === 'pipe') return fc.integer({ min: 0, max: 7 });
  if (operand.kind === 'integer' && !operand.signed) return fc.integer({ min: 0, max: operand.maximum });
  if (operand.kind === 'address') return fc.integer({ min: 0, max: 0xffff_ffff });
  return fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
}

const register = fc.integer({ min: 0, max: 63 }).map(X);

function operandOf(operand: OperandDefinition): fc.Arbitrary<Operand> {
  if (operand.kind === 'destination') return register;
  if (operand.kind === 'pipe') return immediate(operand);
  return fc.oneof(immediate(operand), register);
}

const anyInstruction = (
  definition: InstructionDefinition,
): fc.Arbitrary<readonly [InstructionDefinition, readonly Operand[]]> =>
  fc.tuple(
    fc.constant(definition),
    fc.tuple(...definition.operands.map((operand) => (operand.kind === 'label' ? fc.constant(0) : operandOf(operand)))),
  );

function build(items: readonly (readonly [InstructionDefinition, readonly Operand[]])[]): InstructionStream {
  const builder = new StreamBuilder();
  const starts = items.map(() => builder.label());
  items.forEach(([definition, operands], position) => {
    builder.bind(starts[position]!);
    if (position % 3 === 0) builder.location(position);
    const label = starts[(position * 7) % items.length]!;
    builder.append(
      definition,
      operands.map((operand, index) => (definition.operands[index]!.kind === 'label' ? label : operand)),
    );
  });
  return builder.finish();
}

function reassemble(stream: InstructionStream, operandNames: boolean): InstructionStream {
  const result = assemble(disassemble(stream, { operandNames }));
  if (!result.ok)
    throw new Error(
      result.problems.map((problem) => `${problem.line}:${problem.column} ${problem.message}`).join('\n'),
    );
  return result.stream;
}

describe('assembly', () => {
  it('every instruction reassembles to the same words', () => {
    fc.assert(
      fc.property(fc.integer(), fc.boolean(), (gene, names) => {
        const items = instructions.map(
          (definition) => fc.sample(anyInstruction(definition), { seed: gene, numRuns: 1 })[0]!,
        );
        const stream = build(items);
        expect(reassemble(stream, names)).toEqual(stream);
        const decoded = decode(stream.words);
        expect(decoded.problem).toBeNull();
        expect(decoded.instructions.map((instruction) => instruction.definition.mnemonic)).toEqual(
          items.map(([definition]) => definition.mnemonic),
        );
      }),
      { seed, numRuns: 8, endOnFailure: true },
    );
  });

  it('any words reassemble to the same words', () => {
    const opcode = fc.constantFrom(...instructions.map((definition) => definition.opcode));
    const word = fc.oneof(fc.integer({ min: 0, max: 0xffff_ffff }), opcode, fc.integer({ min: 0, max: 80 }));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), (words) => {
        const stream = {
          words: Uint32Array.from(words),
          locationStarts: new Uint32Array(),
          locations: new Uint32Array(),
        };
        expect(reassemble(stream, false)).toEqual(stream);
      }),
      { seed, numRuns: 300 },
    );
  });

  it('float immediates keep their bits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (bits) => {
        const vadds = instructions.find((definition) => definition.mnemonic === 'vadds_f32')!;
        const stream = {
          words: Uint32Array.from([vadds.opcode, 0, 0, bits, 1, 1, 1, 8, 8]),
          locationStarts: new Uint32Array(),
          locations: new Uint32Array(),
        };
        expect(reassemble(stream, false)).toEqual(stream);
      }),
      { seed, numRuns: 500 },
    );
  });

  it('any text gives a stream or located problems', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const result = assemble(text);
        if (!result.ok) expect(result.problems.length).toBeGreaterThan(0);
      }),
      { seed, numRuns: 300 },
    );
  });

  it('reports every problem with its place', () => {
    const result = assemble(
      'start:\n  mov 3, 4\n  vadd X1\n  add X1, X2, 5000000000\n  jump nowhere\nstart:\n  vadd_f32 src0=0, 0, 0, 300, 1, 1, 1, 8, 8, 8\n .foo',
    );
    expect(result).toEqual({
      ok: false,
      problems: [
        { line: 2, column: 7, message: "xd must be a register, got '3'" },
        { line: 3, column: 3, message: "no instruction is called 'vadd'" },
        { line: 4, column: 15, message: 'xm = 5000000000 is outside -2147483648 … 2147483647' },
        { line: 5, column: 8, message: "label 'nowhere' is not defined" },
        { line: 6, column: 1, message: "label 'start' is defined twice" },
        { line: 7, column: 12, message: "operand 1 of vadd_f32 is 'dst', not 'src0'" },
        { line: 7, column: 26, message: 'repeat = 300 is outside 0 … 255' },
        { line: 8, column: 2, message: "'.foo' is no directive; there are .loc and .word" },
      ],
    });
  });
});
