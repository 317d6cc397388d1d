/** The device of a script: graphs are compiled to programs that stay loaded in one simulator. */
import { failure, ok } from '../../../compiler/ir/index.ts';
import type { Diagnostic, ElementArray, Module, Result } from '../../../compiler/ir/index.ts';
import type { Device, FailedAssertion, LoadedGraph } from '../../../compiler/frontend/index.ts';
import { Instance } from '../../../runtime/host/index.ts';
import type { Engine, ValueKind } from '../../../runtime/host/index.ts';
import type { Program, TensorSlot } from '../../../runtime/program/index.ts';
import type { Chip } from '../../../runtime/target/index.ts';
import { programOf } from '../compile.ts';
import { denseTensor, failureDiagnostic, limitProblem, loadDiagnostic } from '../execute.ts';
import { hasErrors } from '../exit.ts';
import { runStages } from '../pipeline.ts';
import { printsTo } from '../printed.ts';
import type { GraphWatch } from './graphs.ts';

/** What happens on the device, for a progress line. */
export interface DeviceObserver {
  compiling(graphs: number): void;
  running(runs: number): void;
}

export interface DeviceOptions {
  readonly engine: Engine;
  readonly chip: Chip;
  readonly observer: DeviceObserver;
  /** Keeps the graphs for a report. */
  readonly watch?: GraphWatch;
  /** Values that end a run when an op makes them. */
  readonly refuse: readonly ValueKind[];
  /** Graphs that stay loaded at most. */
  readonly mostLoaded?: number;
  readonly now: () => number;
}

/** Loaded graphs beyond this number are unloaded, the least recently used first. */
const MOST_LOADED = 256;

/** The simulator as the device of a script. Its memory holds the graphs in use; others keep their contents on the host. */
export class SimulatedDevice implements Device {
  readonly options: DeviceOptions;
  private readonly loaded = new Set<SimulatedGraph>();
  private graphs = 0;
  private runs = 0;

  constructor(options: DeviceOptions) {
    this.options = options;
  }

  load(module: Module): Result<LoadedGraph, readonly Diagnostic[]> {
    const { chip, observer, refuse, now } = this.options;
    observer.compiling(++this.graphs);
    const ran = this.options.watch?.add(module) ?? null;
    const stages = runStages(module, { chip, to: 'scheduled', isApart: refuse.length > 0, now });
    if (hasErrors(stages.diagnostics)) return failure(stages.diagnostics);
    const program = { ...programOf(stages.module, 'main'), target: chip.name };
    const limit = limitProblem(program);
    if (limit !== null) return failure([limit]);
    const graph = new SimulatedGraph(this, program, ran);
    const instance = this.instanceOf(graph, program);
    return instance.ok ? ok(graph) : failure([instance.error]);
  }

  /** Gives a program memory, taking it from graphs that were not used for longest. */
  instanceOf(graph: SimulatedGraph, program: Program): Result<Instance, Diagnostic> {
    for (;;) {
      const isFull = this.loaded.size >= (this.options.mostLoaded ?? MOST_LOADED);
      const instance = isFull ? null : this.options.engine.load(program);
      if (instance instanceof Instance) {
        this.loaded.add(graph);
        graph.place(instance);
        return ok(instance);
      }
      const [oldest] = this.loaded;
      if (instance !== null && (instance.kind !== 'simulator limit' || oldest === undefined))
        return failure(loadDiagnostic(instance));
      this.loaded.delete(oldest);
      oldest.unload();
    }
  }

  /** Says that a graph starts to run; it is the last to be unloaded now. */
  started(graph: SimulatedGraph): void {
    this.loaded.delete(graph);
    this.loaded.add(graph);
    this.options.observer.running(++this.runs);
  }
}

class SimulatedGraph implements LoadedGraph {
  private readonly device: SimulatedDevice;
  private readonly program: Program;
  private readonly slots: ReadonlyMap<string, TensorSlot>;
  /** Parameters whose layouts `prepare` makes. */
  private readonly laidOut: ReadonlySet<string>;
  /** Is told how long each run took. */
  private readonly ran: ((milliseconds: number) => void) | null;
  private instance: Instance | null = null;
  private isPrepared = false;
  /** Contents of parameters and inputs while the program is not loaded. */
  private readonly kept = new Map<string, Uint8Array>();

  constructor(device: SimulatedDevice, program: Program, ran: ((milliseconds: number) => void) | null) {
    this.device = device;
    this.program = program;
    this.ran = ran;
    const { parameters, inputs } = program;
    this.slots = new Map([...parameters, ...inputs].map((slot) => [slot.name, slot]));
    this.laidOut = new Set(parameters.filter(({ isState }) => isState !== true).map(({ name }) => name));
  }

  set(argument: string, elements: ElementArray): void {
    if (!this.slots.has(argument)) return; // the passes found that nothing depends on it
    this.loaded().set(argument, elements);
    if (this.laidOut.has(argument)) this.isPrepared = false;
  }

  run(print: (text: string) => void): readonly Diagnostic[] | FailedAssertion {
    const instance = this.loaded();
    this.device.started(this);
    const { refuse, now } = this.device.options;
    const started = now();
    const prepared = this.isPrepared ? null : instance.prepare();
    this.isPrepared = true;
    if (prepared?.ok === false) return [failureDiagnostic(this.program, prepared.failure)];
    const outcome = instance.run({ ...printsTo(print), ...(refuse.length === 0 ? {} : { refuse }) });
    this.ran?.(now() - started);
    if (!outcome.ok && outcome.failure.kind === 'assertion') return { assertion: outcome.failure.message };
    return outcome.ok ? [] : [failureDiagnostic(this.program, outcome.failure)];
  }

  result(index: number): ElementArray {
    return this.elements(this.program.outputs[index]);
  }

  parameter(name: string): ElementArray {
    const slot = this.slots.get(name);
    if (!slot) throw new Error(`the program has no parameter '${name}'`);
    return this.elements(slot);
  }

  private elements(slot: TensorSlot): ElementArray {
    return denseTensor(slot, this.loaded().read(slot)).data;
  }

  private loaded(): Instance {
    if (this.instance) return this.instance;
    const instance = this.device.instanceOf(this, this.program);
    if (!instance.ok) throw new Error(`a program that was loaded before cannot be loaded: ${instance.error.message}`);
    return instance.value;
  }

  /** Takes memory, and puts what was kept into it. */
  place(instance: Instance): void {
    this.instance = instance;
    this.isPrepared = false;
    for (const [name, bytes] of this.kept) instance.set(name, bytes);
    this.kept.clear();
  }

  /** Gives the memory back. */
  unload(): void {
    const { instance } = this;
    if (!instance) return;
    for (const [name, slot] of this.slots) this.kept.set(name, instance.read(slot));
    instance.dispose();
    this.instance = null;
  }
}
