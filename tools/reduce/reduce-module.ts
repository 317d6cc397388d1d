/**
 * Makes a module smaller while it stays interesting. Used by property tests and `msc reduce`.
 *
 * Each attempt works on a fresh copy (through text), so that a refused attempt leaves nothing behind: drop a function,
 * drop an operation whose results are unused, replace a result by an earlier value of its type, keep one region of an
 * `scf.if`, return less. Attempts run over ever smaller groups until none succeeds; each is verified before the test.
 */
import type { Block, Module, Operation, RuleTable, Value } from '../../compiler/ir/index.ts';
import { functionType, parseModule, printModule, typeAttribute, verifyModule } from '../../compiler/ir/index.ts';
import { Purity, removeDead } from '../../compiler/passes/rewrite/index.ts';

export interface ReduceOptions {
  readonly definitions: RuleTable;
  /** Whether a module still shows what is looked for. */
  readonly interesting: (module: Module) => boolean;
  /** Attempts after which the reducer stops. */
  readonly maxAttempts: number;
}

export interface Reduction {
  readonly text: string;
  readonly operations: number;
  readonly attempts: number;
}

/** An edit of a module at one of its sites; false when there are no more sites. */
type Edit = (module: Module, site: number, definitions: RuleTable) => boolean;

/** The smallest module that the attempts find. The input must be interesting. */
export function reduceModule(module: Module, options: ReduceOptions): Reduction {
  const { definitions } = options;
  let text = printModule(module, definitions, { locations: true });
  let attempts = 0;
  for (let progress = true; progress;) {
    progress = false;
    for (const edit of EDITS) {
      for (let site = 0; attempts < options.maxAttempts;) {
        const copy = parse(text, definitions);
        if (!edit(copy, site, definitions)) break;
        attempts++;
        const smaller = accepted(copy, text, options);
        if (smaller === null) site++;
        else {
          text = smaller;
          progress = true;
        }
      }
    }
  }
  const reduced = parse(text, definitions);
  return { text: printModule(reduced, definitions, { form: 'pretty' }), operations: sitesOf(reduced).length, attempts };
}

/** The text of an edited module when it is valid, smaller and still interesting. Edits need not keep use counts. */
function accepted(edited: Module, before: string, options: ReduceOptions): string | null {
  const { definitions } = options;
  const { module } = parseModule(
    { name: 'reduced', text: printModule(edited, definitions, { locations: true }) },
    definitions,
  );
  if (!module) return null;
  if (verifyModule(module, definitions, { allowUnregistered: true }).length > 0) return null;
  const text = printModule(module, definitions, { locations: true });
  return text.length < before.length && options.interesting(module) ? text : null;
}

function parse(text: string, definitions: RuleTable): Module {
  const { module, diagnostics } = parseModule({ name: 'reduced', text }, definitions);
  if (!module) throw new Error(`a reduced module does not parse: ${diagnostics[0]?.message}`);
  return module;
}

interface Site {
  readonly op: Operation;
  readonly block: Block;
  readonly index: number;
  /** Values visible before the operation, latest first. */
  readonly visible: readonly Value[];
}

/** Operations of a module, last first within each block. */
function sitesOf(module: Module): readonly Site[] {
  const sites: Site[] = [];
  const visit = (block: Block, outer: readonly Value[]): void => {
    const visible = [...block.arguments, ...outer];
    const here: Site[] = [];
    block.operations.forEach((op, index) => {
      here.push({ op, block, index, visible: [...visible] });
      for (const region of op.regions) visit(region, op.name === 'func.func' ? [] : visible);
      visible.unshift(...op.results);
    });
    sites.push(...here.reverse());
  };
  visit(module.body, []);
  return sites;
}

/** All dead operations at once. */
const dropDead: Edit = (module, site, definitions) =>
  site === 0 && removeDead(module.body, new Purity(definitions)) > 0;

const dropUnused: Edit = (module, site) => {
  const sites = sitesOf(module).filter(({ op }) => op.results.every((result) => result.uses === 0) && !isEnd(op));
  const found = sites[site];
  if (!found) return false;
  found.block.operations.splice(found.index, 1);
  return true;
};

/** Redirects all uses of an operation's results to the earliest visible values of the same types. */
const bypass: Edit = (module, site) => {
  const sites = sitesOf(module).filter(
    ({ op, visible }) => op.results.length > 0 && op.results.every((result) => earliest(visible, result)),
  );
  const found = sites[site];
  if (!found) return false;
  for (const result of found.op.results) {
    const replacement = earliest(found.visible, result);
    if (replacement) replaceUses(module.body, result, replacement);
  }
  found.block.operations.splice(found.index, 1);
  return true;
};

const earliest = (visible: readonly Value[], result: Value): Value | undefined =>
  visible.findLast((value) => value.type.key === result.type.key);

function replaceUses(block: Block, value: Value, replacement: Value): void {
  for (const op of block.operations) {
    op.operands.forEach((operand, index) => {
      if (operand === value) op.operands[index] = replacement;
    });
    for (const region of op.regions) replaceUses(region, value, replacement);
  }
}

/** Puts one region of an `scf.if` in its place: even sites keep the first, odd ones the second. */
const keepRegion: Edit = (module, site) => {
  const found = sitesOf(module).filter(
    ({ op }) => op.name === 'scf.if' && op.regions.every((region) => region.operations.length > 0),
  )[site >> 1];
  if (!found) return false;
  const region = found.op.regions[site & 1];
  const yielded = region.operations.at(-1)?.operands ?? [];
  found.op.results.forEach((result, index) => replaceUses(module.body, result, yielded[index]));
  found.block.operations.splice(found.index, 1, ...region.operations.slice(0, -1));
  return true;
};

/** Removes one returned value of a function. */
const returnLess: Edit = (module, site) => {
  const ends = sitesOf(module).filter(({ op }) => op.name === 'func.func');
  let position = site;
  for (const { op } of ends) {
    const end = op.regions[0].operations.at(-1);
    if (end?.name !== 'func.return' || position >= end.operands.length) {
      position -= end?.operands.length ?? 0;
      continue;
    }
    end.operands.splice(position, 1);
    const type = functionType(
      op.regions[0].arguments.map((value) => value.type),
      end.operands.map((value) => value.type),
    );
    op.attributes = new Map([...op.attributes, ['function_type', typeAttribute(type)]]);
    return true;
  }
  return false;
};

function isEnd(op: Operation): boolean {
  return op.name === 'func.return' || op.name === 'scf.yield' || op.name === 'scf.condition';
}

const EDITS: readonly Edit[] = [returnLess, dropDead, dropUnused, keepRegion, bypass];
