/** The subset of the standard library that networks use. */
import type { Builtins, ModuleDefinition } from '../../eval/index.ts';
import { builtins } from '../builtins/index.ts';
import { collectionsCore, functoolsCore } from './containers.ts';
import { importlib, importlibUtil, inspection, typesCore } from './inspection.ts';
import { itertools } from './itertools.ts';
import { json } from './json.ts';
import { math } from './math.ts';
import { operator } from './operator.ts';
import { random } from './random.ts';
import { io, openFunction } from './io.ts';
import { regularExpressions } from './regex-module.ts';
import { pythonModules } from './sources.ts';
import { os, osPath, posixPath, sys, time } from './system.ts';

export const stdlibModules: readonly ModuleDefinition[] = [
  collectionsCore,
  functoolsCore,
  importlib,
  importlibUtil,
  inspection,
  io,
  itertools,
  json,
  math,
  operator,
  os,
  osPath,
  posixPath,
  random,
  regularExpressions,
  sys,
  time,
  typesCore,
  ...pythonModules,
];

/** The built-in names, with `open`, which belongs to `io`. */
export const standardBuiltins: Builtins = { ...builtins, names: (py) => [...builtins.names(py), openFunction] };
