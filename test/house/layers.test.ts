/**
 * The layering of spec/rfcs/0001-architecture.md, checked on the real import graph (types included).
 * Dependency-cruiser without a parser for TypeScript sees nothing and passes, so the test also counts what it saw.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import { beforeAll, describe, expect, it } from 'vitest';
import { pageImports } from '../../tools/build/page.ts';
import { repository } from '../cli/harness.ts';

/** The rooms that each room may import. `tools`, `test` and `bench` may import everything. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'compiler/ir': ['runtime/numerics'],
  'compiler/frontend': ['compiler/ir'],
  'compiler/passes': ['compiler/ir', 'runtime/target'],
  'compiler/backend-ascend': [
    'compiler/ir',
    'compiler/passes',
    'runtime/target',
    'runtime/isa',
    'runtime/program',
    'runtime/numerics',
  ],
  'runtime/numerics': [],
  'runtime/target': [],
  'runtime/isa': ['runtime/numerics'],
  'runtime/machine': ['runtime/isa', 'runtime/target', 'runtime/numerics'],
  'runtime/wasm': ['runtime/isa', 'runtime/numerics'],
  'runtime/program': ['runtime/isa'],
  'runtime/host': ['runtime/machine', 'runtime/wasm', 'runtime/program', 'runtime/isa', 'runtime/target'],
};

/** Packages that some rooms alone may import. */
const roomsOf: Readonly<Record<string, readonly string[]>> = {
  chevrotain: ['compiler/frontend'],
  esbuild: ['tools/build'],
  fflate: ['runtime/program'],
  highs: ['compiler/passes'],
  picocolors: ['tools/msc', 'tools/inspect'],
  preact: ['tools/inspect'],
  'vscode-languageserver': ['tools/lsp'],
  yargs: ['tools/msc'],
};

const folders = ['compiler', 'runtime', 'tools'];
const roomOf = (path: string): string => path.split('/').slice(0, 2).join('/');

let modules: ICruiseResult['modules'] = [];

beforeAll(async () => {
  const options: ICruiseOptions = {
    baseDir: repository,
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    // Its parser reads no JSX (the page is checked below); the extension for VS Code is a package of its own.
    exclude: { path: '(^dist|[.]tsx$|^tools/editor/vscode/)' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  };
  const { output } = await cruise(folders, options);
  modules = (output as ICruiseResult).modules.filter(({ source }) =>
    folders.some((folder) => source.startsWith(`${folder}/`)),
  ); // without a reporter the output is the result
});

describe('imports', () => {
  it('are all seen', () => {
    const files = folders.flatMap((folder) =>
      readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' }).filter((path) =>
        path.endsWith('.ts'),
      ),
    );
    const seen = modules.filter(({ source }) => source.endsWith('.ts') && !source.endsWith('.d.ts'));
    expect(seen.length).toBeGreaterThanOrEqual(files.filter((path) => !path.endsWith('.d.ts')).length);
    expect(seen.length).toBeGreaterThan(500);
    expect(modules.flatMap(({ dependencies }) => dependencies).length).toBeGreaterThan(2000);
  });

  it('go to rooms below', () => {
    const wrong = imports().filter(({ from, to }) => {
      const room = roomOf(from);
      return !from.startsWith('tools/') && roomOf(to) !== room && !(allowed[room] ?? []).includes(roomOf(to));
    });
    expect(wrong).toEqual([]);
  });

  it('enter a room through an index', () => {
    expect(
      imports().filter(
        ({ from, to }) => roomOf(from) !== roomOf(to) && !from.startsWith('tools/') && !to.endsWith('/index.ts'),
      ),
    ).toEqual([]);
    const fromTools = imports().filter(({ from, to }) => from.startsWith('tools/') && !to.startsWith('tools/'));
    expect(fromTools.filter(({ to }) => !to.endsWith('/index.ts'))).toEqual([]);
  });

  it('of the page in the browser reach reports, exports and its own packages only', async () => {
    const inputs = Object.entries(await pageImports(repository));
    expect(inputs.length).toBeGreaterThan(50);
    const own = inputs.filter(([path]) => !path.startsWith('node_modules/'));
    const paths = own.map(([path]) => path.replace(`worker:${repository}`, ''));
    expect(paths.filter((path) => !/^tools\/inspect\/(page|report|export)\//.test(path))).toEqual([]);
    const views = own.flatMap(([from, { imports: found }]) =>
      found.map(({ path: to }) => ({ from: viewOf(from), to: viewOf(to) })),
    );
    expect(views.filter(({ from, to }) => from !== null && to !== null && from !== to)).toEqual([]);
  });

  it('have no cycles', () => {
    const inCycle = modules.flatMap(({ source, dependencies }) =>
      dependencies.filter(({ circular }) => circular).map(({ resolved }) => `${source} -> ${resolved}`),
    );
    expect(inCycle).toEqual([]);
  });

  it('keep packages in their rooms', () => {
    const packages = modules.flatMap(({ source, dependencies }) =>
      dependencies.map(({ resolved, module }) => ({ source, resolved, module })),
    );
    const wrong = packages.filter(
      ({ source, module }) => Object.hasOwn(roomsOf, module) && !(roomsOf[module] ?? []).includes(roomOf(source)),
    );
    expect(wrong).toEqual([]);
  });

  it('are all resolved', () => {
    expect(
      modules.flatMap(({ source, dependencies }) =>
        dependencies.filter(({ couldNotResolve }) => couldNotResolve).map(({ module }) => `${source}: ${module}`),
      ),
    ).toEqual([]);
  });
});

/** The view to whose folder a file belongs. */
const viewOf = (path: string): string | null => /^tools\/inspect\/page\/views\/(\w+)\//.exec(path)?.[1] ?? null;

function imports(): readonly { readonly from: string; readonly to: string }[] {
  return modules.flatMap(({ source, dependencies }) =>
    dependencies
      .filter(({ resolved }) => folders.some((folder) => resolved.startsWith(`${folder}/`)))
      .map(({ resolved }) => ({ from: source, to: resolved })),
  );
}
