/**
 * Ranks of one network often differ only in whom they speak to. Their modules are compiled once, with ranks left open, and
 * the program of each rank gets its own groups and peers afterwards.
 */
import type { Attribute, Module, Operation } from '../../../compiler/ir/index.ts';
import { integerAttribute, integersAttribute, integersOf, walk } from '../../../compiler/ir/index.ts';
import type { Communication, Program, Step } from '../../../runtime/program/index.ts';

/** Whom the communications of a module speak to, in their order. */
export interface Partners {
  readonly group: readonly number[];
  readonly peer: number;
  readonly root: number | null;
}

function partnersOf(op: Operation): Partners {
  const number = (name: string): number | null => {
    const attribute = op.attributes.get(name);
    return attribute?.kind === 'integer' ? Number(attribute.value) : null;
  };
  const group = op.attributes.has('group') ? integersOf(op.attributes, 'group') : [];
  return { group, peer: number('peer') ?? 0, root: number('root') };
}

/** Takes the ranks out of a module: groups are 0, 1, … of their size, peers and roots are 0. */
export function leaveRanksOpen(module: Module): readonly Partners[] {
  const partners: Partners[] = [];
  walk(module.body, (op) => {
    if (!op.name.startsWith('dist.')) return;
    const found = partnersOf(op);
    partners.push(found);
    const open: Readonly<Record<string, Attribute>> = {
      group: integersAttribute(found.group.map((_, place) => place)),
      peer: integerAttribute(0),
      root: integerAttribute(0),
    };
    op.attributes = new Map([...op.attributes].map(([name, attribute]) => [name, open[name] ?? attribute]));
  });
  return partners;
}

/** The program with the ranks that were taken out; its communications are those of the module, in the same order. */
export function withRanks(program: Program, partners: readonly Partners[]): Program {
  let next = 0;
  const filled = (steps: readonly Step[]): readonly Step[] =>
    steps.map((step): Step => {
      switch (step.kind) {
        case 'launch':
        case 'print':
        case 'assert':
          return step;
        case 'branch':
          return { ...step, then: filled(step.then), otherwise: filled(step.otherwise) };
        case 'while':
          return { ...step, test: filled(step.test), body: filled(step.body) };
        case 'repeat':
          return { ...step, body: filled(step.body) };
        default:
          return between(step, partners[next++]);
      }
    });
  const main = filled(program.main);
  if (next !== partners.length) throw new Error(`${next} communications of ${partners.length} are in the program`);
  return { ...program, main };
}

function between(step: Communication, { group, peer, root }: Partners): Step {
  return step.kind === 'collective' ? { ...step, group, root } : { ...step, peer };
}
