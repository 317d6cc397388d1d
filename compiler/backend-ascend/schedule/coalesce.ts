/**
 * Lets the source of a move be the target's own buffer, so that the move falls away: new values of parameters are made in
 * place, values that regions yield are made where they are needed (copy coalescing of register allocation, on buffers).
 * All-reduces get one buffer for operand and result in the same way.
 *
 * Liveness is per step: two buffers may be one when nothing of one is live while the other is, and no step reads one
 * while it writes the other, unless its kernel works in place.
 */
import type { Block, Operation, Value } from '../../ir/index.ts';
import { definingOperation, stringOf } from '../../ir/index.ts';
import { ALLOC, BRANCH, COLLECTIVE, LAUNCH, LOOP, REPEAT, allocation } from '../tile/dialect.ts';
import type { Timeline, TimelineEvent } from './timeline.ts';
import { worksInPlace } from './timeline.ts';

/** Buffers that share memory. */
interface Cluster {
  members: readonly Value[];
  /** Per step: whether the content after it is still needed. */
  readonly live: Uint8Array;
  /** Whether it has a place of its own: an argument. */
  isFixed: boolean;
}

/** One buffer in a walk backwards over the steps. */
interface Tracked {
  readonly buffer: Value;
  readonly kills: ReadonlySet<Operation>;
  readonly live: Uint8Array;
}

/** For each buffer the one whose memory it uses; buffers that keep their own are absent. */
export function coalesceMoves(main: Operation, timeline: Timeline): ReadonlyMap<Value, Value> {
  const coalescing = new Coalescing(main.regions[0], timeline);
  for (const event of timeline.events) if (isMove(event.op) || isInPlace(event.op)) coalescing.tryJoin(event);
  return coalescing.result();
}

/** All-reduces work in place where they can: gradients need no second buffer. */
const isInPlace = (op: Operation): boolean => op.name === COLLECTIVE && worksInPlace(op, 0, 1);

export const isMove = (op: Operation): boolean => op.name === LAUNCH && op.attributes.has('move');

class Coalescing {
  private readonly body: Block;
  private readonly timeline: Timeline;
  private readonly clusters = new Map<Value, Cluster>();

  constructor(body: Block, timeline: Timeline) {
    this.body = body;
    this.timeline = timeline;
  }

  /** One buffer for the source and the target of a step. */
  tryJoin({ op }: TimelineEvent): void {
    const [source, target] = op.operands;
    const [from, to] = [this.clusterOf(source), this.clusterOf(target)];
    if (from === null || to === null || from === to || (from.isFixed && to.isFixed)) return;
    for (let position = 0; position < this.timeline.length; position++)
      if (from.live[position] === 1 && to.live[position] === 1) return;
    if (!this.stepsAllow(from, to) || !this.stepsAllow(to, from)) return;
    const members = [...to.members, ...from.members];
    to.members = members;
    to.isFixed ||= from.isFixed;
    from.live.forEach((value, position) => {
      if (value === 1) to.live[position] = 1;
    });
    for (const member of members) this.clusters.set(member, to);
  }

  /** The buffer's cluster; null for buffers that prepare or the compiler made, and parts of buffers. */
  private clusterOf(buffer: Value): Cluster | null {
    const known = this.clusters.get(buffer);
    if (known) return known;
    const op = definingOperation(buffer);
    if (op !== null && (op.name !== ALLOC || stringOf(op.attributes, 'phase') === 'prepare')) return null;
    const cluster = { members: [buffer], live: this.liveness(buffer), isFixed: op === null };
    this.clusters.set(buffer, cluster);
    return cluster;
  }

  /** No step, other than a move between the two, reads one and writes the other. */
  private stepsAllow(read: Cluster, written: Cluster): boolean {
    const [one, other] = [new Set(read.members), new Set(written.members)];
    return read.members.every((member) =>
      (this.timeline.usesOf.get(member) ?? []).every(({ op, uses }) => {
        const reads = uses.filter((use) => use.reads && one.has(use.root));
        const writes = uses.filter((use) => use.writes && other.has(use.root));
        if (isMove(op)) return true;
        return reads.every((from) => writes.every((to) => worksInPlace(op, from.argument, to.argument)));
      }),
    );
  }

  /** Where the content of a buffer is needed later: backwards over the steps, around loops until nothing changes. */
  private liveness(buffer: Value): Uint8Array {
    const live = new Uint8Array(this.timeline.length);
    const isArgument = definingOperation(buffer) === null;
    this.flow(this.body, isArgument, { buffer, kills: this.killsOf(buffer), live });
    return live;
  }

  /** Steps before which the content does not matter: moves that write all of it, or its first use. */
  private killsOf(buffer: Value): ReadonlySet<Operation> {
    const uses = this.timeline.usesOf.get(buffer) ?? [];
    const moves = uses.filter(({ op }) => isMove(op) && op.operands[1] === buffer).map(({ op }) => op);
    const isMoved = moves.length > 0 || definingOperation(buffer) === null;
    return new Set(isMoved ? moves : uses.slice(0, 1).map(({ op }) => op));
  }

  private flow(block: Block, after: boolean, track: Tracked): boolean {
    let needed = after;
    for (const op of block.operations.toReversed()) {
      if (op.name === LOOP || op.name === REPEAT) {
        needed = this.around(op, needed, track);
        continue;
      }
      if (op.name === BRANCH) needed = op.regions.map((region) => this.flow(region, needed, track)).includes(true);
      needed = this.step(op, needed, track);
    }
    return needed;
  }

  /** A loop: what the next turn needs is needed at the end of a turn, which can only add to what is live. */
  private around(op: Operation, after: boolean, track: Tracked): boolean {
    const [first, second] = op.regions;
    for (let again = false; ; again = true) {
      const start = op.name === LOOP ? this.step(op, after || again, track) : after || again;
      const entry = this.flow(first, start, track);
      const next = op.name === LOOP ? this.flow(second, entry, track) : entry;
      if (next === again) return op.name === LOOP ? entry : entry || after;
    }
  }

  private step(op: Operation, after: boolean, { buffer, kills, live }: Tracked): boolean {
    const event = this.timeline.eventOf.get(op);
    if (!event) return after;
    const uses = event.uses.filter((use) => use.root === buffer);
    if (after || uses.some((use) => use.writes)) live[event.position] = 1;
    if (uses.some((use) => use.reads)) return true;
    return after && !kills.has(op);
  }

  result(): ReadonlyMap<Value, Value> {
    const owners = new Map<Value, Value>();
    for (const cluster of new Set(this.clusters.values())) {
      const owner = cluster.members.reduce((best, value) => (bytesOf(value) > bytesOf(best) ? value : best));
      for (const member of cluster.members) if (member !== owner) owners.set(member, owner);
    }
    return owners;
  }
}

/** Arguments are the owners of their clusters. */
function bytesOf(value: Value): number {
  const op = definingOperation(value);
  return op === null ? Infinity : allocation(op).bytes;
}
