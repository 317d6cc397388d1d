/** Places: numbers for locations, the user's lines of them, and where equal kernels were launched for. */
import { describe, expect, it } from 'vitest';
import { callSite, cellLocation, fileLocation, locationText, type Location } from '../../compiler/ir/index.ts';
import { placesInLaunch } from '../../tools/inspect/collect/kernels/members.ts';
import { PlaceTable } from '../../tools/inspect/collect/places.ts';
import { costLine, NOWHERE } from '../../tools/inspect/report/index.ts';

const texts: Readonly<Record<string, string>> = { 'net.py': 'one\ntwo\nthree\n', 'block.py': 'four\n' };
const table = (): PlaceTable => new PlaceTable((name) => texts[name] ?? null);

const user = (line: number): Location => fileLocation('net.py', line, 5);
const library = (line: number): Location => fileLocation('prelude/nn.py', line, 9);
const fused = (...locations: readonly Location[]): Location => ({ kind: 'fused', locations });

describe('places', () => {
  it('equal locations have one number, unknown ones none', () => {
    const places = table();
    const number = places.number(callSite(library(1), user(2)));
    expect(places.number(callSite(library(1), user(2)))).toBe(number);
    expect(places.numberOfText(locationText(callSite(library(1), user(2))))).toBe(number);
    expect(places.number(null)).toBe(NOWHERE);
    expect(places.numberOfText('no location')).toBe(NOWHERE);
    expect(places.places).toHaveLength(2);
  });

  it('the line of a call is the caller, with the Cell that ran', () => {
    const places = table();
    const cell = { path: 'layer1.0.conv1', className: 'Conv2d' };
    const number = places.number(cellLocation(cell, callSite(library(40), user(2))));
    expect(places.places[number]).toEqual({
      positions: [{ file: 0, line: 2, column: 5 }],
      cell: 'layer1.0.conv1',
      cellClass: 'Conv2d',
      text: '"layer1.0.conv1: Conv2d"(callsite("prelude/nn.py":40:9 at "net.py":2:5))',
    });
    expect(places.sources).toEqual([{ name: 'net.py', text: texts['net.py'] }]);
  });

  it('fused ops have all their lines once, the main one first, and no line of the library beside them', () => {
    const places = table();
    const number = places.number(
      fused(callSite(library(1), user(3)), callSite(library(2), user(3)), user(1), fileLocation('block.py', 1, 1)),
    );
    const { positions } = places.places[number];
    expect(positions.map(({ file, line }) => [file, line])).toEqual([
      [0, 3],
      [0, 1],
      [1, 1],
    ]);
    expect(costLine(places.places[number])).toEqual({ file: 0, line: 3, column: 5 });
  });

  it('a line of the library stands alone where nobody called it', () => {
    const places = table();
    const number = places.number(library(7));
    expect(places.places[number].positions).toEqual([{ file: -1, line: 7, column: 9 }]);
    expect(costLine(places.places[number])).toBeNull();
  });
});

describe('places of instructions in a launch', () => {
  const text = (location: Location): string => locationText(location);

  it('are those of the op at the same position of the group that is launched', () => {
    const places = table();
    const [written, launched] = [fused(user(1), user(2)), fused(user(3), fileLocation('block.py', 1, 1))].map(text);
    const placesOf = placesInLaunch({ written, launched }, places);
    expect(placesOf(text(user(1)))).toEqual([places.number(user(3))]);
    expect(placesOf(text(user(2)))).toEqual([places.number(fileLocation('block.py', 1, 1))]);
  });

  it('are all members for what the group does as a whole', () => {
    const places = table();
    const group = text(fused(user(1), user(2)));
    const placesOf = placesInLaunch({ written: group, launched: group }, places);
    expect(placesOf(group)).toEqual([places.number(user(1)), places.number(user(2))]);
    expect(placesOf(text(user(2)))).toEqual([places.number(user(2))]);
  });

  it('are those of the launch where groups do not correspond', () => {
    const places = table();
    const placesOf = placesInLaunch({ written: text(fused(user(1), user(2))), launched: text(user(3)) }, places);
    expect(placesOf(text(user(1)))).toEqual([places.number(user(3))]);
  });
});
