/**
 * Graphs of a script on the device: one for each structure, and what their arguments hold.
 *
 * A payload is never changed, so an argument that holds a payload needs no second transfer while a tensor still has it. The
 * new value of a parameter stays on the device as a payload that is read when somebody asks.
 */
import type { Module } from '../../ir/index.ts';
import { printModule } from '../../ir/index.ts';
import { opTable } from '../../ir/ops/index.ts';
import { assertionError, Stop } from '../eval/index.ts';
import type { TensorSession } from '../trace/session.ts';
import { allElements, settled, type KnownPayload, type Payload, type Tensor } from '../trace/tensor.ts';
import type { TensorType } from '../../ir/index.ts';
import type { Device, LoadedGraph } from './device.ts';

/** One loaded graph. */
export class ResidentGraph {
  private readonly loaded: LoadedGraph;
  private readonly held = new Map<string, Payload>();

  constructor(loaded: LoadedGraph) {
    this.loaded = loaded;
  }

  /** Puts a payload into an argument, unless it is there. */
  bind(argument: string, payload: Payload): void {
    const before = this.held.get(argument);
    if (before === payload) return;
    if (before) settled(before); // a parameter of another network may still live here
    const known = settled(payload);
    if (known.kind !== 'concrete') throw new Error(`argument ${argument} has no elements`);
    this.loaded.set(argument, allElements(known));
    this.held.set(argument, payload);
  }

  run(session: TensorSession): void {
    const problems = this.loaded.run((text) => session.py.host.writeOutput(text));
    if ('assertion' in problems) throw assertionError(problems.assertion);
    if (problems.length > 0) throw new Stop(...problems);
  }

  result(index: number, type: TensorType): KnownPayload {
    return { kind: 'concrete', type, data: this.loaded.result(index) };
  }

  /** The value that a parameter has after the run. It stays where it is. */
  updated(name: string, type: TensorType): Payload {
    let known: KnownPayload | null = null;
    const payload: Payload = {
      kind: 'device',
      type,
      read: () => (known ??= { kind: 'concrete', type, data: this.loaded.parameter(name) }),
    };
    this.held.set(name, payload);
    return payload;
  }
}

/** All graphs of a script by their structure: the text of the module without locations. */
export class GraphStore {
  private readonly device: Device;
  private readonly graphs = new Map<string, ResidentGraph>();

  constructor(device: Device) {
    this.device = device;
  }

  /** The loaded graph of a module, compiled when no module of this structure came before. */
  graphOf(module: Module): ResidentGraph {
    const key = printModule(module, opTable, { form: 'generic', locations: false });
    const known = this.graphs.get(key);
    if (known) return known;
    const loaded = this.device.load(module);
    if (!loaded.ok) throw new Stop(...loaded.error);
    const graph = new ResidentGraph(loaded.value);
    this.graphs.set(key, graph);
    return graph;
  }
}

/** The payload of a tensor as the device takes it; numbers still to be drawn are drawn. */
export function payloadFor(session: TensorSession, tensor: Tensor): Payload {
  if (tensor.payload.kind === 'lazy') session.materialize(tensor, 'an operand');
  return tensor.payload;
}
