/** Program files: round trip, deterministic bytes, and no bytes that throw. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StreamBuilder, X, type CoreKind } from '../../runtime/isa/index.ts';
import {
  groupOperations,
  isProgramFileError,
  reductions,
  readProgram,
  writeProgram,
  type DataSource,
  type KernelStream,
  type Program,
  type Step,
  type TensorSlot,
} from '../../runtime/program/index.ts';

const settings = { seed: 7, numRuns: 60 };

function stream(core: CoreKind, additions: number, locations: number): KernelStream {
  const s = new StreamBuilder();
  s.location(0);
  const again = s.label();
  s.bind(again);
  for (let index = 0; index < additions; index++) {
    s.location(index % locations);
    s.emit('add', X(index % 64), X(1), index);
  }
  s.emit('blt', X(1), 0, again);
  s.emit('end');
  return { core, ...s.finish() };
}

const gmBytes = 1 << 20;
const slots = fc.record<TensorSlot>({
  name: fc.string(),
  dtype: fc.constantFrom('f32', 'f16', 'i64', 'i1'),
  shape: fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 3 }),
  address: fc.integer({ min: 0, max: 1 << 19 }),
  bytes: fc.integer({ min: 2048, max: 4096 }),
});
const sources = fc.oneof(
  fc.constant<DataSource>({ kind: 'supplied' }),
  fc.record<DataSource & { kind: 'initializer' }>({
    kind: fc.constant('initializer'),
    initializer: fc.string(),
    arguments: fc.array(fc.integer()),
    seed: fc.integer(),
  }),
  fc.record<DataSource & { kind: 'file' }>({
    kind: fc.constant('file'),
    path: fc.string(),
    sha256: fc.string(),
    name: fc.string(),
  }),
  fc.record<DataSource & { kind: 'embedded' }>({
    kind: fc.constant('embedded'),
    data: fc.uint8Array({ maxLength: 64 }),
  }),
);
const stored = fc.tuple(slots, sources).map(([slot, source]) => ({ ...slot, source }));
const places = fc.record({
  address: fc.nat(gmBytes / 2),
  bytes: fc.nat(4096),
  dtype: fc.constantFrom('f32' as const, null),
});
const launches = fc.array(
  fc.record({
    kind: fc.constant('launch' as const),
    kernel: fc.integer({ min: 0, max: 1 }),
    blockCount: fc.integer({ min: 1, max: 48 }),
    args: fc.array(fc.maxSafeInteger(), { maxLength: 6 }),
    reads: fc.array(places, { maxLength: 2 }),
    writes: fc.array(places, { maxLength: 2 }),
  }),
  { maxLength: 4 },
);
const data = { dtype: fc.constantFrom('f32' as const, 'i8' as const), elements: fc.nat(16).map((count) => 12 * count) };
const transfers = fc.record({
  kind: fc.constantFrom('send' as const, 'receive' as const),
  peer: fc.nat(7),
  tag: fc.nat(9),
  ...data,
  address: fc.nat(1 << 19),
});
const collectives = fc
  .record({
    kind: fc.constant('collective' as const),
    operation: fc.constantFrom(...groupOperations),
    group: fc.constantFrom([0, 1], [3, 1, 2], [0, 1, 2, 3]),
    how: fc.constantFrom(...reductions),
    ...data,
    input: fc.nat(1 << 19),
    output: fc.nat(1 << 19),
  })
  .map(({ how, ...step }): Step => ({
    ...step,
    reduction: step.operation === 'all_reduce' || step.operation === 'reduce_scatter' ? how : null,
    root: step.operation === 'broadcast' ? step.group[0] : null,
  }));
const { steps } = fc.letrec<{ steps: readonly Step[]; step: Step }>((tie) => ({
  steps: fc.array(tie('step'), { maxLength: 3, depthIdentifier: 'steps' }),
  step: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'steps' },
    launches.filter((list) => list.length > 0).map(([launch]) => launch),
    collectives,
    transfers,
    fc.record({
      kind: fc.constant('branch' as const),
      condition: fc.nat(1 << 19),
      then: tie('steps'),
      otherwise: tie('steps'),
    }),
    fc.record({
      kind: fc.constant('while' as const),
      test: tie('steps'),
      condition: fc.nat(1 << 19),
      body: tie('steps'),
    }),
    fc.record({ kind: fc.constant('repeat' as const), count: fc.nat(9), body: tie('steps') }),
  ),
}));

const programs = fc
  .record({
    inputs: fc.array(slots),
    outputs: fc.array(slots),
    parameters: fc.array(stored),
    constants: fc.array(stored),
    prepare: launches,
    main: steps,
    additions: fc.integer({ min: 0, max: 20 }),
  })
  .map(({ additions, ...rest }): Program => ({
    ...rest,
    target: 'ascend910b1',
    entry: 'Net()',
    gmBytes,
    kernels: [
      { name: 'k', core: 'vector', streams: [stream('vector', additions, 2)] },
      { name: 'm', core: 'mix', streams: [stream('cube', 1, 2), stream('vector', 2, 2)] },
    ],
    locations: ['"net.py":1:2', 'unknown'],
  }));

const reduction: Extract<Step, { readonly kind: 'collective' }> = {
  kind: 'collective',
  operation: 'all_reduce',
  group: [0, 1],
  reduction: 'sum',
  root: null,
  dtype: 'f32',
  elements: 4,
  input: 0,
  output: 64,
};

const sample = fc.sample(programs, { seed: 11, numRuns: 1 })[0] as Program; // one was asked for
const sampleBytes = writeProgram(sample);

const problemOf = (bytes: Uint8Array): string => {
  const result = readProgram(bytes);
  return isProgramFileError(result) ? result.problem : 'none';
};

describe('program files', () => {
  test('write and read give the same program, and the same bytes again', () => {
    fc.assert(
      fc.property(programs, (program) => {
        const bytes = writeProgram(program);
        const back = readProgram(bytes);
        expect(back).toEqual(program);
        expect(writeProgram(back as Program)).toEqual(bytes);
      }),
      settings,
    );
  });

  test('a file that is cut off is refused', () => {
    for (let length = 0; length < sampleBytes.length; length += 37)
      expect(problemOf(sampleBytes.subarray(0, length))).not.toBe('none');
  });

  test('a changed byte gives an error value or the same program', () => {
    fc.assert(
      fc.property(fc.nat(sampleBytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = sampleBytes.slice();
        bytes[at] = (bytes[at] ?? 0) ^ change;
        const result = readProgram(bytes);
        if (!isProgramFileError(result)) expect(result).toEqual(sample);
      }),
      { seed: 3, numRuns: 400 },
    );
  });

  test('any bytes give an error value', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(problemOf(bytes)).not.toBe('none');
      }),
      settings,
    );
  });

  const mistakes: readonly (readonly [string, Partial<Program>, string])[] = [
    [
      'a slot past the end of GM',
      { inputs: [{ name: 'x', dtype: 'f32', shape: [4], address: gmBytes - 8, bytes: 16 }] },
      'range',
    ],
    [
      'a tensor larger than its slot',
      { outputs: [{ name: 'x', dtype: 'f32', shape: [400], address: 0, bytes: 16 }] },
      'range',
    ],
    [
      'a branch on a byte outside of GM',
      { main: [{ kind: 'branch', condition: gmBytes, then: [], otherwise: [] }] },
      'range',
    ],
    ['a group with a rank twice', { main: [{ ...reduction, group: [1, 1] }] }, 'range'],
    ['an all-reduce that does not say how', { main: [{ ...reduction, reduction: null }] }, 'range'],
    [
      'a broadcast from outside',
      { main: [{ ...reduction, operation: 'broadcast', reduction: null, root: 5 }] },
      'range',
    ],
    ['elements that do not divide', { main: [{ ...reduction, operation: 'reduce_scatter', elements: 3 }] }, 'range'],
    ['a step of no kind', { main: [{ ...reduction, kind: 'pause' } as unknown as Step] }, 'manifest'],
    ['a launch of no kernel', { main: [{ kind: 'launch', kernel: 9, blockCount: 1, args: [] }] }, 'range'],
    [
      'a launch of no location',
      { main: [{ kind: 'launch', kernel: 0, blockCount: 1, args: [], location: sample.locations.length }] },
      'range',
    ],
    [
      'a word that is no instruction',
      { kernels: [{ name: 'k', core: 'cube', streams: [{ ...stream('cube', 0, 1), words: Uint32Array.of(0xfff) }] }] },
      'stream',
    ],
    [
      'a stream of the wrong core',
      { kernels: [{ name: 'k', core: 'cube', streams: [stream('vector', 1, 1)] }] },
      'manifest',
    ],
    [
      'a stream without end',
      {
        kernels: [
          {
            name: 'k',
            core: 'cube',
            streams: [
              {
                core: 'cube',
                words: new Uint32Array(),
                locationStarts: new Uint32Array(),
                locations: new Uint32Array(),
              },
            ],
          },
        ],
      },
      'stream',
    ],
  ];
  test.each(mistakes)('%s is refused', (_, change, problem) => {
    const broken: Program = { ...sample, ...change };
    expect(problemOf(writeProgram(broken))).toBe(problem);
  });
});
