/** Files stay small, rooms describe themselves, documents agree with the code. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { staleDocuments } from '../../tools/spec/spec.ts';
import { repository } from '../cli/harness.ts';

const LONGEST_FILE = 400;

const filesBelow = (folder: string, ending: string): readonly string[] =>
  existsSync(join(repository, folder))
    ? readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith(ending))
        .map((path) => `${folder}/${path}`)
    : [];

const read = (path: string): string => readFileSync(join(repository, path), 'utf8');

describe('files', () => {
  const sources = ['compiler', 'runtime', 'tools', 'test', 'bench'].flatMap((folder) =>
    ['.ts', '.tsx', '.css'].flatMap((ending) => filesBelow(folder, ending)),
  );

  it(`have at most ${LONGEST_FILE} lines`, () => {
    const prelude = filesBelow('compiler/frontend', '.py');
    const long = [...sources, ...prelude].filter((path) => read(path).trimEnd().split('\n').length > LONGEST_FILE);
    expect(long).toEqual([]);
    expect(sources.length).toBeGreaterThan(500);
  });

  it('use no erased or untyped forms', () => {
    const wrong =
      /^\s*(?:export )?(?:declare )?(?:const )?enum |^\s*(?:export )?namespace |^(?!\s*(?:\*|\/)).*: any\b|<any>|\bas any\b/m;
    expect(sources.filter((path) => path !== 'test/house/files.test.ts' && wrong.test(read(path)))).toEqual([]);
  });

  it('name no machine', () => {
    const texts = [
      ...sources,
      ...filesBelow('spec', '.md'),
      ...filesBelow('compiler', '.md'),
      ...filesBelow('runtime', '.md'),
      'README.md',
      'CHANGELOG.md',
    ];
    expect(
      texts.filter((path) => path !== 'test/house/files.test.ts' && /\/work\/|\/root\/|\/home\//.test(read(path))),
    ).toEqual([]);
  });
});

describe('rooms', () => {
  const rooms = [
    'compiler/ir',
    'compiler/frontend',
    'compiler/passes',
    'compiler/backend-ascend',
    ...['numerics', 'target', 'isa', 'machine', 'wasm', 'program', 'host'].map((name) => `runtime/${name}`),
    'tools/msc',
    'tools/formats',
    'tools/inspect',
    'tools/lsp',
  ];

  it.each(rooms)('%s has a charter with its invariant and reading order', (room) => {
    const text = existsSync(join(repository, room, 'README.md')) ? read(`${room}/README.md`) : '';
    expect(text).toMatch(/invariant/i);
    expect(text).toMatch(/reading order/i);
  });
});

describe('the specification', () => {
  it('is in step with the code', () => {
    // Mend with: npm run spec
    expect(staleDocuments(repository).map(({ document }) => document)).toEqual([]);
  });

  it('has request-for-comment documents with a status and all sections', () => {
    const rfcs = filesBelow('spec/rfcs', '.md');
    expect(rfcs.length).toBeGreaterThan(0);
    for (const path of rfcs) {
      const text = read(path);
      expect(path).toMatch(/^spec\/rfcs\/\d{4}-[a-z0-9-]+\.md$/);
      expect(text, path).toMatch(/^(?:- )?Status: (draft|review|final-comment|accepted|rejected|implemented)$/m);
      for (const section of ['Summary', 'Motivation', 'Design', 'Alternatives', 'Compatibility', 'Tests', 'History'])
        expect(text, `${path}: ${section}`).toMatch(new RegExp(`^## ${section}$`, 'm'));
    }
  });
});
