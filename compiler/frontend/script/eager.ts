/** Ops of a script outside of graphs: each is a graph of one op, compiled once for each signature. */
import type { AttributeMap, TensorType, Value } from '../../ir/index.ts';
import { attributeText, Block } from '../../ir/index.ts';
import { finishModule } from '../network/finish.ts';
import type { RunOp, TensorSession } from '../trace/session.ts';
import { startTrace } from '../trace/trace.ts';
import { elementsOf, type Tensor } from '../trace/tensor.ts';
import { payloadFor, type GraphStore, type ResidentGraph } from './graph.ts';

const argumentName = (index: number): string => `in${index}`;

function signatureText(
  name: string,
  operands: readonly Tensor[],
  types: readonly TensorType[],
  attributes: AttributeMap,
): string {
  const settings = [...attributes].map(([key, value]) => `${key}=${attributeText(value)}`);
  return [name, ...operands.map(({ type }) => type.key), '->', ...types.map(({ key }) => key), ...settings].join(' ');
}

/** How ops of a script run on the device. */
export function eagerOps(session: TensorSession, store: GraphStore): RunOp {
  const graphs = new Map<string, ResidentGraph>();
  const graphOf = (...op: Parameters<RunOp>): ResidentGraph => {
    const key = signatureText(...op);
    const graph = graphs.get(key) ?? store.graphOf(oneOp(session, ...op));
    graphs.set(key, graph);
    return graph;
  };
  return (name, operands, types, attributes) => {
    session.py.spend(STEPS_PER_OP);
    session.py.reserve(types.reduce((sum, type) => sum + elementsOf(type), 0));
    const graph = graphOf(name, operands, types, attributes);
    operands.forEach((operand, index) => graph.bind(argumentName(index), payloadFor(session, operand)));
    graph.run(session);
    return types.map((type, index) => session.tensor(graph.result(index, type)));
  };
}

/** What one op costs in the budget of Python steps. */
const STEPS_PER_OP = 500;

function oneOp(
  session: TensorSession,
  name: string,
  operands: readonly Tensor[],
  types: readonly TensorType[],
  attributes: AttributeMap,
) {
  const trace = startTrace('constants');
  const values = operands.map(({ type }): Value => new Block([type]).arguments[0]);
  trace.builder.location = session.location();
  const op = trace.builder.create(name, values, types, attributes);
  return finishModule(
    trace,
    values.map((value, index) => ({ name: argumentName(index), value })),
    [],
    op.results.map((value) => ({ value, parameter: null })),
  );
}
