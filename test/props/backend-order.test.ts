/** What the schedule promises of every kernel: its waits are needed and enough, and live buffers never overlap. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Block, Module, Operation, Value } from '../../compiler/ir/index.ts';
import { definingOperation, integerOf, stringOf, walk } from '../../compiler/ir/index.ts';
import { decodeAt } from '../../runtime/isa/index.ts';
import { Memory, sanitize } from '../../runtime/machine/index.ts';
import type { SanitizeReport } from '../../runtime/machine/index.ts';
import { launchesOf } from '../../runtime/program/index.ts';
import type { Launch, Program } from '../../runtime/program/index.ts';
import { defaultChip } from '../../runtime/target/index.ts';
import { assembled, lowered, parsed, printed, programOf, scheduled } from './backend-programs.ts';
import { budget } from '../fuzz.ts';

const SEED = 20260103;
const genes = fc.array(fc.nat(1000), { minLength: 8, maxLength: 40 });

/** Holds something of the scheduled modules of random programs. */
function holds(numRuns: number, check: (module: Module) => void): void {
  fc.assert(
    fc.property(genes, (values) => {
      const tile = lowered(programOf(values, () => true));
      if ('body' in tile) check(scheduled(tile));
    }),
    { ...budget(SEED, numRuns), endOnFailure: true },
  );
}

const kernelsOf = (module: Module): readonly Operation[] =>
  module.body.operations.filter((op) => op.attributes.has('npu.core'));

/** One core runs all the work, so that its loops go round. */
function checked(program: Program, launch: Launch, findRedundantWaits: boolean): SanitizeReport {
  const { streams } = program.kernels[launch.kernel];
  const gm = new Memory('gm', new ArrayBuffer(program.gmBytes + 512), 0, program.gmBytes + 512);
  for (const { address, source } of program.constants)
    if (source.kind === 'embedded') gm.bytes.set(source.data, address);
  const byCore = Object.fromEntries(streams.map((stream) => [stream.core, stream]));
  return sanitize({ ...byCore, blocks: 1, arguments: launch.args }, defaultChip, gm, { findRedundantWaits });
}

/** Word indices of the wait_flag instructions of a stream, in order. */
function waitsOf(words: Uint32Array): readonly number[] {
  const waits: number[] = [];
  for (let at = 0; at < words.length; at += decodeAt(words, at)?.length ?? 1) {
    if (decodeAt(words, at)?.definition.mnemonic === 'wait_flag') waits.push(at);
  }
  return waits;
}

/** The module without one wait of a kernel. */
function withoutWait(text: string, kernel: string, number: number): Module {
  const module = parsed(text);
  let seen = 0;
  const remove = (block: Block): void => {
    block.operations = block.operations.filter((op) => op.name !== 'npu.wait_flag' || seen++ !== number);
    for (const op of block.operations) op.regions.forEach(remove);
  };
  for (const op of kernelsOf(module)) if (stringOf(op.attributes, 'sym_name') === kernel) remove(op.regions[0]);
  return module;
}

const isError = ({ severity }: SanitizeReport['findings'][number]): boolean => severity === 'error';

describe('flags', () => {
  test('without any one wait the race check complains, unless it calls the wait redundant', () => {
    let removed = 0;
    holds(10, (module) => {
      const text = printed(module);
      const program = assembled(module);
      for (const [at, launch] of launchesOf(program.main).entries()) {
        const kernel = program.kernels[launch.kernel];
        const { findings } = checked(program, launch, true);
        expect(findings.filter(isError)).toEqual([]);
        const redundant = new Set(findings.filter(({ kind }) => kind === 'redundant-wait').map(({ pc }) => pc));
        for (const [number, pc] of waitsOf(kernel.streams[0].words).entries()) {
          if (redundant.has(pc)) continue;
          const broken = assembled(withoutWait(text, kernel.name, number));
          const report = checked(broken, launchesOf(broken.main)[at], false);
          removed++;
          if (!report.findings.some(isError))
            throw new Error(`wait ${number} of ${kernel.name} can go unnoticed\n${text}`);
        }
      }
    });
    expect(removed).toBeGreaterThan(20);
  });
});

/** A buffer's bytes in a memory, and the first and last position that uses them. */
interface Stay {
  readonly space: string;
  readonly start: number;
  readonly end: number;
  first: number;
  last: number;
}

/**
 * Where each allocation lies and when it is used. A use counts for the whole of every loop around it that the
 * allocation stands outside of; copies of a double buffer are in use throughout their loop.
 */
function staysOf(kernel: Operation): readonly Stay[] {
  const stays = new Map<Operation, Stay>();
  const bodies = new Map<Operation, readonly [first: number, last: number][]>();
  let position = 0;
  const place = (op: Operation): void => {
    const bytes = integerOf(op.attributes, 'bytes') * integerOf(op.attributes, 'buffers');
    const start = integerOf(op.attributes, 'address');
    stays.set(op, { space: stringOf(op.attributes, 'space'), start, end: start + bytes, first: Infinity, last: -1 });
  };
  const visit = (block: Block, loops: readonly [number, number][]): void => {
    for (const op of block.operations) {
      position++;
      if (op.name === 'npu.alloc') {
        place(op);
        bodies.set(op, loops);
      }
      for (const operand of op.operands) use(operand, position, loops);
      for (const region of op.regions) {
        const range: [number, number] = [position, position + sizeOf(region)];
        visit(region, op.name === 'scf.for' ? [...loops, range] : loops);
      }
    }
  };
  const use = (operand: Value, at: number, loops: readonly [number, number][]): void => {
    let owner = definingOperation(operand);
    while (owner?.name === 'npu.view') owner = definingOperation(owner.operands[0]);
    const stay = owner && stays.get(owner);
    if (!owner || !stay) return;
    const home = bodies.get(owner) ?? [];
    const isDouble = integerOf(owner.attributes, 'buffers') > 1;
    const [first, last] = loops[isDouble ? home.length - 1 : home.length] ?? [at, at];
    stay.first = Math.min(stay.first, first);
    stay.last = Math.max(stay.last, last);
  };
  visit(kernel.regions[0], []);
  return [...stays.values()].filter((stay) => stay.last >= 0);
}

function sizeOf(block: Block): number {
  let size = 0;
  walk(block, () => void size++);
  return size;
}

test('buffers of one memory that share bytes are never in use at once', () => {
  let pairs = 0;
  holds(60, (module) => {
    for (const kernel of kernelsOf(module)) {
      const stays = staysOf(kernel);
      for (const [index, a] of stays.entries()) {
        for (const b of stays.slice(index + 1)) {
          if (a.space !== b.space || a.start >= b.end || b.start >= a.end) continue;
          pairs++;
          if (a.first <= b.last && b.first <= a.last)
            throw new Error(`${JSON.stringify(a)} and ${JSON.stringify(b)} overlap\n${printed(module)}`);
        }
      }
    }
  });
  expect(pairs).toBeGreaterThan(100);
});
