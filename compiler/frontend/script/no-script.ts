/** `_msc.script` where networks are compiled. */
import { native, nativeModule, type ModuleDefinition } from '../eval/index.ts';

/** The module where networks are compiled: there is no script. */
export const noScriptModule: ModuleDefinition = nativeModule('_msc.script', () => [
  native('is_script()', () => false),
  native('is_alone(cell)', () => false),
  native('call_cell(cell, args, kwargs)', () => null),
  native('call_graph(function, args, kwargs)', () => null),
  native('settings_changed()', () => null),
]);
