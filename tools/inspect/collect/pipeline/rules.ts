/** The places of the compiler's rules, for those that a compilation used. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RulePlace } from '../../../build/rule-places.ts';
import { scanRules } from '../../../build/rule-places.ts';
import type { RuleRow } from '../../report/index.ts';

const list = new URL('../../rule-places.json', import.meta.url);

/** The places that the build found; those of the sources where the compiler runs from them. None where there is neither. */
export function knownRulePlaces(): readonly RulePlace[] {
  if (existsSync(list)) return JSON.parse(readFileSync(list, 'utf8')) as readonly RulePlace[]; // the build wrote it
  return import.meta.url.endsWith('.ts') ? scanRules(fileURLToPath(new URL('../../../../', import.meta.url))) : [];
}

/** Finds places by the names that passes report. */
export class RuleFinder {
  readonly #exact: ReadonlyMap<string, RulePlace>;
  readonly #templates: readonly { readonly matches: RegExp; readonly place: RulePlace }[];

  constructor(places: readonly RulePlace[]) {
    this.#exact = new Map(places.map((place) => [place.name, place]));
    this.#templates = places
      .filter(({ name }) => name.includes('${'))
      .map((place) => ({ matches: templatePattern(place.name), place }));
  }

  find(name: string): RuleRow {
    const place = this.#exact.get(name) ?? this.#templates.find(({ matches }) => matches.test(name))?.place;
    return { name, file: place?.file ?? '', line: place?.line ?? 0 };
  }
}

/** What a template with holes may say. */
export const templatePattern = (name: string): RegExp =>
  new RegExp(
    `^${name
      .split(/\$\{[^}]*\}/)
      .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
      .join('.+')}$`,
  );
