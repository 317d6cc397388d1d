/**
 * One thread that runs cores: the calling thread and every worker use this same code.
 *
 * `createThread` refers to nothing outside itself, because a worker is started from its source text: so tests that
 * run the TypeScript sources and the published JavaScript start workers in the same way.
 */

/** Numbers that place things in linear memory. */
export interface ThreadLayout {
  /** Offsets inside a context. */
  readonly registers: number;
  readonly fault: number;
  readonly scratchField: number;
  readonly bounds: number;
  readonly blockIndex: number;
  readonly blockCount: number;
  readonly subblock: number;
  readonly endlessCode: number;
  readonly noEndCode: number;
  /** Special registers after reset. */
  readonly resetState: Int32Array;
}

/** A space of a core: its index in the bounds table, and where it lies after the context. */
export interface PlacedSpace {
  readonly index: number;
  readonly offset: number;
  readonly bytes: number;
}

/** What a thread needs to run the streams of one loaded program. */
export interface ThreadCode {
  /** Modules that together hold every library function the kernels import; equal ids are equal modules. */
  readonly libraries: readonly { readonly id: number; readonly module: WebAssembly.Module }[];
  readonly kernels: WebAssembly.Module;
  /** Exported function and spaces of each stream. */
  readonly streams: readonly { readonly name: string; readonly spaces: readonly PlacedSpace[] }[];
  readonly gmBase: number;
  readonly gmBytes: number;
}

/** One core's share of a launch. */
export interface CoreTask {
  readonly stream: number;
  readonly block: number;
  readonly blockCount: number;
  readonly subblock: number;
  readonly args: readonly number[];
}

/** How cores signal each other; only the cooperative scheduler supplies it. */
export interface CrossCore {
  set(context: number, message: number): void;
  /** True when the flag was there; it is then taken. */
  wait(context: number, flag: number): boolean;
}

export interface Thread {
  load(id: number, code: ThreadCode): void;
  unload(id: number): void;
  /** Puts a core at reset with the arguments of a launch; its memories follow its context. */
  prepare(id: number, context: number, scratch: number, task: CoreTask): void;
  /** Runs a core from a block; the result is -1 at the end, or the block to resume at. Throws on a fault. */
  run(id: number, stream: number, context: number, entry: number): number;
  /** The fault record of a core: code, pc, detail, value; code 0 when there is none. */
  fault(context: number): readonly [code: number, pc: number, detail: number, value: number];
}

type KernelFunction = (context: number, entry: number) => number;

/** Makes a thread over the shared memory. Self-contained: no names from this module may be used inside. */
export function createThread(
  layout: ThreadLayout,
  memory: WebAssembly.Memory,
  crossCore: CrossCore | undefined,
): Thread {
  const loaded = new Map<number, { code: ThreadCode; functions: readonly KernelFunction[] }>();
  const libraries = new Map<number, WebAssembly.Instance['exports']>();
  let words = new Int32Array(memory.buffer);
  // A memory that has grown has a new buffer.
  const view = (): Int32Array => {
    if (words.buffer !== memory.buffer) words = new Int32Array(memory.buffer);
    return words;
  };
  const noCores = (): never => {
    throw new Error('a kernel that signals other cores runs under the cooperative scheduler only');
  };
  const fail = (context: number, code: number, pc: number): never => {
    const at = ((context >>> 0) + layout.fault) >>> 2;
    view()[at] = code;
    view()[at + 1] = pc;
    throw new Error('the stream cannot go on');
  };
  const host = {
    cross_core_set:
      crossCore === undefined ? noCores : (context: number, message: number) => crossCore.set(context >>> 0, message),
    cross_core_wait:
      crossCore === undefined
        ? noCores
        : (context: number, flag: number) => (crossCore.wait(context >>> 0, flag) ? 1 : 0),
    endless: (context: number, pc: number) => fail(context, layout.endlessCode, pc),
    no_end: (context: number) => fail(context, layout.noEndCode, 0),
  };
  const find = (id: number) => {
    const found = loaded.get(id);
    if (found === undefined) throw new Error(`program ${id} is not loaded`);
    return found;
  };
  return {
    load(id, code) {
      const imports: Record<string, unknown> = { memory, ...host };
      for (const library of code.libraries) {
        const exports =
          libraries.get(library.id) ?? new WebAssembly.Instance(library.module, { env: { memory } }).exports;
        libraries.set(library.id, exports);
        Object.assign(imports, exports);
      }
      const kernels = new WebAssembly.Instance(code.kernels, { env: imports });
      // The kernel module exports one function per stream, under these names.
      const functions = code.streams.map((stream) => kernels.exports[stream.name] as KernelFunction);
      loaded.set(id, { code, functions });
    },
    unload(id) {
      loaded.delete(id);
    },
    prepare(id, context, scratch, task) {
      const { code } = find(id);
      const column = view();
      const at = context >>> 2;
      column.set(layout.resetState, at);
      column[at + (layout.blockIndex >>> 2)] = task.block;
      column[at + (layout.blockCount >>> 2)] = task.blockCount;
      column[at + (layout.subblock >>> 2)] = task.subblock;
      const registers = at + (layout.registers >>> 2);
      column.fill(0, registers, registers + 128);
      task.args.forEach((value, index) => {
        column[registers + index * 2] = value | 0;
        column[registers + index * 2 + 1] = Math.floor(value / 2 ** 32);
      });
      const bounds = at + (layout.bounds >>> 2);
      column.fill(0, bounds, bounds + 16);
      column[bounds] = code.gmBase | 0;
      column[bounds + 1] = code.gmBytes | 0;
      for (const space of code.streams[task.stream]?.spaces ?? []) {
        column[bounds + space.index * 2] = context + space.offset;
        column[bounds + space.index * 2 + 1] = space.bytes;
      }
      column[at + (layout.fault >>> 2)] = 0;
      column[at + (layout.scratchField >>> 2)] = scratch;
    },
    run(id, stream, context, entry) {
      const run = find(id).functions[stream];
      if (run === undefined) throw new Error(`program ${id} has no stream ${stream}`);
      return run(context, entry);
    },
    fault(context) {
      const at = (context + layout.fault) >>> 2;
      const [code = 0, pc = 0, detail = 0, value = 0] = view().subarray(at, at + 4);
      return [code, pc, detail, value >>> 0];
    },
  };
}
