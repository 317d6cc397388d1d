/** The device of a script: graphs are compiled to programs that stay loaded in one simulator. */
import { failure, ok } from '../../../compiler/ir/index.ts';
import type { Diagnostic, ElementArray, Module, Result } from '../../../compiler/ir/index.ts';
import type { Device, LoadedGraph } from '../../../compiler/frontend/index.ts';
import type { Engine, Instance, ValueKind } from '../../../runtime/host/index.ts';
import type { TensorSlot } from '../../../runtime/program/index.ts';
import type { Chip } from '../../../runtime/target/index.ts';
import { programOf } from '../compile.ts';
import { denseTensor, failureDiagnostic, limitProblem, loadDiagnostic } from '../execute.ts';
import { hasErrors } from '../exit.ts';
import { runStages } from '../pipeline.ts';

/** What happens on the device, for a progress line. */
export interface DeviceObserver {
  compiling(graphs: number): void;
  running(runs: number): void;
}

export interface DeviceOptions {
  readonly engine: Engine;
  readonly chip: Chip;
  readonly observer: DeviceObserver;
  /** Values that end a run when an op makes them. */
  readonly refuse: readonly ValueKind[];
  readonly now: () => number;
}

/** The simulator as the device of a script. */
export class SimulatedDevice implements Device {
  readonly options: DeviceOptions;
  private graphs = 0;
  private runs = 0;

  constructor(options: DeviceOptions) {
    this.options = options;
  }

  load(module: Module): Result<LoadedGraph, readonly Diagnostic[]> {
    const { engine, chip, observer, refuse, now } = this.options;
    observer.compiling(++this.graphs);
    const stages = runStages(module, { chip, to: 'scheduled', isApart: refuse.length > 0, now });
    if (hasErrors(stages.diagnostics)) return failure(stages.diagnostics);
    const program = { ...programOf(stages.module, 'main'), target: chip.name };
    const limit = limitProblem(program);
    if (limit !== null) return failure([limit]);
    const instance = engine.load(program);
    return 'kind' in instance ? failure([loadDiagnostic(instance)]) : ok(new SimulatedGraph(this, instance));
  }

  /** Says that a graph starts to run. */
  started(): void {
    this.options.observer.running(++this.runs);
  }
}

class SimulatedGraph implements LoadedGraph {
  private readonly device: SimulatedDevice;
  private readonly instance: Instance;
  private readonly slots: ReadonlyMap<string, TensorSlot>;
  /** Parameters whose layouts `prepare` makes. */
  private readonly laidOut: ReadonlySet<string>;
  private isPrepared = false;

  constructor(device: SimulatedDevice, instance: Instance) {
    this.device = device;
    this.instance = instance;
    const { parameters, inputs } = instance.program;
    this.slots = new Map([...parameters, ...inputs].map((slot) => [slot.name, slot]));
    this.laidOut = new Set(parameters.filter(({ isState }) => isState !== true).map(({ name }) => name));
  }

  set(argument: string, elements: ElementArray): void {
    if (!this.slots.has(argument)) return; // the passes found that nothing depends on it
    this.instance.set(argument, elements);
    if (this.laidOut.has(argument)) this.isPrepared = false;
  }

  run(): readonly Diagnostic[] {
    this.device.started();
    const { refuse } = this.device.options;
    const { program } = this.instance;
    const prepared = this.isPrepared ? null : this.instance.prepare();
    this.isPrepared = true;
    if (prepared?.ok === false) return [failureDiagnostic(program, prepared.failure)];
    const outcome = this.instance.run(refuse.length === 0 ? {} : { refuse });
    return outcome.ok ? [] : [failureDiagnostic(program, outcome.failure)];
  }

  result(index: number): ElementArray {
    return this.elements(this.instance.program.outputs[index]);
  }

  parameter(name: string): ElementArray {
    const slot = this.slots.get(name);
    if (!slot) throw new Error(`the program has no parameter '${name}'`);
    return this.elements(slot);
  }

  private elements(slot: TensorSlot): ElementArray {
    return denseTensor(slot, this.instance.read(slot)).data;
  }
}
