/** `_msc.script`: what the prelude asks about the script that runs. */
import { native, nativeModule, PyDict, PyObject, PyTuple, type ModuleDefinition, type PyValue } from '../eval/index.ts';
import type { TensorSession } from '../trace/session.ts';
import { CellCalls, type OutputGate } from './cells.ts';
import type { Device } from './device.ts';
import { eagerOps } from './eager.ts';
import { executor } from './execute.ts';
import { GraphStore } from './graph.ts';
import { JitFunctions } from './jit.ts';

const itemsOf = (value: PyValue): PyValue[] => (value instanceof PyTuple ? [...value.items] : []);

/** Keyword arguments have names for keys. */
const keywordsOf = (value: PyValue): Map<string, PyValue> =>
  new Map(value instanceof PyDict ? ([...value.map] as [string, PyValue][]) : []);

/** Whether the script asked for `GRAPH_MODE`: then cells are functions marked `@jit`. */
function isGraphMode(session: TensorSession): boolean {
  const context = session.py.importModule('mindspore.context');
  const mode = session.py.call(session.py.getAttribute(context, 'get_context'), ['mode']);
  return mode === session.py.getAttribute(context, 'GRAPH_MODE');
}

/** Connects a session with a device; the module gives the prelude its part. */
export function scriptModule(session: TensorSession, device: Device, output: OutputGate): ModuleDefinition {
  const store = new GraphStore(device);
  const functions = new JitFunctions(session, store);
  const cells = new CellCalls(session, output);
  session.runOp = eagerOps(session, store);
  session.execute = executor(session, store);
  return nativeModule('_msc.script', () => [
    native('is_script()', () => true),
    native('is_alone(cell)', (_, [cell]) => cells.isAlone(cell)),
    native('call_cell(cell, args, kwargs)', (_, [cell, args, keywords]) => {
      if (!(cell instanceof PyObject)) throw new Error('call_cell takes a Cell');
      return isGraphMode(session)
        ? functions.call(cell, new PyTuple(itemsOf(args)), keywords instanceof PyDict ? keywords : new PyDict())
        : cells.call(cell, itemsOf(args), keywordsOf(keywords));
    }),
    native('call_graph(function, args, kwargs)', (_, [fn, args, keywords]) =>
      functions.call(fn, new PyTuple(itemsOf(args)), keywords instanceof PyDict ? keywords : new PyDict()),
    ),
    native('settings_changed()', () => {
      functions.generation++;
      return null;
    }),
  ]);
}
