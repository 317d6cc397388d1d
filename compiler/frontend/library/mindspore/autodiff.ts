/** `_msc.autodiff`: derivatives of Python functions, on which the prelude builds grad, vjp, jvp, bprop and recompute. */
import { native, nativeModule, PyTuple, type ModuleDefinition, type PyValue } from '../../eval/index.ts';
import { traceDiagnostics } from '../../trace/diagnostics.ts';
import { customDerivative, recomputed, vectorJacobianProduct } from '../../trace/differentiate.ts';
import type { TensorSession } from '../../trace/session.ts';
import type { Tensor } from '../../trace/tensor.ts';
import { asInts } from './arguments.ts';
import type { ForwardPasses } from './forward.ts';
import { expectTensorObject } from './tensor-class.ts';

/** Runs what emits region ops: in the graph being traced, or in one of its own that is run at once. */
function inGraph(session: TensorSession, thunk: () => PyValue): PyValue {
  if (session.trace) return thunk();
  if (session.execute) return session.execute(thunk);
  return session.stop(traceDiagnostics.unsupportedUse, ['a derivative outside of a graph']);
}

const items = (session: TensorSession, value: PyValue): readonly PyValue[] => session.py.collect(value);

export function autodiffModule(session: TensorSession, passes: ForwardPasses): ModuleDefinition {
  const derivative = (name: string, isFirstCall: boolean) =>
    native(`${name}(fn, args, positions, weights, sens, has_aux)`, (py, [fn, args, positions, weights, sens, hasAux]) =>
      inGraph(session, () => {
        const values = items(session, args);
        const state = isFirstCall
          ? []
          : [...(session.trace?.before.keys() ?? [])].map((item) => [item, item.payload] as const);
        passes.rewind(fn, values);
        const {
          value,
          inputs,
          weights: own,
        } = vectorJacobianProduct(session, py, {
          callee: fn,
          args: values,
          positions: asInts(session, positions, 'positions'),
          weights: items(session, weights).map((weight): Tensor => expectTensorObject(weight)),
          sens,
          hasAux: py.truth(hasAux),
          isFirstCall,
        });
        for (const [parameter, payload] of state)
          if (parameter.payload !== payload) session.replace(parameter, payload);
        return new PyTuple([value, new PyTuple([...inputs]), new PyTuple([...own])]);
      }),
    );
  return nativeModule('_msc.autodiff', () => [
    derivative('vjp', true),
    derivative('vjp_again', false),
    native('custom_vjp(fn, bprop, args)', (py, [fn, bprop, args]) =>
      customDerivative(session, py, fn, bprop, items(session, args)),
    ),
    native('recompute(fn, args)', (py, [fn, args]) => recomputed(session, py, fn, items(session, args))),
  ]);
}
