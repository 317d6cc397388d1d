/**
 * Pipelines as text, in MLIR's syntax: `canonicalize,cse`, `builtin.module(func.func(canonicalize,cse),symbol-dce)`,
 * `inline{limit=10}`. Passes of msc run on modules and find the functions themselves, so that the anchors
 * `builtin.module` and `func.func` only group.
 */
import type { Diagnostic, Result } from '../../ir/index.ts';
import { diagnose, failure, ok } from '../../ir/index.ts';
import { passDiagnostics } from './diagnostics.ts';
import type { PassRegistry, Pipeline, PipelineStep } from './pass.ts';

const ANCHORS = new Set(['builtin.module', 'func.func', 'any']);
const NESTING_LIMIT = 50;

/** The steps that a text names, or everything wrong with it. */
export function parsePipeline(text: string, registry: PassRegistry): Result<Pipeline, readonly Diagnostic[]> {
  const state: State = { rest: text.trim(), registry, steps: [], diagnostics: [] };
  if (state.rest !== '') parseList(state, 0);
  if (state.rest !== '' && state.diagnostics.length === 0) syntaxError(state, 'an end or a comma');
  return state.diagnostics.length > 0 ? failure(state.diagnostics) : ok(state.steps);
}

interface State {
  rest: string;
  readonly registry: PassRegistry;
  readonly steps: PipelineStep[];
  readonly diagnostics: Diagnostic[];
}

function parseList(state: State, depth: number): void {
  do {
    if (!parseElement(state, depth)) return;
  } while (accept(state, ','));
}

/** One pass or one group; false after a syntax error. */
function parseElement(state: State, depth: number): boolean {
  const name = /^[\w.-]+/.exec(state.rest)?.[0];
  if (name === undefined || depth > NESTING_LIMIT) return syntaxError(state, 'the name of a pass');
  skip(state, name.length);
  if (ANCHORS.has(name)) {
    if (!accept(state, '(')) return syntaxError(state, "'('");
    if (accept(state, ')')) return true;
    parseList(state, depth + 1);
    return state.diagnostics.some(isSyntaxError) ? false : accept(state, ')') || syntaxError(state, "')'");
  }
  const options = parseOptions(state);
  if (!options) return false;
  addStep(state, name, options);
  return true;
}

/** `{a=1 b=2}`, or none; null after a syntax error. */
function parseOptions(state: State): ReadonlyMap<string, string> | null {
  const options = new Map<string, string>();
  if (!accept(state, '{')) return options;
  while (!accept(state, '}')) {
    const option = /^([\w-]+)(?:=([^\s{},()]*))?/.exec(state.rest);
    if (!option) {
      syntaxError(state, "an option or '}'");
      return null;
    }
    skip(state, option[0].length);
    options.set(option[1], option[2] ?? 'true');
  }
  return options;
}

function addStep(state: State, name: string, options: ReadonlyMap<string, string>): void {
  const pass = state.registry.get(name);
  if (!pass) {
    state.diagnostics.push(diagnose(passDiagnostics.unknownPass, null, [name, [...state.registry.keys()].join(', ')]));
    return;
  }
  for (const option of options.keys()) {
    if (pass.options.includes(option)) continue;
    state.diagnostics.push(diagnose(passDiagnostics.unknownOption, null, [name, option, pass.options.join(', ')]));
  }
  state.steps.push({ pass, options });
}

function isSyntaxError(diagnostic: Diagnostic): boolean {
  return diagnostic.code === passDiagnostics.pipelineSyntax.code;
}

function syntaxError(state: State, expected: string): false {
  const rest = state.rest === '' ? 'the end' : state.rest.slice(0, 20);
  state.diagnostics.push(diagnose(passDiagnostics.pipelineSyntax, null, [expected, rest]));
  return false;
}

function accept(state: State, character: string): boolean {
  if (!state.rest.startsWith(character)) return false;
  skip(state, character.length);
  return true;
}

function skip(state: State, count: number): void {
  state.rest = state.rest.slice(count).trimStart();
}

/** The text of a pipeline, which parses to the same steps. */
export function pipelineText(pipeline: Pipeline): string {
  const steps = pipeline.map(({ pass, options }) => {
    const entries = [...options].map(([name, value]) => `${name}=${value}`);
    return entries.length === 0 ? pass.name : `${pass.name}{${entries.join(' ')}}`;
  });
  return `builtin.module(${steps.join(',')})`;
}
