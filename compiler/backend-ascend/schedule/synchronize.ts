/**
 * Inserts the flags that keep the queues of a core in order.
 *
 * Queues (pipes) run asynchronously; only a flag or a barrier makes one wait for another. At every level of the
 * kernel's structure (body, loop body, branch) the ops are nodes; a node that holds a region stands for all accesses
 * inside it, so a dependence is handled once, at the innermost block that contains both ends:
 *   - forward:  set_flag(p, q) after the producer, wait_flag(p, q) before the consumer;
 *   - backward (loop bodies): the consumer is in a later iteration. The flag is set once at the start of the kernel and
 *     waited for once at its end, so that sets and waits balance and the queues overlap across outer iterations too:
 *     between two runs of the loop the flag simply stays set. A buffer with n copies makes the distance n.
 * In loops with multi-buffered allocations every flag alternates between two ids, because the producer may run one
 * iteration ahead of the consumer.
 * Redundant pairs are dropped by keeping, for each queue, how far it knows the other queues to be (transitively).
 * Flag ids are unique for each pair of queues in a kernel unless the setter is known to have seen the last wait; when
 * the 8 ids run out the dependence falls back to `pipe_barrier(PIPE_ALL)`.
 * Outline as in the public descriptions of PTOAS and AscendNPU-IR's InjectSync; see spec/backend.md.
 */
import type { Block, Operation, Value } from '../../ir/index.ts';
import { definingOperation, walk } from '../../ir/index.ts';
import type { Pipe } from '../../../runtime/isa/index.ts';
import { ALLOC, allocation } from '../tile/dialect.ts';
import { accessesOf, conflicts } from './access.ts';
import type { Access, InstructionTable } from './access.ts';
import { FlagIds, SyncWriter } from './flags.ts';

/** Queues whose own overlapping accesses complete out of order on 2201. */
const NEEDS_BARRIER: ReadonlySet<Pipe> = new Set<Pipe>(['V', 'MTE2', 'MTE3']);

export function synchronizeKernel(kernel: Operation, table: InstructionTable): void {
  const body = kernel.regions[0];
  const writer = new SyncWriter(kernel.location);
  synchronizeBlock(body, table, writer, new FlagIds(), { role: 'body', copies: 1 });
  const end = body.operations.pop();
  if (end === undefined) throw new Error('a kernel ends with func.return');
  body.operations = [...writer.constants(), ...writer.prologue, ...body.operations, ...writer.epilogue, end];
}

/** What a block is, and how many copies of its buffers the enclosing loop alternates between. */
interface Setting {
  readonly role: 'body' | 'loop' | 'branch';
  readonly copies: number;
}

function synchronizeBlock(
  block: Block,
  table: InstructionTable,
  writer: SyncWriter,
  ids: FlagIds,
  outer: Setting,
): void {
  const own = block.operations.filter((op) => op.name === ALLOC).map((op) => allocation(op).buffers);
  const setting: Setting = outer.role === 'branch' ? outer : { role: outer.role, copies: Math.max(1, ...own) };
  for (const op of block.operations) {
    const role = op.name === 'scf.for' ? 'loop' : 'branch';
    for (const region of op.regions) synchronizeBlock(region, table, writer, ids, { role, copies: setting.copies });
  }
  const plan = new BlockPlan(block, table, writer, ids, setting);
  plan.run();
  block.operations = block.operations.flatMap((op, index) => [...plan.before[index], op, ...plan.after[index]]);
}

/** A dependence on an earlier iteration. */
interface Carried {
  readonly from: Pipe;
  readonly producer: number;
  readonly to: Pipe;
  readonly consumer: number;
  readonly distance: number;
}

/** Allocations in the loops below a block. */
function loopBuffers(block: Block): ReadonlySet<Value> {
  const buffers = new Set<Value>();
  for (const op of block.operations) {
    for (const region of op.regions) {
      if (op.name !== 'scf.for') continue;
      walk(region, (inner) => {
        if (inner.name === ALLOC) buffers.add(inner.results[0]);
      });
    }
  }
  return buffers;
}

/** The flags of one block. Node numbers of the previous iteration are negative: node i is i − n. */
class BlockPlan {
  readonly before: Operation[][];
  readonly after: Operation[][];
  private readonly accesses: readonly (readonly Access[])[];
  private readonly writer: SyncWriter;
  private readonly ids: FlagIds;
  private readonly block: Block;
  private readonly setting: Setting;
  /** known.get(q).get(p): the last node of p that q certainly comes after. */
  private readonly known = new Map<Pipe, Map<Pipe, number>>();
  /** What each queue knew when it finished a node: `${pipe} ${node}`. */
  private readonly knownAt = new Map<string, ReadonlyMap<Pipe, number>>();
  /** Buffers that belong to loops inside this block: the flags of their own loop outlast it and protect them. */
  private readonly inner: ReadonlySet<Value>;
  /** Branches that start only when all earlier work is done. */
  private readonly serialized = new Set<number>();
  private readonly carriedFlags: Carried[] = [];
  private readonly carriedBarriers: Carried[] = [];

  constructor(block: Block, table: InstructionTable, writer: SyncWriter, ids: FlagIds, setting: Setting) {
    this.block = block;
    this.accesses = block.operations.map((op) => accessesOf(op, table));
    this.before = block.operations.map(() => []);
    this.after = block.operations.map(() => []);
    this.writer = writer;
    this.ids = ids;
    this.setting = setting;
    this.inner = loopBuffers(block);
  }

  run(): void {
    const count = this.accesses.length;
    for (let consumer = 0; consumer < count; consumer++) {
      const pipes = new Set(this.accesses[consumer].map((access) => access.pipe));
      for (const pipe of pipes) {
        if (this.setting.role === 'loop') this.carried(consumer, pipe);
        this.forward(consumer, pipe);
        this.knownAt.set(`${pipe} ${consumer}`, new Map(this.knowledge(pipe)));
      }
    }
    for (const barrier of this.carriedBarriers) {
      if (!this.isCovered(barrier)) this.before[barrier.consumer].push(this.writer.barrier(barrier.to));
    }
  }

  /**
   * A queue needs no barrier against itself when, between the two accesses, it waited for another queue that had
   * itself waited for the first access. Flags are never dropped because of barriers, so this is no circle.
   */
  private isCovered({ producer, consumer, to, distance }: Carried): boolean {
    return this.carriedFlags.some(
      (flag) =>
        flag.to === to &&
        flag.consumer <= consumer &&
        flag.distance <= distance &&
        (this.knownAt.get(`${flag.from} ${flag.producer}`)?.get(to) ?? -Infinity) >= producer,
    );
  }

  /** Dependences on earlier nodes of the same iteration: the latest producer of each queue is enough. */
  private forward(consumer: number, pipe: Pipe): void {
    const served = new Set<Pipe>();
    for (let producer = consumer - 1; producer >= 0; producer--) {
      for (const from of this.conflictingPipes(producer, consumer, pipe)) {
        if (served.has(from)) continue;
        served.add(from);
        this.order(from, producer, pipe, consumer);
      }
    }
  }

  private order(from: Pipe, producer: number, to: Pipe, consumer: number): void {
    if ((this.knowledge(to).get(from) ?? -Infinity) >= producer) return;
    if (from === to) this.barrier(from, consumer);
    else this.flag(from, producer, to, consumer);
    this.learn(to, from, producer);
  }

  private barrier(pipe: Pipe, consumer: number): void {
    if (!NEEDS_BARRIER.has(pipe)) return;
    this.before[consumer].push(this.writer.barrier(pipe));
    // Everything of this queue so far is finished.
    this.knowledge(pipe).set(pipe, consumer - 1);
  }

  private flag(from: Pipe, producer: number, to: Pipe, consumer: number): void {
    const { copies } = this.setting;
    const setterKnows = this.knownAt.get(`${from} ${producer}`)?.get(to) ?? -Infinity;
    const reusable = (waitNode: number): boolean => this.setting.role === 'body' && setterKnows >= waitNode;
    const id = this.ids.take(from, to, copies, { block: this.block, node: consumer }, reusable);
    if (id === null) {
      this.before[consumer].push(this.writer.barrier('ALL'));
      return;
    }
    this.after[producer].push(...this.writer.set(from, to, id, copies));
    this.before[consumer].push(...this.writer.wait(from, to, id, copies));
  }

  /** Dependences on nodes of earlier iterations, the consumer itself included. */
  private carried(consumer: number, pipe: Pipe): void {
    const nearest = new Map<Pipe, { readonly producer: number; readonly distance: number }>();
    for (let producer = this.accesses.length - 1; producer >= consumer; producer--) {
      for (const access of this.accesses[producer]) {
        const distance = this.distance(access, consumer, pipe);
        if (distance === null) continue;
        const best = nearest.get(access.pipe);
        if (!best || distance < best.distance) nearest.set(access.pipe, { producer, distance });
      }
    }
    for (const [from, { producer, distance }] of nearest) this.orderAcross(from, producer, pipe, consumer, distance);
  }

  private orderAcross(from: Pipe, producer: number, to: Pipe, consumer: number, distance: number): void {
    const node = producer - distance * this.accesses.length;
    if ((this.knowledge(to).get(from) ?? -Infinity) >= node) return;
    const dependence: Carried = { from, producer, to, consumer, distance };
    if (from === to) {
      if (NEEDS_BARRIER.has(from)) this.carriedBarriers.push(dependence);
      return;
    }
    if (producer === consumer && this.block.operations[producer].name === 'scf.if') {
      // In iterations that skip the branch nothing would order the next set after this wait.
      if (!this.serialized.has(consumer)) this.before[consumer].push(this.writer.barrier('ALL'));
      this.serialized.add(consumer);
    } else {
      this.carriedFlag(from, producer, to, consumer, distance);
      this.carriedFlags.push(dependence);
    }
    this.knowledge(to).set(from, Math.max(this.knowledge(to).get(from) ?? -Infinity, node));
  }

  private carriedFlag(from: Pipe, producer: number, to: Pipe, consumer: number, copies: number): void {
    const id = this.ids.take(from, to, copies, { block: this.block, node: consumer }, () => false);
    if (id === null) {
      this.before[consumer].push(this.writer.barrier('ALL'));
      return;
    }
    this.after[producer].push(...this.writer.set(from, to, id, copies));
    this.before[consumer].push(...this.writer.wait(from, to, id, copies));
    for (let copy = 0; copy < copies; copy++) {
      this.writer.prologue.push(...this.writer.set(from, to, id + copy, 1));
      this.writer.epilogue.push(...this.writer.wait(from, to, id + copy, 1));
    }
  }

  /** The least number of iterations after which `access` meets a conflicting access of the consumer in `pipe`. */
  private distance(access: Access, consumer: number, pipe: Pipe): number | null {
    let least: number | null = null;
    for (const other of this.accesses[consumer]) {
      if (other.pipe !== pipe || !conflicts(access, other)) continue;
      if (access.root === other.root && this.inner.has(access.root)) continue;
      const distance = access.root === other.root ? this.copiesOf(access) : 1;
      least = least === null ? distance : Math.min(least, distance);
    }
    return least;
  }

  private copiesOf(access: Access): number {
    const op = definingOperation(access.root);
    return op?.name === ALLOC && this.block.operations.includes(op) ? allocation(op).buffers : 1;
  }

  private conflictingPipes(producer: number, consumer: number, pipe: Pipe): ReadonlySet<Pipe> {
    const pipes = new Set<Pipe>();
    for (const access of this.accesses[producer]) {
      for (const other of this.accesses[consumer]) {
        if (other.pipe === pipe && conflicts(access, other)) pipes.add(access.pipe);
      }
    }
    return pipes;
  }

  private knowledge(pipe: Pipe): Map<Pipe, number> {
    let known = this.known.get(pipe);
    if (!known) this.known.set(pipe, (known = new Map()));
    return known;
  }

  /** `to` now comes after `node` of `from`, and after everything `from` knew then. */
  private learn(to: Pipe, from: Pipe, node: number): void {
    const known = this.knowledge(to);
    const raise = (pipe: Pipe, value: number): void => {
      known.set(pipe, Math.max(known.get(pipe) ?? -Infinity, value));
    };
    raise(from, node);
    for (const [pipe, value] of this.knownAt.get(`${from} ${node}`) ?? []) raise(pipe, value);
  }
}
