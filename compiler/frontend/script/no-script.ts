/** `_msc.script` where networks are compiled. */
import { native, nativeModule, type ModuleDefinition } from '../eval/index.ts';
import { filesModule, noCodec } from './files.ts';

const scriptModule: ModuleDefinition = nativeModule('_msc.script', () => [
  native('is_script()', () => false),
  native('is_alone(cell)', () => false),
  native('call_cell(cell, args, kwargs)', () => null),
  native('call_graph(function, args, kwargs)', () => null),
  native('settings_changed()', () => null),
]);

/** The modules that a script has, as networks see them. */
export const noScriptModules: readonly ModuleDefinition[] = [scriptModule, filesModule(noCodec)];
