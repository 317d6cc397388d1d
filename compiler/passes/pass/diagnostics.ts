/** What the pass manager says (MSC050x). */
import { userError } from '../../ir/index.ts';

export const passDiagnostics = {
  pipelineSyntax: userError(
    'MSC0501',
    'malformed pass pipeline',
    (expected: string, rest: string) => `expected ${expected} in the pass pipeline before '${rest}'`,
    'A pipeline is a list of pass names, possibly inside builtin.module(...) and func.func(...), with options in braces.',
    'builtin.module(canonicalize',
    'builtin.module(canonicalize,cse)',
  ),
  unknownPass: userError(
    'MSC0502',
    'unknown pass',
    (name: string, known: string) => `there is no pass '${name}'; passes are ${known}`,
    'The pipeline names a pass that is not registered.',
    'canonicalise',
    'canonicalize',
  ),
  unknownOption: userError(
    'MSC0503',
    'unknown option of a pass',
    (pass: string, option: string, known: string) =>
      `pass '${pass}' has no option '${option}'${known === '' ? '' : `; it has ${known}`}`,
    'Options stand in braces behind the name of a pass that has them.',
    'cse{depth=3}',
    'cse',
  ),
  wrongStage: userError(
    'MSC0504',
    'pass at the wrong stage',
    (pass: string, stage: string, stages: string) =>
      `pass '${pass}' cannot run at stage ${stage}; it runs at ${stages}`,
    'A pass states the stages whose operations it understands.',
    null,
    null,
  ),
  wrongOrder: userError(
    'MSC0505',
    'passes in the wrong order',
    (pass: string, before: string, why: string) => `pass '${pass}' must come after '${before}': ${why}`,
    'Some passes rely on what an earlier one has done.',
    null,
    null,
  ),
  brokenByPass: userError(
    'MSC0506',
    'a pass left broken IR',
    (pass: string) => `the module is broken after pass '${pass}'`,
    'The verifier runs after each pass; this is a bug in msc, not in the program.',
    null,
    null,
  ),
} as const;
