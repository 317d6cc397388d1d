/**
 * The verifier. One walk over the module checks each operation against its definition, that every value is defined
 * before its use and visible there, that use counts are right, how regions end, and what the module's stage allows.
 * It reports everything that it finds, up to a limit, and never throws.
 */
import type { OpDefinition, OpView, RuleTable, Slot } from '../core/definition.ts';
import { isAbsent } from '../core/definition.ts';
import type { Block, Module, Operation, Value } from '../core/operation.ts';
import { newEpoch } from '../core/operation.ts';
import type { Type } from '../core/type.ts';
import { locationText } from '../text/index.ts';
import { attributeProblem, slotProblem } from '../ops/index.ts';
import type { Diagnostic } from '../support/index.ts';
import { diagnose } from '../support/index.ts';
import { verifyDiagnostics } from './diagnostics.ts';
import { verifyRegions } from './region.ts';
import type { Report, Sources } from './report.ts';
import { spanOfLocation } from './report.ts';
import type { Stage } from './stage.ts';
import { isCarried, isStage, stageProblem, STAGES } from './stage.ts';
import { verifyCalls } from './symbol.ts';

export interface VerifyOptions {
  /** Whether operations without a definition are carried unchecked. */
  readonly allowUnregistered?: boolean;
  /** Texts of the files that locations name. */
  readonly sources?: Sources;
}

const DIAGNOSTIC_LIMIT = 50;
const NO_SOURCES: Sources = new Map();

/** All violations found in a module; empty when it is well-formed. */
export function verifyModule(
  module: Module,
  definitions: RuleTable,
  options: VerifyOptions = {},
): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const sources = options.sources ?? NO_SOURCES;
  const report: Report = (definition, op, parameters) => {
    if (diagnostics.length >= DIAGNOSTIC_LIMIT) return;
    const notes = op.location ? [`at ${locationText(op.location)}`] : [];
    diagnostics.push(diagnose(definition, spanOfLocation(op.location, sources), parameters, { notes }));
  };
  const stage = stageOf(module, diagnostics);
  new Verifier(definitions, options.allowUnregistered ?? false, stage, report).module(module);
  verifyCalls(module, report);
  return diagnostics;
}

/** The stage that a module says it is at; an unknown one is reported. */
function stageOf(module: Module, diagnostics: Diagnostic[]): Stage | null {
  const attribute = module.attributes.get('ms.stage');
  if (attribute === undefined) return null;
  const text = attribute.kind === 'string' ? attribute.value : attribute.kind;
  if (isStage(text)) return text;
  diagnostics.push(diagnose(verifyDiagnostics.unknownStage, null, [text, STAGES.join(', ')]));
  return null;
}

/** What is known about an operation's name. */
interface NameFacts {
  readonly definition: OpDefinition | null;
  /** Whether it may do without a definition. */
  readonly carried: boolean;
  readonly isolated: boolean;
  readonly terminator: boolean;
  readonly stageProblem: string | null;
}

class Verifier {
  private readonly definitions: RuleTable;
  private readonly allowUnregistered: boolean;
  private readonly stage: Stage | null;
  private readonly report: Report;
  private readonly facts = new Map<string, NameFacts>();
  /** Values visible here have this epoch; their marks count the uses found so far. */
  private epoch = newEpoch();

  constructor(definitions: RuleTable, allowUnregistered: boolean, stage: Stage | null, report: Report) {
    this.definitions = definitions;
    this.allowUnregistered = allowUnregistered;
    this.stage = stage;
    this.report = report;
  }

  module(module: Module): void {
    this.block(module.body, null);
  }

  private block(block: Block, parent: Operation | null): void {
    for (const argument of block.arguments) this.beginScope(argument);
    const { operations } = block;
    for (let index = 0; index < operations.length; index++)
      this.operation(operations[index], index === operations.length - 1);
    for (const op of operations) for (const result of op.results) this.endScope(result, op);
    for (const argument of block.arguments) this.endScope(argument, parent);
  }

  private beginScope(value: Value): void {
    value.epoch = this.epoch;
    value.mark = 0;
  }

  private endScope(value: Value, op: Operation | null): void {
    value.epoch = 0;
    if (value.mark === value.uses || !op) return;
    this.report(verifyDiagnostics.useCount, op, [op.name, String(value.uses), String(value.mark)]);
  }

  private operation(op: Operation, isLast: boolean): void {
    const { report } = this;
    const facts = this.factsOf(op.name);
    const { operands, results } = op;
    for (let index = 0; index < operands.length; index++) {
      const operand = operands[index];
      if (operand.epoch === this.epoch) operand.mark++;
      else report(verifyDiagnostics.dominance, op, [op.name, String(index)]);
    }
    if (facts.terminator && !isLast) report(verifyDiagnostics.misplacedTerminator, op, [op.name]);
    if (facts.stageProblem !== null)
      report(verifyDiagnostics.illegalAtStage, op, [op.name, this.stage ?? '', facts.stageProblem]);
    if (facts.definition) this.againstDefinition(op, facts.definition);
    else if (!facts.carried) report(verifyDiagnostics.unknownOperation, op, [op.name]);
    if (op.regions.length > 0) this.regions(op, facts);
    for (let index = 0; index < results.length; index++) this.beginScope(results[index]);
  }

  private regions(op: Operation, facts: NameFacts): void {
    verifyRegions(op, this.report);
    const { epoch } = this;
    for (const region of op.regions) {
      if (facts.isolated) this.epoch = newEpoch();
      this.block(region, op);
      this.epoch = epoch;
    }
  }

  private againstDefinition(op: Operation, definition: OpDefinition): void {
    const { report } = this;
    const operandTypes = typesOf(op.operands);
    const resultTypes = typesOf(op.results);
    if (op.regions.length !== definition.regions.length) {
      report(verifyDiagnostics.regionCount, op, [
        op.name,
        String(op.regions.length),
        String(definition.regions.length),
      ]);
    }
    if (!fits(definition.operands, operandTypes) || !fits(definition.results, resultTypes)) {
      const slots = slotProblem(definition.operands, operandTypes) ?? resultProblem(definition, resultTypes);
      if (slots !== null) return report(verifyDiagnostics.slots, op, [op.name, slots]);
    }
    const attributes =
      definition.attributes.length === 0 ? null : attributeProblem(definition.attributes, op.attributes);
    if (attributes !== null) return report(verifyDiagnostics.attributes, op, [op.name, attributes]);
    // Constraints and inference speak of values as the network means them, not as a target stores them.
    if (isStoredForTarget(operandTypes) || isStoredForTarget(resultTypes)) return;
    const view = { operandTypes, attributes: op.attributes, resultTypes };
    for (const { label, text, check } of definition.constraints) {
      const found = check(view);
      if (found !== null) return report(verifyDiagnostics.constraint, op, [op.name, label, text, found]);
    }
    this.inferredTypes(op, definition, view);
  }

  private inferredTypes(
    op: Operation,
    definition: OpDefinition,
    { operandTypes, attributes, resultTypes }: OpView,
  ): void {
    if (isAbsent(definition.infer)) return;
    const inferred = definition.infer(operandTypes, attributes);
    if (!inferred.ok) return this.report(verifyDiagnostics.notInferable, op, [op.name, inferred.error]);
    for (let index = 0; index < Math.max(resultTypes.length, inferred.value.length); index++) {
      const stored = resultTypes[index]?.key ?? 'nothing';
      const expected = inferred.value[index]?.key ?? 'nothing';
      if (stored !== expected)
        this.report(verifyDiagnostics.inferredTypes, op, [op.name, String(index), stored, expected]);
    }
  }

  private factsOf(name: string): NameFacts {
    const known = this.facts.get(name);
    if (known) return known;
    const definition = this.definitions.get(name) ?? null;
    const facts = {
      definition,
      carried: this.allowUnregistered || name === 'builtin.module' || isCarried(name),
      isolated: name === 'builtin.module' || (definition?.traits.includes('isolated') ?? false),
      terminator: definition?.traits.includes('terminator') ?? false,
      stageProblem: this.stage && stageProblem(this.stage, name),
    };
    this.facts.set(name, facts);
    return facts;
  }
}

/** Whether a storage layout was chosen for some tensor: from @fused on, where the backend checks what it reads. */
const isStoredForTarget = (types: readonly Type[]): boolean =>
  types.some((type) => type.kind === 'tensor' && type.encoding?.layout !== undefined);

/** Whether types fit slots that take exactly one each; false only means that a closer look is needed. */
function fits(slots: readonly Slot[], types: readonly Type[]): boolean {
  if (slots.length !== types.length) return false;
  for (let index = 0; index < slots.length; index++) {
    if (slots[index].arity === 'variadic' || !slots[index].accepts.test(types[index])) return false;
  }
  return true;
}

function resultProblem(definition: OpDefinition, types: readonly Type[]): string | null {
  const problem = slotProblem(definition.results, types);
  return problem?.replace('number of operands', 'number of results').replace(/^operand/, 'result') ?? null;
}

function typesOf(values: readonly Value[]): readonly Type[] {
  const types: Type[] = [];
  for (let index = 0; index < values.length; index++) types.push(values[index].type);
  return types;
}
