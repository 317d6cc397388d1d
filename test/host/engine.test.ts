/** The host: threads, cores that wait for each other, atomics, faults. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine, type Instance } from '../../runtime/host/index.ts';
import { StreamBuilder, X } from '../../runtime/isa/index.ts';
import type { Kernel, Launch, Program } from '../../runtime/program/index.ts';

type Write = (s: StreamBuilder) => void;

const streamOf = (core: 'cube' | 'vector', write: Write) => {
  const s = new StreamBuilder();
  write(s);
  return { core, ...s.finish() };
};
const vectorKernel = (write: Write): Kernel => ({ name: 'k', core: 'vector', streams: [streamOf('vector', write)] });

const gmBytes = 1 << 16;

function programOf(kernel: Kernel, main: readonly Launch[]): Program {
  return {
    target: 'ascend910b1',
    entry: 'test',
    inputs: [{ name: 'x', dtype: 'f32', shape: [4096], address: 0, bytes: 16384 }],
    outputs: [{ name: 'y', dtype: 'f32', shape: [4096], address: 16384, bytes: 16384 }],
    parameters: [],
    constants: [],
    gmBytes,
    kernels: [kernel],
    prepare: [],
    main,
    locations: [],
  };
}

let single: Engine;
let several: Engine;
beforeAll(async () => {
  single = await createEngine({ threads: 1 });
  several = await createEngine({ threads: 3 });
});
afterAll(async () => {
  await single.close();
  await several.close();
});

function load(engine: Engine, program: Program): Instance {
  const instance = engine.load(program);
  if ('kind' in instance) throw new Error(instance.kind);
  return instance;
}

const input = Float32Array.from({ length: 4096 }, (_, index) => (index % 37) - 18);

function outputOf(engine: Engine, program: Program): Float32Array {
  const instance = load(engine, program);
  instance.set('x', input);
  expect(instance.run()).toEqual({ ok: true });
  const result = new Float32Array(instance.output('y').buffer);
  instance.dispose();
  return result;
}

function faultOf(engine: Engine, program: Program) {
  const instance = load(engine, program);
  const outcome = instance.run();
  instance.dispose();
  return outcome.ok || outcome.failure.kind !== 'fault' ? undefined : outcome.failure.fault;
}

/** Each block doubles 64 elements: X0 source, X1 destination. */
const doubling = vectorKernel((s) => {
  s.emit('get_block_idx', X(2));
  s.emit('mul', X(2), X(2), 256);
  s.emit('add', X(0), X(0), X(2));
  s.emit('add', X(1), X(1), X(2));
  s.emit('copy_gm_to_ubuf', 0, X(0), 0, 1, 8, 0, 0);
  s.emit('set_mask_norm');
  s.emit('set_vector_mask', -1, -1);
  s.emit('vadd_f32', 256, 0, 0, 1, 1, 1, 1, 8, 8, 8);
  s.emit('copy_ubuf_to_gm', X(1), 256, 0, 1, 8, 0, 0);
  s.emit('end');
});

describe('launches', () => {
  const program = programOf(doubling, [{ kind: 'launch', kernel: 0, blockCount: 48, args: [0, 16384] }]);
  test.each([1, 3])('blocks on %i thread(s) give the same result', (threads) => {
    const result = outputOf(threads === 1 ? single : several, program);
    expect([...result.subarray(0, 48 * 64)]).toEqual([...input.subarray(0, 48 * 64)].map((value) => 2 * value));
    expect(result.subarray(48 * 64).every((value) => value === 0)).toBe(true);
  });

  test('a launch sees what the launch before it wrote', () => {
    const chain: readonly Launch[] = [
      { kind: 'launch', kernel: 0, blockCount: 48, args: [0, 16384] },
      { kind: 'launch', kernel: 0, blockCount: 48, args: [16384, 16384] },
      { kind: 'launch', kernel: 0, blockCount: 48, args: [16384, 16384] },
    ];
    expect(outputOf(several, programOf(doubling, chain))[5]).toBe(8 * (input[5] ?? 0));
  });

  test('atomic additions of many blocks have one result', () => {
    const adding = vectorKernel((s) => {
      s.emit('copy_gm_to_ubuf', 0, X(0), 0, 1, 8, 0, 0);
      s.emit('set_atomic_f32');
      s.emit('set_atomic_add');
      s.emit('copy_ubuf_to_gm', X(1), 0, 0, 1, 8, 0, 0);
      s.emit('end');
    });
    const result = outputOf(
      several,
      programOf(adding, [{ kind: 'launch', kernel: 0, blockCount: 20, args: [0, 16384] }]),
    );
    expect(result[3]).toBe(20 * (input[3] ?? 0));
  });
});

const cubeToVector = 1 + (2 << 4) + (3 << 8);

describe('cores that wait for each other', () => {
  test('vector cores read what their cube core wrote', () => {
    const mix: Kernel = {
      name: 'mix',
      core: 'mix',
      streams: [
        streamOf('cube', (s) => {
          s.emit('copy_gm_to_cbuf', 0, X(0), 0, 1, 8, 0, 0);
          s.emit('copy_cbuf_to_gm', 32768, 0, 0, 1, 8, 0, 0);
          s.emit('ffts_cross_core_sync', 5, cubeToVector);
          s.emit('end');
        }),
        streamOf('vector', (s) => {
          s.emit('mov', X(9), 7);
          s.emit('wait_flag_dev', 3);
          s.emit('get_subblockid', X(2));
          s.emit('mul', X(2), X(2), 128);
          s.emit('add', X(3), X(2), 32768);
          s.emit('add', X(1), X(1), X(2));
          s.emit('copy_gm_to_ubuf', 0, X(3), 0, 1, 4, 0, 0);
          s.emit('copy_ubuf_to_gm', X(1), 0, 0, 1, 4, 0, 0);
          s.emit('st_xd_gm_b32', X(9), X(1), 4096);
          s.emit('end');
        }),
      ],
    };
    const result = outputOf(several, programOf(mix, [{ kind: 'launch', kernel: 0, blockCount: 1, args: [0, 16384] }]));
    expect([...result.subarray(0, 64)]).toEqual([...input.subarray(0, 64)]);
    expect(new Int32Array(result.buffer)[1024]).toBe(7);
  });

  test('a flag that nobody sets is a deadlock', () => {
    const waiting = vectorKernel((s) => {
      s.emit('wait_flag_dev', 1);
      s.emit('end');
    });
    expect(
      faultOf(single, programOf(waiting, [{ kind: 'launch', kernel: 0, blockCount: 2, args: [] }]))?.message,
    ).toMatch(/deadlock: 2 core/);
  });
});

describe('faults', () => {
  const faulty: readonly (readonly [string, Write, object])[] = [
    [
      'an address outside GM',
      (s) => s.emit('copy_gm_to_ubuf', 0, gmBytes - 32, 0, 1, 2, 0, 0),
      { address: gmBytes - 32, pipe: 'MTE2', pc: 0 },
    ],
    ['a misaligned address', (s) => s.emit('vadd_f32', 4, 0, 0, 1, 1, 1, 1, 8, 8, 8), { address: 4, pipe: 'V', pc: 0 }],
    [
      'an operand over its maximum',
      (s) => s.emit('copy_gm_to_ubuf', 0, 0, 0, 5000, 1, 0, 0),
      { pipe: 'MTE2', address: null },
    ],
  ];
  test.each(faulty)('%s', (_, write, expected) => {
    const program = programOf(
      vectorKernel((s) => (write(s), s.emit('end'))),
      [{ kind: 'launch', kernel: 0, blockCount: 1, args: [] }],
    );
    expect(faultOf(single, program)).toMatchObject({ core: { kind: 'vector', index: 0 }, ...expected });
  });

  test('the fault of the lowest block is reported, whatever the threads', () => {
    const late = vectorKernel((s) => {
      const fine = s.label();
      s.emit('get_block_idx', X(2));
      s.emit('blt', X(2), 17, fine);
      s.emit('ld_xd_gm_s32', X(3), gmBytes, 0);
      s.bind(fine);
      s.emit('end');
    });
    for (let round = 0; round < 5; round++) {
      const fault = faultOf(several, programOf(late, [{ kind: 'launch', kernel: 0, blockCount: 48, args: [] }]));
      expect(fault).toMatchObject({ core: { kind: 'vector', index: 17 }, address: gmBytes });
    }
  });

  test('a stream that does not end', () => {
    const endless = vectorKernel((s) => {
      const again = s.label();
      s.bind(again);
      s.emit('jump', again);
      s.emit('end');
    });
    expect(
      faultOf(single, programOf(endless, [{ kind: 'launch', kernel: 0, blockCount: 1, args: [] }]))?.message,
    ).toMatch(/does not end/);
  });

  test('a program that is too large for the simulator', () => {
    const large = { ...programOf(doubling, []), gmBytes: 2 ** 33 };
    expect(single.load(large)).toMatchObject({ kind: 'simulator limit' });
  });
});
