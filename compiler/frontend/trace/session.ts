/**
 * One run of the library: where ops go. While a graph is traced they are appended to its block; else, and when all operands
 * are known, they are computed at once by the oracle.
 */
import type {
  Attribute,
  AttributeMap,
  Builder,
  CellPlace,
  Diagnostic,
  DiagnosticDefinition,
  ElementArray,
  Location,
  RuleTable,
  Span,
  TensorType,
  Type,
  Value,
} from '../../ir/index.ts';
import { Block, Operation, denseAttribute, diagnose, elementArray, isAbsent, tensorType } from '../../ir/index.ts';
import { evaluateOps, type TensorValue } from '../../ir/evaluate/index.ts';
import { isTensorOp, storeNumber, tensorOpTable } from '../../ir/ops/index.ts';
import type { DType } from '../../ir/index.ts';
import { Stop, type Interpreter, type PyClass, type PyValue } from '../eval/index.ts';
import { traceDiagnostics } from './diagnostics.ts';
import { drawInitializer, type Initializer } from './initializer.ts';
import { isPrelude, Locator, userSpan } from './locate.ts';
import type { GraphMark, NamedMesh } from './mark.ts';
import { allElements, elementsOf, extentsOf, settled, Tensor, type KnownPayload, type Payload } from './tensor.ts';
import type { Trace } from './trace.ts';

export type Attributes = Readonly<Record<string, Attribute>>;

/** Results above this many elements stay in the graph instead of becoming constants. */
const LARGEST_FOLDED = 1 << 20;

/** What one op costs in the budget of Python steps, so that an endless loop of ops ends within seconds too. */
const STEPS_PER_OP = 500;

/** Runs one op outside of graphs, for a script. */
export type RunOp = (
  name: string,
  operands: readonly Tensor[],
  types: readonly TensorType[],
  attributes: AttributeMap,
) => readonly Tensor[];

export class TensorSession {
  readonly definitions: RuleTable = tensorOpTable;
  readonly locator = new Locator();
  private interpreter: Interpreter | null = null;
  trace: Trace | null = null;
  /** Element type that `to_float` of the running cells asks for, innermost last. */
  readonly precision: (DType | null)[] = [];
  /** Where the graph stood when the running cells were entered, innermost last. */
  readonly entered: (GraphMark | null)[] = [];
  /** Places of the running cells in their network, innermost last; null for a callee that is no cell. */
  readonly cells: (CellPlace | null)[] = [];
  /** The mesh that the layouts of the source speak of. */
  mesh: NamedMesh | null = null;
  /** How many functions around the running code are being differentiated. */
  differentiating = 0;
  /**
   * Traces the thunk as a graph of its own, runs it on the simulator and returns its value with known tensors; null where
   * there is nothing to run on.
   */
  execute: ((thunk: () => PyValue) => PyValue) | null = null;
  /** Runs an op of a script on the simulator; null where there is nothing to run on: then the oracle computes it. */
  runOp: RunOp | null = null;
  globalSeed = 0;
  /** The parameter from which random ops draw: each of them moves its counter on. Made by the first of them. */
  randomState: Tensor | null = null;
  private parametersMade = 0;
  private seedsTaken = 0;
  private identitiesMade = 0;
  private readonly identities = new WeakMap<object, number>();
  /** The class `Tensor`; bound when the library is made. */
  tensorClass: PyClass | null = null;

  attach(interpreter: Interpreter): void {
    this.interpreter = interpreter;
  }

  get py(): Interpreter {
    if (!this.interpreter) throw new Error('the session has no interpreter yet');
    return this.interpreter;
  }

  /** A number of its own for each object: its hash. */
  identity(object: object): number {
    const known = this.identities.get(object) ?? ++this.identitiesMade;
    this.identities.set(object, known);
    return known;
  }

  nextParameterNumber(): number {
    return this.parametersMade++;
  }

  nextSeed(): number {
    return this.globalSeed * 1_000_003 + this.seedsTaken++;
  }

  /** Remembers how many seeds were taken; the result puts that back. */
  saveSeeds(): () => void {
    const taken = this.seedsTaken;
    return () => {
      this.seedsTaken = taken;
    };
  }

  tensor(payload: Payload): Tensor {
    if (!this.tensorClass) throw new Error('the tensor class is not made yet');
    return new Tensor(this.tensorClass, settled(payload));
  }

  concrete(type: TensorType, data: ElementArray): Tensor {
    const payload: Payload = { kind: 'concrete', type, data };
    this.trace?.made.add(payload);
    return this.tensor(payload);
  }

  /** A tensor that holds one number everywhere. */
  splat(value: number, type: TensorType): Tensor {
    const data = elementArray(type.dtype, 1);
    storeNumber(type.dtype, data, 0, value);
    return this.concrete(type, data);
  }

  scalar(value: number, dtype: DType): Tensor {
    return this.splat(value, tensorType([], dtype));
  }

  symbolic(value: Value): Tensor {
    return this.tensor({ kind: 'symbolic', type: expectTensor(value.type), value });
  }

  lazy(type: TensorType, initializer: Initializer): Tensor {
    return this.tensor({ kind: 'lazy', type, initializer });
  }

  /** Emits or computes an op whose result types follow from its operands. */
  all(name: string, operands: readonly Tensor[], attributes: Attributes = {}): readonly Tensor[] {
    const definition = this.definitions.get(name);
    if (!definition || isAbsent(definition.infer)) throw new Error(`op '${name}' does not infer its types`);
    const map: AttributeMap = new Map(Object.entries(attributes));
    const types = definition.infer(
      operands.map((operand) => operand.type),
      map,
    );
    if (!types.ok) this.misfit(name, types.error, operands);
    return this.run(name, operands, types.value.map(expectTensor), map);
  }

  op(name: string, operands: readonly Tensor[], attributes: Attributes = {}): Tensor {
    return this.all(name, operands, attributes)[0];
  }

  /** Emits or computes an op that states its result types. */
  stated(
    name: string,
    operands: readonly Tensor[],
    types: readonly TensorType[],
    attributes: Attributes = {},
  ): readonly Tensor[] {
    const map: AttributeMap = new Map(Object.entries(attributes));
    const view = { operandTypes: operands.map((operand) => operand.type), attributes: map, resultTypes: types };
    for (const constraint of this.definitions.get(name)?.constraints ?? []) {
      const problem = constraint.check(view);
      if (problem !== null) this.misfit(name, problem, operands);
    }
    return this.run(name, operands, types, map);
  }

  private run(
    name: string,
    operands: readonly Tensor[],
    types: readonly TensorType[],
    attributes: AttributeMap,
  ): readonly Tensor[] {
    if (!this.trace && this.runOp) return this.runOp(name, operands, types, attributes);
    const inputs = operands.map((operand) => this.entering(operand));
    const isEffect = this.definitions.get(name)?.traits.includes('effect') ?? false;
    if (!isEffect && this.foldable(inputs, types)) return this.compute(name, inputs, types, attributes);
    this.py.spend(STEPS_PER_OP);
    const op = this.builder().create(
      name,
      inputs.map((input) => this.valueOf(input)),
      types,
      attributes,
    );
    return op.results.map((result) => this.symbolic(result));
  }

  private foldable(operands: readonly Tensor[], types: readonly TensorType[]): boolean {
    if (!this.trace) return true;
    const known = operands.every(
      ({ payload, isParameter }) => payload.kind === 'concrete' && !isParameter && !this.isData(payload),
    );
    return (
      known &&
      types.every(
        (type) => type.shape.every((extent) => typeof extent === 'number') && elementsOf(type) <= LARGEST_FOLDED,
      )
    );
  }

  private compute(
    name: string,
    operands: readonly Tensor[],
    types: readonly TensorType[],
    attributes: AttributeMap,
  ): readonly Tensor[] {
    const cell = isTensorOp(name) ? evaluateOps[name] : null;
    if (!cell || isAbsent(cell)) return this.stop(traceDiagnostics.unsupportedUse, [`'${name}' outside of a graph`]);
    const inputs = operands.map((operand) => tensorValueOf(this.known(operand, `'${name}' outside of a graph`)));
    const elements = types.reduce((sum, type) => sum + elementsOf(type), 0);
    this.py.spend(STEPS_PER_OP + elements);
    this.py.reserve(elements);
    const view = { operandTypes: operands.map((operand) => operand.type), attributes, resultTypes: types };
    return cell(inputs, view).map(({ data }, index) => this.concrete(types[index], data));
  }

  /** A tensor as an op reads it: inside cells with `to_float` a parameter enters as that type. */
  entering(operand: Tensor): Tensor {
    const wanted = this.trace && operand.isParameter ? this.precision.at(-1) : null;
    if (!wanted || operand.type.dtype === wanted || !['f16', 'bf16', 'f32'].includes(operand.type.dtype))
      return operand;
    const value = this.valueOf(operand);
    return this.symbolic(
      this.builder().create('ms.cast', [value], [tensorType(operand.type.shape, wanted)]).results[0],
    );
  }

  /** The builder of the running trace, at the position of the running Python code. */
  builder(): Builder {
    if (!this.trace) throw new Error('no graph is being traced');
    this.trace.builder.location = this.location();
    return this.trace.builder;
  }

  location(): Location {
    return this.locator.locate(this.py.spans(), this.cells.at(-1) ?? null);
  }

  /** The graph value of a tensor; known elements become a constant, a parameter an argument. */
  valueOf(tensor: Tensor): Value {
    const { trace } = this;
    if (!trace) throw new Error('no graph is being traced');
    const { payload } = tensor;
    if (payload.kind === 'symbolic') return payload.value;
    if (tensor.isParameter) return this.parameterValue(tensor, trace);
    if (payload.kind === 'lazy') this.materialize(tensor, 'a lazy tensor in a graph');
    return this.constantValue(this.known(tensor, 'a constant'), trace);
  }

  /** Whether the graph being traced takes the tensor as an argument. */
  private isData(payload: KnownPayload): boolean {
    return this.trace?.data != null && !this.trace.made.has(payload);
  }

  private parameterValue(tensor: Tensor, trace: Trace): Value {
    const known = trace.parameters.get(tensor);
    if (known) return known;
    const value = new Block([tensor.type]).arguments[0];
    trace.parameters.set(tensor, value);
    return value;
  }

  private constantValue(payload: KnownPayload, trace: Trace): Value {
    if (trace.data && this.isData(payload)) {
      const known = trace.data.get(payload) ?? new Block([payload.type]).arguments[0];
      trace.data.set(payload, known);
      return known;
    }
    const key =
      payload.data.length === 1 ? `${payload.type.key} ${payload.data[0]} ${Object.is(payload.data[0], -0)}` : null;
    const known = key === null ? undefined : trace.scalars.get(key);
    if (known) return known;
    const attributes: AttributeMap = new Map([['value', denseAttribute(payload.type, payload.data)]]);
    const op = new Operation('ms.constant', [], [payload.type], attributes, [], this.location());
    trace.constants.push(op);
    if (key !== null) trace.scalars.set(key, op.results[0]);
    return op.results[0];
  }

  /** The elements of a tensor, drawn now if they were still an initializer; a diagnostic when only a run can know them. */
  known(tensor: Tensor, purpose: string): KnownPayload {
    if (tensor.payload.kind === 'lazy') this.materialize(tensor, purpose);
    const payload = settled(tensor.payload);
    if (payload.kind !== 'concrete' || (tensor.isParameter && this.trace))
      this.stop(traceDiagnostics.valueUnknown, [purpose]);
    return payload as KnownPayload; // `stop` does not return
  }

  materialize(tensor: Tensor, purpose: string): void {
    const { payload } = tensor;
    if (payload.kind !== 'lazy') return;
    const { type, initializer } = payload;
    const count = elementsOf(type);
    this.py.reserve(count);
    const data = elementArray(type.dtype, count);
    if (!drawInitializer(initializer, count, (index, value) => storeNumber(type.dtype, data, index, value))) {
      this.stop(traceDiagnostics.unsupportedUse, [`drawing the initializer ${initializer.kind} (${purpose})`]);
    }
    tensor.payload = { kind: 'concrete', type, data };
    this.trace?.made.add(tensor.payload);
  }

  /** Replaces what a tensor holds: `set_data`, `assign`, item assignment. */
  replace(tensor: Tensor, payload: Payload): void {
    this.py.touch(tensor);
    if (this.trace && tensor.isParameter && !this.trace.before.has(tensor))
      this.trace.before.set(tensor, tensor.payload);
    tensor.payload = settled(payload);
  }

  span(): Span | null {
    return userSpan(this.py.spans());
  }

  stop<Parameters extends readonly unknown[]>(
    definition: DiagnosticDefinition<Parameters>,
    parameters: Parameters,
    notes: readonly string[] = [],
    at: Span | null = null,
  ): never {
    const stop = new Stop(this.diagnosed(definition, parameters, notes, at));
    if (definition.exitClass === 'user-error') stop.catchableAs = 'ValueError';
    throw stop;
  }

  private diagnosed<Parameters extends readonly unknown[]>(
    definition: DiagnosticDefinition<Parameters>,
    parameters: Parameters,
    notes: readonly string[],
    at: Span | null,
  ): Diagnostic {
    const spans = this.py.spans();
    const user = at ?? userSpan(spans);
    const related = spans
      .filter((span) => span !== user && !isPrelude(span))
      .slice(0, 3)
      .map((span) => ({ span, message: 'called here' }));
    return diagnose(definition, user, parameters, { notes, related });
  }

  private misfit(name: string, problem: string, operands: readonly Tensor[]): never {
    const slots = this.definitions.get(name)?.operands ?? [];
    const notes = operands.map(
      (operand, index) => `${slots[Math.min(index, slots.length - 1)]?.name ?? 'operand'}: ${operand.type.key}`,
    );
    return this.stop(traceDiagnostics.operandsDoNotFit, [name.replace('ms.', ''), problem], notes);
  }
}

const tensorValueOf = (payload: KnownPayload): TensorValue => ({
  shape: extentsOf(payload.type),
  dtype: payload.type.dtype,
  data: allElements(payload),
});

export function expectTensor(type: Type): TensorType {
  if (type.kind !== 'tensor') throw new Error(`expected a tensor type, got ${type.key}`);
  return type;
}
