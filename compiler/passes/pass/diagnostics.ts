/** What the pass manager says (MSC050x). */
import type { DiagnosticDefinition } from '../../ir/index.ts';

function row<const Parameters extends readonly string[]>(
  code: string,
  title: string,
  message: (...parameters: Parameters) => string,
  explanation: string,
  wrong: string,
  right: string,
): DiagnosticDefinition<Parameters> {
  return { code, severity: 'error', exitClass: 'user-error', title, message, help: null, explanation, wrong, right };
}

export const passDiagnostics = {
  pipelineSyntax: row(
    'MSC0501',
    'malformed pass pipeline',
    (expected: string, rest: string) => `expected ${expected} in the pass pipeline before '${rest}'`,
    'A pipeline is a list of pass names, possibly inside builtin.module(...) and func.func(...), with options in braces.',
    "--pass-pipeline='builtin.module(canonicalize'",
    "--pass-pipeline='builtin.module(canonicalize,cse)'",
  ),
  unknownPass: row(
    'MSC0502',
    'unknown pass',
    (name: string, known: string) => `there is no pass '${name}'; passes are ${known}`,
    'The pipeline names a pass that is not registered.',
    "--pass-pipeline='canonicalise'",
    "--pass-pipeline='canonicalize'",
  ),
  unknownOption: row(
    'MSC0503',
    'unknown option of a pass',
    (pass: string, option: string, known: string) => `pass '${pass}' has no option '${option}'${known === '' ? '' : `; it has ${known}`}`,
    'Options stand in braces behind the name of a pass that has them.',
    "--pass-pipeline='cse{depth=3}'",
    "--pass-pipeline='cse'",
  ),
  wrongStage: row(
    'MSC0504',
    'pass at the wrong stage',
    (pass: string, stage: string, stages: string) => `pass '${pass}' cannot run at stage ${stage}; it runs at ${stages}`,
    'A pass states the stages whose operations it understands.',
    'a pass for @graph on a module with ms.stage = "tile"',
    'the same pass on a module with ms.stage = "graph"',
  ),
  wrongOrder: row(
    'MSC0505',
    'passes in the wrong order',
    (pass: string, before: string, why: string) => `pass '${pass}' must come after '${before}': ${why}`,
    'Some passes rely on what an earlier one has done.',
    'b,a',
    'a,b',
  ),
  brokenByPass: row(
    'MSC0506',
    'a pass left broken IR',
    (pass: string) => `the module is broken after pass '${pass}'`,
    'The verifier runs after each pass; this is a bug in msc, not in the program.',
    '',
    '',
  ),
} as const;
