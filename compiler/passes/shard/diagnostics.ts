/** What sharding says (MSC0540 to MSC0569). */
import type { Diagnostic, DiagnosticDefinition, Location, Sources } from '../../ir/index.ts';
import { diagnose, locationText, spanOfLocation, userError } from '../../ir/index.ts';

const MESH = 'dist.mesh = {axes = ["dp", "mp"], sizes = array<i64: 2, 4>}';

/** A network that the manual shows: one operation `body` that makes %y from %x. */
const network = (attributes: string, body: string, type = 'tensor<4x8xf32>', layout = '[]'): string =>
  `module attributes {ms.stage = "graph", ${attributes}} {
  func.func @main(%x: ${type}${layout === '[]' ? '' : ` {dist.layout = ${layout}}`}) -> ${type} {
    ${body}
    func.return %y : ${type}
  }
}`;
const relu = (attributes = '', type = 'tensor<4x8xf32>'): string =>
  `%y = "ms.relu"(%x) {${attributes}} : (${type}) -> ${type}`;
const product = (layouts: string): string =>
  `%y = "ms.matmul"(%x, %x) {dist.in = ${layouts}, transpose_a = false, transpose_b = false} : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>`;
const softmax = (layout: string): string =>
  `%y = "ms.softmax"(%x) {axis = 1 : i64, dist.in = [${layout}]} : (tensor<4x8xf32>) -> tensor<4x8xf32>`;
const batches = (count: number): string =>
  `${MESH}, dist.pipeline = {stages = 1 : i64, micro_batches = ${count} : i64}`;
const joined = (group: string): string =>
  `module attributes {ms.stage = "sharded"} {
  func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
    %y = "dist.all_reduce"(%x) {group = array<i64: ${group}>, reduction = "sum"} : (tensor<4xf32>) -> tensor<4xf32>
    func.return %y : tensor<4xf32>
  }
}`;

export const shardDiagnostics = {
  layoutDoesNotFit: userError(
    'MSC0540',
    'a layout does not fit its tensor',
    (tensor: string, problem: string) => `${tensor} cannot lie so: ${problem}`,
    'Each mesh axis cuts at most one dimension, and cuts it into equal parts.',
    network(MESH, relu('', 'tensor<6x8xf32>'), 'tensor<6x8xf32>', '[["mp"], []]'),
    network(MESH, relu(), 'tensor<4x8xf32>', '[["mp"], []]'),
    () => 'choose a mesh whose sizes divide the extents, or leave the dimension whole',
  ),
  malformedAnnotation: userError(
    'MSC0541',
    'a malformed annotation',
    (name: string, expected: string) => `${name} is not ${expected}`,
    'Annotations of the dist dialect have fixed forms; they are written by the source (`shard`) or by a plan.',
    network('dist.mesh = "2x4"', relu()),
    network(MESH, relu()),
  ),
  contradiction: userError(
    'MSC0542',
    'contradictory annotations',
    (what: string, left: string, right: string) => `${what} is to lie as ${left} and as ${right}`,
    'Two annotations say different things about one tensor or one index of an operation.',
    network(MESH, product('[[[], ["dp"]], [["mp"], []]]'), 'tensor<8x8xf32>'),
    network(MESH, product('[[[], ["dp"]], [["dp"], []]]'), 'tensor<8x8xf32>'),
    () => 'make both say the same, or remove one',
  ),
  strategyDoesNotFit: userError(
    'MSC0543',
    'a strategy does not fit the devices',
    (cuts: string, devices: string) => `cuts [${cuts}] do not fit ${devices} devices`,
    'The product of the cuts of an operator must divide the number of devices of a stage.',
    network(MESH, relu('dist.in_strategy = [array<i64: 3, 1>]')),
    network(MESH, relu('dist.in_strategy = [array<i64: 2, 1>]')),
  ),
  notDivisible: userError(
    'MSC0544',
    'an index that cannot be cut',
    (op: string, operand: string, dimension: string, axes: string) =>
      `'${op}' needs dimension ${dimension} of operand ${operand} whole, the annotation cuts it by ${axes}`,
    'Some operations need a whole dimension: the axis of a concatenation, the window of a convolution, a sort.',
    network(MESH, softmax('[[], ["dp"]]')),
    network(MESH, softmax('[["dp"], []]')),
  ),
  microBatches: userError(
    'MSC0545',
    'micro-batches that cannot be formed',
    (problem: string) => `the step does not split into micro-batches: ${problem}`,
    'Micro-batches are computed one after another; nothing that a micro-batch computes may need all of them, and the batch must divide.',
    network(batches(3), relu()),
    network(batches(2), relu()),
  ),
  stages: userError(
    'MSC0546',
    'pipeline stages out of order',
    (problem: string) => `the network does not form a pipeline: ${problem}`,
    'Forward computation goes from stage 0 to the last; a value of a later stage cannot enter an earlier one.',
    network(MESH.concat(', dist.pipeline = {stages = 2 : i64}'), relu('dist.stage = 2 : i64')),
    network(MESH.concat(', dist.pipeline = {stages = 2 : i64}'), relu('dist.stage = 1 : i64')),
  ),
  unsupported: {
    ...userError(
      'MSC0547',
      'cannot be partitioned',
      (what: string) => `${what} cannot be partitioned`,
      'Partitioning needs static shapes and one function.',
      network(MESH, relu('', 'tensor<?x8xf32>'), 'tensor<?x8xf32>'),
      network(MESH, relu()),
    ),
    exitClass: 'unsupported',
  },
  ranksDisagree: userError(
    'MSC0548',
    'programs of ranks that do not meet',
    (problem: string, ranks: string) => `${problem}: ${ranks}`,
    'Each rank of a group must come to the same collectives in the same order, and each message needs both its ranks.',
    joined('0, 1'),
    joined('0'),
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
