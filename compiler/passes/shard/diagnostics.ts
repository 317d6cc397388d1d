/** What sharding says (MSC0540 to MSC0569). */
import type { Diagnostic, DiagnosticDefinition, Location, Sources } from '../../ir/index.ts';
import { diagnose, locationText, spanOfLocation, userError } from '../../ir/index.ts';

const MAIN = (attributes: string, argument: string, body: string): string =>
  `module attributes {${attributes}} {
  func.func @main(%x: tensor<4x6xf32>${argument}) -> tensor<4x6xf32> {
    ${body}
    func.return %y : tensor<4x6xf32>
  }
}`;
const MESH = 'ms.stage = "graph", dist.mesh = {axes = ["dp", "mp"], sizes = array<i64: 2, 4>}';
const RELU = '%y = ms.relu %x : tensor<4x6xf32>';

export const shardDiagnostics = {
  layoutDoesNotFit: userError(
    'MSC0540',
    'a layout does not fit its tensor',
    (tensor: string, problem: string) => `${tensor} cannot lie so: ${problem}`,
    'Each mesh axis cuts at most one dimension, and cuts it into equal parts.',
    MAIN(MESH, ' {dist.layout = [["mp"], []]}', RELU).replaceAll('4x6', '6x6'),
    MAIN(MESH, ' {dist.layout = [["mp"], []]}', RELU),
    () => 'choose a mesh whose sizes divide the extents, or leave the dimension whole',
  ),
  malformedAnnotation: userError(
    'MSC0541',
    'a malformed annotation',
    (name: string, expected: string) => `${name} is not ${expected}`,
    'Annotations of the dist dialect have fixed forms; they are written by the source (`shard`) or by a plan.',
    MAIN('ms.stage = "graph", dist.mesh = "2x4"', '', RELU),
    MAIN(MESH, '', RELU),
  ),
  contradiction: userError(
    'MSC0542',
    'contradictory annotations',
    (what: string, left: string, right: string) => `${what} is to lie as ${left} and as ${right}`,
    'Two annotations say different things about one tensor or one index of an operation.',
    null,
    null,
    () => 'make both say the same, or remove one',
  ),
  strategyDoesNotFit: userError(
    'MSC0543',
    'a strategy does not fit the devices',
    (cuts: string, devices: string) => `cuts [${cuts}] do not fit ${devices} devices`,
    'The product of the cuts of an operator must divide the number of devices of a stage.',
    null,
    null,
  ),
  notDivisible: userError(
    'MSC0544',
    'an index that cannot be cut',
    (op: string, operand: string, dimension: string, axes: string) =>
      `'${op}' needs dimension ${dimension} of operand ${operand} whole, the annotation cuts it by ${axes}`,
    'Some operations need a whole dimension: the axis of a concatenation, the window of a convolution, a sort.',
    null,
    null,
  ),
  microBatches: userError(
    'MSC0545',
    'micro-batches that cannot be formed',
    (problem: string) => `the step does not split into micro-batches: ${problem}`,
    'Micro-batches are computed one after another; nothing that a micro-batch computes may need all of them, and the batch must divide.',
    null,
    null,
  ),
  stages: userError(
    'MSC0546',
    'pipeline stages out of order',
    (problem: string) => `the network does not form a pipeline: ${problem}`,
    'Forward computation goes from stage 0 to the last; a value of a later stage cannot enter an earlier one.',
    null,
    null,
  ),
  unsupported: {
    ...userError(
      'MSC0547',
      'cannot be partitioned',
      (what: string) => `${what} cannot be partitioned`,
      'Partitioning needs static shapes and one function.',
      MAIN(MESH, '', RELU).replaceAll('4x6', '?x6'),
      MAIN(MESH, '', RELU),
    ),
    exitClass: 'unsupported',
  },
  ranksDisagree: userError(
    'MSC0548',
    'programs of ranks that do not meet',
    (problem: string, ranks: string) => `${problem}: ${ranks}`,
    'Each rank of a group must come to the same collectives in the same order, and each message needs both its ranks.',
    null,
    null,
  ),
} as const satisfies Readonly<Record<string, DiagnosticDefinition<readonly string[]>>>;

/** Collects diagnostics with their places. */
export class ShardReport {
  readonly diagnostics: Diagnostic[] = [];
  private readonly sources: Sources;

  constructor(sources: Sources) {
    this.sources = sources;
  }

  add<Parameters extends readonly string[]>(
    definition: DiagnosticDefinition<Parameters>,
    location: Location,
    parameters: Parameters,
    others: readonly { readonly location: Location; readonly message: string }[] = [],
  ): void {
    const related = others.flatMap(({ location: at, message }) => {
      const span = spanOfLocation(at, this.sources);
      return span ? [{ span, message }] : [];
    });
    const notes = [location, ...others.map((other) => other.location)].flatMap((at) =>
      at === null ? [] : [`at ${locationText(at)}`],
    );
    const span = spanOfLocation(location, this.sources);
    this.diagnostics.push(diagnose(definition, span, parameters, { related, notes }));
  }
}
