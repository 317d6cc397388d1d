/**
 * The order in which stages compute micro-batches.
 *
 * GPipe: all forward passes, then all backward ones. 1F1B (PipeDream-Flush): stage s of S computes S - 1 - s forward
 * passes ahead, then one forward and one backward in turn, so that it keeps at most S - s micro-batches. The last stage
 * goes back at once: its forward task holds its backward computation.
 *
 * The result is one order of all tasks of all stages in which each comes after what it needs. Programs whose
 * communication follows one common order cannot deadlock: the earliest message that is still open has both its ranks
 * waiting for it, or on the way to it.
 */
export interface Task {
  readonly stage: number;
  readonly phase: 'forward' | 'backward';
  readonly microBatch: number;
}

/** All tasks in a common order. */
export function scheduleTasks(stages: number, microBatches: number, schedule: '1f1b' | 'gpipe'): readonly Task[] {
  const queues = Array.from({ length: stages }, (_, stage) =>
    schedule === 'gpipe' ? gpipeQueue(stage, microBatches) : alternatingQueue(stage, stages, microBatches),
  );
  const done = new Set<string>();
  const tasks: Task[] = [];
  for (let left = queues.reduce((count, queue) => count + queue.length, 0); left > 0;) {
    // One round: each stage computes at most one task, of those that the rounds before have made ready.
    const ready = queues.flatMap((queue) => (queue[0] && isReady(queue[0], stages, done) ? [queue[0]] : []));
    if (ready.length === 0) throw new Error('a schedule that waits for itself');
    for (const task of ready) {
      queues[task.stage].shift();
      done.add(keyOf(task));
      tasks.push(task);
    }
    left -= ready.length;
  }
  return tasks;
}

const keyOf = ({ stage, phase, microBatch }: Task): string => `${phase} ${stage} ${microBatch}`;

function isReady({ stage, phase, microBatch }: Task, stages: number, done: ReadonlySet<string>): boolean {
  if (phase === 'forward') return stage === 0 || done.has(keyOf({ stage: stage - 1, phase, microBatch }));
  const after: Task =
    stage === stages - 1 ? { stage, phase: 'forward', microBatch } : { stage: stage + 1, phase, microBatch };
  return done.has(keyOf(after));
}

function gpipeQueue(stage: number, microBatches: number): Task[] {
  const phaseOf = (phase: Task['phase']) =>
    Array.from({ length: microBatches }, (_, microBatch): Task => ({ stage, phase, microBatch }));
  return [...phaseOf('forward'), ...phaseOf('backward')];
}

function alternatingQueue(stage: number, stages: number, microBatches: number): Task[] {
  const ahead = Math.min(stages - 1 - stage, microBatches);
  const queue: Task[] = [];
  for (let step = 0; step < microBatches + ahead; step++) {
    if (step < microBatches) queue.push({ stage, phase: 'forward', microBatch: step });
    if (step >= ahead) queue.push({ stage, phase: 'backward', microBatch: step - ahead });
  }
  return queue;
}
