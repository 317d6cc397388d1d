/**
 * What a program will need of GM, before there is one: @fused in, bytes out.
 *
 * The rules of lowering are asked which buffers, workspaces and tables they want and which launches use them; no kernel is
 * written, scheduled or encoded, so what a kernel reads and writes is not known. The first use of a buffer counts as its
 * writing and every later one as reading, which only makes buffers live longer and keeps apart some that could be one: the
 * answer is not below what the program takes. Placing is that of `schedule/global-memory.ts`.
 */
import type { AttributeMap, Diagnostic, Location, Module, Operation, Value } from '../ir/index.ts';
import { definingOperation, symbolsOf, walk } from '../ir/index.ts';
import type { Chip } from '../../runtime/target/index.ts';
import { ruleOf } from './lower/table.ts';
import { lowerModule } from './lower/module.ts';
import type { LowerRule, Lowering } from './lower/lowering.ts';
import { argumentEntries, textOf } from './lower/signature.ts';
import { physicalBytes } from './lower/layout.ts';
import type { GlobalBuffer, GlobalMemoryPlan } from './schedule/global-memory.ts';
import { planGlobalMemory } from './schedule/global-memory.ts';
import { timelineOf } from './schedule/timeline.ts';
import { ALLOC, LAUNCH, rootBuffer, spaceOf } from './tile/dialect.ts';

/** Something that lies in GM when most is needed. */
export interface MemoryPart {
  readonly kind: 'parameter' | 'input' | 'table' | 'prepared' | 'activation';
  /** Its name where it has one, else its type or what makes it. */
  readonly name: string;
  readonly bytes: number;
  readonly location: Location;
}

export interface MemoryPrediction {
  /** Of GM, as the program will ask for it. */
  readonly bytes: number;
  /** What lies there at the fullest step, largest first; gaps between lifetimes are not in it. */
  readonly parts: readonly MemoryPart[];
}

/** The memory of the program of a @fused module, or why it cannot be lowered. The module is used up. */
export function predictMemory(
  module: Module,
  chip: Chip,
): { readonly prediction: MemoryPrediction | null; readonly diagnostics: readonly Diagnostic[] } {
  const types = argumentTypes(module);
  const { module: lowered, diagnostics } = lowerModule(module, chip, unwrittenRule);
  const main = symbolsOf(lowered.body).get('main');
  if (main === undefined || diagnostics.length > 0) return { prediction: null, diagnostics };
  const timeline = timelineOf(main, directionsOf(main));
  const plan = planGlobalMemory(main, types, timeline);
  return { prediction: { bytes: plan.totalBytes, parts: partsOf(main, plan) }, diagnostics: [] };
}

/** Stored sizes of the arguments of `@main`. */
function argumentTypes(module: Module): readonly number[] {
  const block = symbolsOf(module.body).get('main')?.regions[0];
  return (block?.arguments ?? []).map(({ type }) => (type.kind === 'tensor' ? physicalBytes(type) : 0));
}

/** The rule of an op, whose kernels stay empty. */
function unwrittenRule(op: Operation): LowerRule | Diagnostic {
  const rule = ruleOf(op);
  return typeof rule === 'function' ? (of, lowering) => rule(of, unwritten(lowering)) : rule;
}

const unwritten = (lowering: Lowering): Lowering => ({
  chip: lowering.chip,
  observer: null,
  buffer: (value) => lowering.buffer(value),
  alias: (result, source) => lowering.alias(result, source),
  workspace: (bytes) => lowering.workspace(bytes),
  constant: (bytes) => lowering.constant(bytes),
  store: (result, bytes) => lowering.store(result, bytes),
  remember: (key, make) => lowering.remember(key, make),
  launch: (request, args) => lowering.launch({ ...request, write: () => undefined }, args),
});

interface Directions {
  readonly reads: Set<number>;
  readonly writes: Set<number>;
}

/** What kernels do with their arguments as far as launches show it. */
function directionsOf(main: Operation): ReadonlyMap<string, Directions> {
  const found = new Map<string, Directions>();
  const moves = new Set<string>();
  const used = new Set<Value>();
  walk(main.regions[0], (op) => {
    if (op.name !== LAUNCH) {
      for (const operand of op.operands) used.add(rootBuffer(operand));
      return;
    }
    const symbol = op.attributes.get('kernel');
    const name = symbol?.kind === 'symbol' ? symbol.name : '';
    if (op.attributes.has('move')) moves.add(name);
    const directions = found.get(name) ?? { reads: new Set(), writes: new Set() };
    found.set(name, directions);
    const roots = op.operands.map((operand) => (spaceOf(operand.type) === null ? null : rootBuffer(operand)));
    for (const [at, root] of roots.entries()) {
      if (root === null) continue;
      const isNew = definingOperation(root)?.name === ALLOC && !used.has(root);
      (isNew ? directions.writes : directions.reads).add(at);
    }
    for (const root of roots) if (root !== null) used.add(root);
  });
  for (const name of moves) found.set(name, { reads: new Set([0]), writes: new Set([1]) });
  return found;
}

/** Everything that stays, and what shares memory at the step at which it takes most. */
function partsOf(main: Operation, { buffers }: GlobalMemoryPlan): readonly MemoryPart[] {
  const step = fullestPosition(buffers);
  const entries = new Map(argumentEntries(main).map((entry, at) => [main.regions[0].arguments[at], entry]));
  return buffers
    .filter(({ live }) => live === null || (live.start <= step && step <= live.end))
    .map((buffer) => partOf(buffer, entries.get(buffer.value), main.location))
    .toSorted((one, other) => other.bytes - one.bytes);
}

/** The first position at which the buffers that share memory take most. */
function fullestPosition(buffers: readonly GlobalBuffer[]): number {
  const changes = new Map<number, number>();
  const change = (position: number, bytes: number): void => {
    changes.set(position, (changes.get(position) ?? 0) + bytes);
  };
  for (const { live, reservedBytes } of buffers) {
    if (live === null) continue;
    change(live.start, reservedBytes);
    change(live.end + 1, -reservedBytes);
  }
  let [now, most, fullest] = [0, 0, 0];
  for (const [position, bytes] of [...changes].toSorted(([one], [other]) => one - other)) {
    now += bytes;
    if (now > most) [most, fullest] = [now, position];
  }
  return fullest;
}

const KINDS = {
  constant: 'table',
  prepared: 'prepared',
  temporary: 'prepared',
  activation: 'activation',
} as const satisfies Record<Exclude<GlobalBuffer['kind'], 'argument'>, MemoryPart['kind']>;

function partOf({ value, kind, bytes }: GlobalBuffer, entry: AttributeMap | undefined, location: Location): MemoryPart {
  if (kind === 'argument') {
    const name = textOf(entry, 'ms.param') ?? textOf(entry, 'ms.input') ?? value.name;
    return { kind: entry?.has('ms.param') ? 'parameter' : 'input', name, bytes, location };
  }
  const op = definingOperation(value);
  const type = op?.attributes.get('type');
  const made = kind === 'constant' ? 'table' : 'workspace';
  const name = value.name || (type?.kind === 'type' ? type.type.key : made);
  return { kind: KINDS[kind], name, bytes, location: op?.location ?? null };
}
