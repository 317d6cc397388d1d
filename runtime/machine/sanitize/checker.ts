/** Follows the interpreter instruction by instruction and compares every access with the ones it conflicts with. */
import { pipes, stateOffset } from '../../isa/index.ts';
import type { InstructionDefinition, Pipe, Space } from '../../isa/index.ts';
import type { Core } from '../core.ts';
import type { CoreName } from '../fault.ts';
import { coreLabel } from '../fault.ts';
import type { Memory } from '../memory.ts';
import { flagIndex, pipeOf } from '../synchronization.ts';
import type { Release } from '../synchronization.ts';
import { CoreClocks, join, raised, threadOf } from './clocks.ts';
import type { Clock } from './clocks.ts';
import type { SanitizeFinding } from './findings.ts';
import { Footprints } from './footprints.ts';
import type { AccessRange } from './footprints.ts';
import { globalConflicts } from './global-accesses.ts';
import type { GlobalAccess } from './global-accesses.ts';
import { Shadow } from './shadow.ts';
import type { Earlier } from './shadow.ts';
import type { WrittenBytes } from './written-bytes.ts';

/** Pipes whose operations may overlap in time. */
const overlapping: ReadonlySet<number> = new Set((['V', 'MTE2', 'MTE3'] as const).map((pipe) => pipes.indexOf(pipe)));
const ALL = pipes.indexOf('ALL');

/** The operation that is being checked. */
interface CurrentOperation {
  readonly clocks: CoreClocks;
  readonly pipe: number;
  readonly thread: number;
  readonly operation: number;
  readonly clock: Clock;
}

/** One side of a race. */
interface RacingAccess {
  readonly core: number;
  readonly pipe: number;
  readonly pc: number;
  readonly isWrite: boolean;
}

/** Follows a run and collects findings. */
export class Checker {
  readonly findings: SanitizeFinding[] = [];
  /** Word indices of the wait_flags that ran, by core kind. */
  readonly waits = new Map<string, Set<number>>();
  readonly #seen = new Set<string>();
  readonly #cores: readonly CoreClocks[];
  readonly #footprints: readonly Footprints[];
  readonly #shadows: readonly ReadonlyMap<Space, Shadow>[];
  readonly #global: GlobalAccess[] = [];
  readonly #flagClocks: readonly Map<number, Clock>[];
  readonly #lastWait: readonly Map<number, { readonly thread: number; readonly operation: number }>[];
  readonly #sent = new Map<string, Clock[]>();
  readonly #received: readonly Clock[][][];
  readonly #written: WrittenBytes | undefined;
  readonly #limit: number;
  readonly #ignoredWait: string;

  constructor(cores: readonly Core[], limit: number, ignoredWait: string, written: WrittenBytes | undefined) {
    this.#written = written;
    this.#limit = limit;
    this.#ignoredWait = ignoredWait;
    this.#cores = cores.map((core, number) => new CoreClocks(core, number, cores.length));
    const shared = new Map<string, Footprints>();
    this.#footprints = cores.map((core) => {
      const found = shared.get(core.name.kind) ?? new Footprints(core);
      shared.set(core.name.kind, found);
      return found;
    });
    this.#shadows = cores.map(
      (core) =>
        new Map(
          (Object.entries(core.memories) as [Space, Memory][]).flatMap(([space, memory]) =>
            space === 'gm' || memory.bytes.length === 0 ? [] : [[space, new Shadow(memory.bytes.length)] as const],
          ),
        ),
    );
    this.#flagClocks = cores.map(() => new Map());
    this.#lastWait = cores.map(() => new Map());
    this.#received = cores.map(() => Array.from({ length: 16 }, () => []));
  }

  before(number: number, definition: InstructionDefinition): void {
    const clocks = this.#cores[number] as CoreClocks; // one per core
    const { meaning } = definition;
    if (meaning.kind === 'synchronization') this.#synchronize(clocks, meaning.what);
    else if (meaning.kind !== 'control' && (definition.pipe !== 'S' || definition.timing === 'scalar.memory'))
      this.#operation(clocks, definition);
  }

  crossCore(from: number, mode: number, flag: number, release: Release | null): void {
    const clocks = this.#cores[from] as CoreClocks; // one per core
    const key = (core: number): string => `${mode}:${flag}:${core}`;
    const queue = this.#sent.get(key(from)) ?? [];
    const pipe = clocks.core.operands[0] ?? 0;
    queue.push(clocks.completed(pipe));
    this.#sent.set(key(from), queue);
    if (release === null) return;
    const sent = release.senders
      .map((sender) => this.#sent.get(key(sender))?.shift())
      .filter((clock) => clock !== undefined);
    const all = sent.reduce((left, right) => join(left, right));
    for (const receiver of release.receivers) this.#received[receiver]?.[flag]?.push(all);
  }

  /** Checks what only the whole launch shows. */
  finish(): void {
    for (const [a, b] of globalConflicts(this.#global, this.#limit)) {
      const [first, second] = a.operation <= b.operation || a.core !== b.core ? [a, b] : [b, a];
      this.#race(second, first, 'gm', Math.max(first.start, second.start));
    }
  }

  #operation(clocks: CoreClocks, definition: InstructionDefinition): void {
    const pipe = pipes.indexOf(definition.pipe);
    const { core, number } = clocks;
    clocks.issue(pipe);
    const operation = clocks.operation(pipe, core.pc);
    const thread = threadOf(number, pipe);
    if (!overlapping.has(pipe)) clocks.clocks[pipe] = raised(clocks.clock(pipe), thread, operation - 1);
    const current: CurrentOperation = { clocks, pipe, thread, operation, clock: clocks.clock(pipe) };
    const unwritten = new Map<Space, { bytes: number; of: number; at: number }>();
    const footprints = this.#footprints[number] as Footprints; // one per core
    for (const range of footprints.of(core, definition)) {
      const bytes = range.space === 'gm' ? this.#globalAccess(current, range) : this.#localAccess(current, range);
      if (range.isWrite) continue;
      const sum = unwritten.get(range.space) ?? { bytes: 0, of: 0, at: range.start };
      unwritten.set(range.space, { bytes: sum.bytes + bytes, of: sum.of + range.end - range.start, at: sum.at });
    }
    for (const [space, { bytes, of, at }] of unwritten)
      if (bytes > 0) this.#unwritten(clocks, pipe, space, bytes, of, at);
    if (pipe === 0) clocks.clocks[0] = raised(clocks.clock(0), thread, operation);
  }

  /** Notes an access to GM for the sweep at the end; returns how many of the bytes were never written. */
  #globalAccess({ clocks, ...operation }: CurrentOperation, { start, end, isWrite }: AccessRange): number {
    const isAtomic = isWrite && clocks.core.state[stateOffset.atomic_op] !== 0;
    this.#global.push({ start, end, isWrite, isAtomic, core: clocks.number, pc: clocks.core.pc, ...operation });
    if (!isWrite) return this.#written?.unwritten(start, end) ?? 0;
    this.#written?.mark(start, end);
    return 0;
  }

  /** Checks an access to an on-chip space; returns how many of the bytes were never written. */
  #localAccess(current: CurrentOperation, { space, start, end, isWrite }: AccessRange): number {
    const { clocks, pipe, operation, clock } = current;
    const { number, core } = clocks;
    const isOrdered = (earlier: Earlier): boolean => (clock[threadOf(number, earlier.pipe)] ?? 0) >= earlier.operation;
    const result = this.#shadows[number]?.get(space)?.access(start, end, isWrite, pipe, operation, isOrdered);
    if (result === undefined) return 0;
    if (result.conflict !== null) {
      const { conflict, at } = result.conflict;
      const pc = clocks.placeOf(conflict.pipe, conflict.operation);
      const other = { core: number, pipe: conflict.pipe, pc, isWrite: conflict.isWrite };
      this.#race({ core: number, pipe, pc: core.pc, isWrite }, other, space, at);
    }
    return result.unwritten;
  }

  #unwritten(clocks: CoreClocks, pipe: number, space: Space, bytes: number, of: number, at: number): void {
    const isAll = bytes === of;
    this.#add({
      kind: isAll ? 'unwritten' : 'partly-unwritten',
      severity: isAll ? 'error' : 'note',
      core: clocks.core.name,
      pc: clocks.core.pc,
      pipe: pipeName(pipe),
      other: null,
      space,
      address: at,
      message: isAll
        ? `reads ${of} bytes of ${space} that nothing has written`
        : `reads ${of} bytes of ${space}, of which nothing has written ${bytes}`,
    });
  }

  #race({ core, pipe, pc, isWrite }: RacingAccess, other: RacingAccess, space: Space, address: number): void {
    const name = (number: number): CoreName => (this.#cores[number] as CoreClocks).core.name; // one per core
    const kind = isWrite ? (other.isWrite ? 'write-after-write' : 'write-after-read') : 'read-after-write';
    const who = core === other.core ? '' : ` of ${coreLabel(name(other.core))}`;
    const how =
      core !== other.core
        ? 'no cross-core flag orders them'
        : pipe === other.pipe
          ? `no pipe_barrier(PIPE_${pipeName(pipe)}) is between them`
          : `no flag from ${pipeName(other.pipe)} to ${pipeName(pipe)} is between them`;
    this.#add({
      kind,
      severity: 'error',
      core: name(core),
      pc,
      pipe: pipeName(pipe),
      other: { core: name(other.core), pc: other.pc, pipe: pipeName(other.pipe) },
      space,
      address,
      message: `${isWrite ? 'writes' : 'reads'} ${space} while word ${other.pc}${who} (pipe ${pipeName(other.pipe)}) may still ${other.isWrite ? 'write' : 'read'} it: ${how}`,
    });
  }

  #add(finding: SanitizeFinding): void {
    const key = `${finding.kind}:${finding.core.kind}:${finding.pc}:${finding.other?.core.kind ?? ''}:${finding.other?.pc ?? ''}:${finding.space ?? ''}`;
    if (this.#seen.has(key) || this.findings.length >= this.#limit) return;
    this.#seen.add(key);
    this.findings.push(finding);
  }

  #synchronize(clocks: CoreClocks, what: string): void {
    const [first = 0, second = 0, third = 0] = clocks.core.operands;
    if (what === 'set_flag') this.#setFlag(clocks, first, second, third);
    if (what === 'wait_flag') this.#waitFlag(clocks, first, second, third);
    if (what === 'pipe_barrier') this.#barrier(clocks, first);
    if (what === 'cross_core_set') clocks.issue(first);
    if (what === 'cross_core_wait') {
      const clock = this.#received[clocks.number]?.[first]?.shift();
      if (clock !== undefined) clocks.clocks[0] = join(clocks.clock(0), clock);
    }
  }

  #setFlag(clocks: CoreClocks, from: number, to: number, id: number): void {
    clocks.issue(from);
    const flag = flagIndex(from, to, id);
    const taken = this.#lastWait[clocks.number]?.get(flag);
    if (taken !== undefined && (clocks.clock(from)[taken.thread] ?? 0) < taken.operation) {
      this.#add({
        kind: 'flag-reuse',
        severity: 'error',
        core: clocks.core.name,
        pc: clocks.core.pc,
        pipe: pipeName(from),
        other: null,
        space: null,
        address: null,
        message: `flag ${id} from ${pipeOf(from)} to ${pipeOf(to)} may be set again before ${pipeOf(to)} has taken it: nothing orders this set after the last wait`,
      });
    }
    this.#flagClocks[clocks.number]?.set(flag, clocks.completed(from));
  }

  #waitFlag(clocks: CoreClocks, from: number, to: number, id: number): void {
    const { core, number } = clocks;
    clocks.issue(to);
    const flag = flagIndex(from, to, id);
    const kind = core.name.kind;
    const known = this.waits.get(kind) ?? new Set<number>();
    this.waits.set(kind, known.add(core.pc));
    const operation = clocks.operation(to, core.pc);
    this.#lastWait[number]?.set(flag, { thread: threadOf(number, to), operation });
    const clock = this.#flagClocks[number]?.get(flag);
    if (clock !== undefined && this.#ignoredWait !== `${kind}:${core.pc}`)
      clocks.clocks[to] = join(clocks.clock(to), clock);
    // Taking a flag is no memory access; it is complete when it starts.
    if (to === 0) clocks.clocks[0] = raised(clocks.clock(0), threadOf(number, 0), operation);
  }

  #barrier(clocks: CoreClocks, pipe: number): void {
    if (pipe !== ALL) {
      clocks.issue(pipe);
      clocks.clocks[pipe] = clocks.completed(pipe);
      return;
    }
    for (let each = 0; each < ALL; each++) clocks.clocks[0] = join(clocks.clock(0), clocks.completed(each));
  }
}

const pipeName = (pipe: number): Pipe => pipes[pipe] ?? 'ALL';
