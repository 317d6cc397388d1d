/**
 * The schedule of a pipeline, micro-batch by micro-batch: 1F1B (Narayanan et al., PipeDream-Flush) and its interleaved form
 * (Megatron-LM, SC'21). A stage warms up with forwards, then does one forward and one backward in turn, then empties. A forward
 * waits for that of the stage before, a backward for that of the stage after.
 */
import type { PipelineShape } from './plan.ts';

/** Columns, one entry for each piece of work, stage by stage in the order of time. */
export interface Schedule {
  readonly stages: number;
  /** Begin of each stage in the columns, and the end of the last. */
  readonly begins: readonly number[];
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly microBatch: Int32Array;
  readonly chunk: Int32Array;
  readonly isBackward: Uint8Array;
  /** Seconds until the last backward ended. */
  readonly seconds: number;
}

interface Piece {
  readonly microBatch: number;
  readonly chunk: number;
  readonly isBackward: boolean;
}

/** The number of pieces that a schedule has. */
export const schedulePieces = ({ forward, microBatches, virtualStages }: PipelineShape): number =>
  2 * forward.length * microBatches * virtualStages;

export function scheduleOf(shape: PipelineShape): Schedule {
  const stages = shape.forward.length;
  const { microBatches, virtualStages: chunks } = shape;
  const perStage = 2 * microBatches * chunks;
  const total = stages * perStage;
  const schedule = {
    stages,
    begins: Array.from({ length: stages + 1 }, (_, stage) => stage * perStage),
    start: new Float64Array(total),
    end: new Float64Array(total),
    microBatch: new Int32Array(total),
    chunk: new Int32Array(total),
    isBackward: new Uint8Array(total),
  };
  const orders = Array.from({ length: stages }, (_, stage) => orderOf(stage, shape));
  const [ends, next, free] = [new Map<number, number>(), orders.map(() => 0), orders.map(() => 0)];
  const key = (stage: number, { microBatch, chunk, isBackward }: Piece): number =>
    ((microBatch * chunks + chunk) * stages + stage) * 2 + Number(isBackward);
  for (let isMoving = true; isMoving;) {
    isMoving = false;
    for (let stage = 0; stage < stages; stage += 1)
      for (; (next[stage] ?? 0) < perStage;) {
        const at = next[stage] ?? 0;
        const piece = orders[stage]?.[at];
        if (piece === undefined) break;
        const needed = neededBy(stage, piece, stages, chunks);
        const ready = needed === null ? 0 : ends.get(key(needed.stage, needed));
        if (ready === undefined) break;
        const start = Math.max(free[stage] ?? 0, ready);
        const seconds = (piece.isBackward ? shape.backward[stage] : shape.forward[stage]) ?? 0;
        const end = start + seconds / chunks;
        const index = stage * perStage + at;
        schedule.start[index] = start;
        schedule.end[index] = end;
        schedule.microBatch[index] = piece.microBatch;
        schedule.chunk[index] = piece.chunk;
        schedule.isBackward[index] = Number(piece.isBackward);
        ends.set(key(stage, piece), end);
        [free[stage], next[stage]] = [end, at + 1];
        isMoving = true;
      }
  }
  return { ...schedule, seconds: Math.max(0, ...free) };
}

/** The piece that must end before another begins; null for the first forward of all. */
function neededBy(stage: number, piece: Piece, stages: number, chunks: number): (Piece & { stage: number }) | null {
  const { chunk, isBackward } = piece;
  if (!isBackward) {
    if (stage > 0) return { ...piece, stage: stage - 1 };
    return chunk === 0 ? null : { ...piece, stage: stages - 1, chunk: chunk - 1 };
  }
  if (stage < stages - 1) return { ...piece, stage: stage + 1 };
  return chunk === chunks - 1 ? { ...piece, stage, isBackward: false } : { ...piece, stage: 0, chunk: chunk + 1 };
}

/** The order in which a stage does its pieces. */
function orderOf(stage: number, { forward, microBatches, virtualStages: chunks }: PipelineShape): readonly Piece[] {
  const stages = forward.length;
  const total = microBatches * chunks;
  const warm = Math.min(total, chunks === 1 ? stages - stage - 1 : 2 * (stages - stage - 1) + (chunks - 1) * stages);
  const forwards = Array.from({ length: total }, (_, number) => pieceOf(number, false, stages, chunks));
  const backwards = Array.from({ length: total }, (_, number) => pieceOf(number, true, stages, chunks));
  const order = forwards.slice(0, warm);
  for (let number = warm; number < total; number += 1) {
    const [ahead, back] = [forwards[number], backwards[number - warm]];
    if (ahead !== undefined) order.push(ahead);
    if (back !== undefined) order.push(back);
  }
  return [...order, ...backwards.slice(total - warm)];
}

/** Interleaved chunks take turns after as many micro-batches as there are stages. */
function pieceOf(number: number, isBackward: boolean, stages: number, chunks: number): Piece {
  if (chunks === 1) return { microBatch: number, chunk: 0, isBackward };
  const round = Math.floor(number / (stages * chunks));
  const within = number % (stages * chunks);
  const turn = Math.floor(within / stages);
  return {
    microBatch: round * stages + (within % stages),
    chunk: isBackward ? chunks - 1 - turn : turn,
    isBackward,
  };
}

/** Share of the time of all stages in which they wait, until the last backward. */
export function idleShare({ stages, start, end, seconds }: Schedule): number {
  let working = 0;
  for (let index = 0; index < start.length; index += 1) working += (end[index] ?? 0) - (start[index] ?? 0);
  return seconds === 0 ? 0 : 1 - working / (stages * seconds);
}
