/** Random triples of network, mesh and plan: training steps with legal layouts of everything that may have one. */
import type { Layout, Mesh } from '../../compiler/passes/shard/index.ts';
import { axesSize, layoutOf, layoutProblem } from '../../compiler/passes/shard/index.ts';
import { lenet, mixture, mlp, transformer } from './networks.ts';
import type { Description, StepPlan } from './training.ts';

/** Numbers from a seed: `next(limit)` is below the limit. */
export class Choices {
  private state: number;

  constructor(seed: number) {
    this.state = (Math.imul(seed, 2654435761) + 97) >>> 0;
  }

  next(limit: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return (this.state >>> 8) % limit;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.next(items.length)];
  }
}

export interface Triple {
  readonly description: Description;
  readonly plan: StepPlan;
}

/** The triple of a seed. Every network has a batch of 12, which most meshes and micro-batches divide. */
export function randomTriple(seed: number): Triple {
  const choices = new Choices(seed);
  const description = randomNetwork(choices);
  const dp = choices.pick([1, 1, 2, 3, 4]);
  const mp = choices.pick(dp > 2 ? [1, 2] : [1, 2, 4]);
  const mesh: Mesh =
    choices.next(2) === 0 ? { axes: ['dp', 'mp'], sizes: [dp, mp] } : { axes: ['mp', 'dp'], sizes: [mp, dp] };
  const stages = description.name.startsWith('mixture') || dp * mp > 4 ? 1 : choices.pick([1, 1, 2, 3]);
  const microBatches = choices.pick([1, 1, 2, 3].filter((count) => 12 % (count * dp) === 0));
  const optimizer = description.exact ? description.optimizer : choices.pick(['sgd', 'momentum'] as const);
  return {
    description: { ...description, ...(optimizer ? { optimizer } : {}) },
    plan: {
      mesh,
      layouts: randomLayouts(choices, mesh, description),
      marks: randomMarks(choices, mesh, description),
      zero: choices.next(4),
      stages,
      microBatches,
      schedule: choices.pick(['1f1b', 'gpipe'] as const),
    },
  };
}

const BATCH = 12;

function randomNetwork(choices: Choices): Description {
  const kind = choices.next(10);
  if (kind < 5)
    return mlp(
      BATCH,
      Array.from({ length: 3 + choices.next(3) }, () => choices.pick([4, 6, 8, 12])),
    );
  if (kind < 8) {
    const heads = choices.pick([2, 4]);
    return transformer({
      batch: BATCH,
      length: choices.pick([4, 6]),
      width: heads * choices.pick([2, 4]),
      heads,
      vocabulary: choices.pick([12, 16]),
      layers: 1 + choices.next(2),
    });
  }
  return kind === 8 ? mixture(BATCH, choices.pick([4, 6]), 4, choices.pick([2, 4]), 3) : lenet(BATCH);
}

/** The batch along dp; weights along mp somewhere, sometimes along dp too. */
function randomLayouts(
  choices: Choices,
  mesh: Mesh,
  { inputs, weights }: Description,
): Readonly<Record<string, Layout>> {
  const found: Record<string, Layout> = {};
  for (const [name, type] of Object.entries(inputs))
    if (choices.next(5) > 0) found[name] = layoutOf(type.shape.map((_, at) => (at === 0 ? ['dp'] : [])));
  for (const [name, shape] of Object.entries(weights))
    if (choices.next(3) > 0)
      found[name] = randomLayout(choices, mesh, shape, choices.next(8) === 0 ? ['dp', 'mp'] : ['mp']);
  return found;
}

function randomMarks(choices: Choices, mesh: Mesh, { marks = {} }: Description): Readonly<Record<string, Layout>> {
  const chosen = Object.entries(marks).filter(() => choices.next(3) === 0);
  return Object.fromEntries(
    chosen.map(([name, shape]) => {
      const batch = shape[0] % axesSize(mesh, ['dp']) === 0 && choices.next(4) > 0;
      const along = randomLayout(choices, mesh, shape, ['mp'], batch ? 1 : 0);
      return [name, batch ? layoutOf(along.dimensions.with(0, ['dp'])) : along];
    }),
  );
}

/** Each axis cuts some dimension, from `first` on, that it divides, or none. */
function randomLayout(
  choices: Choices,
  mesh: Mesh,
  shape: readonly number[],
  axes: readonly string[],
  first = 0,
): Layout {
  let layout = layoutOf(shape.map(() => []));
  for (const axis of axes) {
    const at = first + choices.next(shape.length - first + 1);
    if (at >= shape.length) continue;
    const next = layoutOf(layout.dimensions.with(at, [...layout.dimensions[at], axis]));
    if (layoutProblem(mesh, next, shape) === null) layout = next;
  }
  return layout;
}
