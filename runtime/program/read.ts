/** The bytes of a `*.msp` file as a program, or why they are none. Never throws on any bytes. */

import { unzipSync } from 'fflate';
import { checkProgram } from './check.ts';
import { isProgramFileError, programFileError, RefusedFile, type ProgramFileError } from './error.ts';
import { finite, integer, list, member, oneOf, optional, text, type Field } from './fields.ts';
import type { DataSource, Kernel, KernelStream, Program, StoredTensor } from './program.ts';
import { launchOf, stepOf } from './read-step.ts';
import { tensorDtypes, type TensorSlot } from './tensor.ts';
import { manifestHashName, manifestName, schemaVersion, sha256 } from './write.ts';

type Sections = ReadonlyMap<string, Uint8Array>;

/** Deflate cannot shrink more than this; a larger claim is a lie about the size. */
const greatestRatio = 1032;

/** Reads a program and checks all that can be checked without running it. */
export function readProgram(bytes: Uint8Array): Program | ProgramFileError {
  try {
    const sections = unzip(bytes);
    if (isProgramFileError(sections)) return sections;
    const manifest = readManifest(sections);
    const program = programOf(manifest, sections);
    checkProgram(program);
    return program;
  } catch (error) {
    if (error instanceof RefusedFile) return error.problem;
    throw error;
  }
}

function unzip(bytes: Uint8Array): Sections | ProgramFileError {
  try {
    const files = unzipSync(bytes, {
      filter: (file) => {
        if (file.originalSize > (file.size + 64) * greatestRatio)
          throw new Error(`${file.name} claims ${file.originalSize} bytes`);
        return true;
      },
    });
    return new Map(Object.entries(files));
  } catch (error) {
    return programFileError('container', 'zip', error instanceof Error ? error.message : 'unreadable');
  }
}

function section(sections: Sections, name: string, place: string): Uint8Array {
  const found = sections.get(name);
  if (found === undefined) throw new RefusedFile('section', place, `the file has no section ${name}`);
  return found;
}

function readManifest(sections: Sections): Field {
  const bytes = section(sections, manifestName, manifestName);
  const stated = new TextDecoder().decode(section(sections, manifestHashName, manifestHashName));
  if (stated !== sha256(bytes))
    throw new RefusedFile('section', manifestName, 'the bytes are not the ones that were written');
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new RefusedFile('manifest', manifestName, 'is no JSON');
  }
  const field = { value, place: manifestName };
  const schema = integer(member(field, 'schema'));
  if (schema !== schemaVersion)
    throw new RefusedFile(
      'schema',
      `${manifestName}.schema`,
      `schema ${schema}; this msc reads ${schemaVersion}: compile it again`,
    );
  return field;
}

function programOf(manifest: Field, sections: Sections): Program {
  const hashes = member(manifest, 'sections');
  const verified = new Map<string, Uint8Array>();
  const load = (name: Field): Uint8Array => {
    const wanted = text(name);
    const bytes = verified.get(wanted) ?? section(sections, wanted, name.place);
    if (!verified.has(wanted) && text(member(hashes, wanted)) !== sha256(bytes))
      throw new RefusedFile('section', wanted, 'the bytes are not the ones that were written');
    verified.set(wanted, bytes);
    return bytes;
  };
  const gmBytes = integer(member(manifest, 'gmBytes'));
  const slots = (name: string): readonly TensorSlot[] =>
    list(member(manifest, name), (field) => slotOf(field, gmBytes));
  const stored = (name: string): readonly StoredTensor[] =>
    list(member(manifest, name), (field) => {
      const slot = slotOf(field, gmBytes);
      const isState = optional(member(field, 'isState'), (value) => value.value === true);
      const source = sourceOf(member(field, 'source'), slot, load);
      return { ...slot, source, ...(isState === undefined ? {} : { isState }) };
    });
  return {
    target: text(member(manifest, 'target')),
    entry: text(member(manifest, 'entry')),
    inputs: slots('inputs'),
    outputs: slots('outputs'),
    parameters: stored('parameters'),
    constants: stored('constants'),
    gmBytes,
    kernels: list(member(manifest, 'kernels'), (field) => kernelOf(field, load)),
    prepare: list(member(manifest, 'prepare'), launchOf),
    main: list(member(manifest, 'main'), stepOf),
    locations: list(member(manifest, 'locations'), text),
  };
}

function slotOf(field: Field, gmBytes: number): TensorSlot {
  const bytes = integer(member(field, 'bytes'), 0, gmBytes);
  return {
    name: text(member(field, 'name')),
    dtype: oneOf(member(field, 'dtype'), tensorDtypes),
    shape: list(member(field, 'shape'), (extent) => integer(extent)),
    address: integer(member(field, 'address'), 0, gmBytes - bytes),
    bytes,
  };
}

const sourceKinds = ['supplied', 'initializer', 'file', 'embedded'] as const;

function sourceOf(field: Field, slot: TensorSlot, load: (name: Field) => Uint8Array): DataSource {
  const kind = oneOf(member(field, 'kind'), sourceKinds);
  if (kind === 'supplied') return { kind };
  if (kind === 'initializer') {
    return {
      kind,
      initializer: text(member(field, 'initializer')),
      arguments: list(member(field, 'arguments'), finite),
      seed: integer(member(field, 'seed'), Number.MIN_SAFE_INTEGER),
    };
  }
  if (kind === 'file') {
    return {
      kind,
      path: text(member(field, 'path')),
      sha256: text(member(field, 'sha256')),
      name: text(member(field, 'name')),
    };
  }
  const data = load(member(field, 'section'));
  if (data.length > slot.bytes)
    throw new RefusedFile('range', field.place, `${data.length} bytes for a slot of ${slot.bytes}`);
  return { kind, data };
}

const coreKinds = ['cube', 'vector'] as const;

function kernelOf(field: Field, load: (name: Field) => Uint8Array): Kernel {
  return {
    name: text(member(field, 'name')),
    core: oneOf(member(field, 'core'), [...coreKinds, 'mix'] as const),
    streams: list(member(field, 'streams'), (stream) => streamOf(stream, load)),
  };
}

function streamOf(field: Field, load: (name: Field) => Uint8Array): KernelStream {
  const column = (name: string): Uint32Array => wordsOf(load(member(field, name)), `${field.place}.${name}`);
  load(member(field, 'text')); // people read it: it is the one that was written
  return {
    core: oneOf(member(field, 'core'), coreKinds),
    words: column('words'),
    locationStarts: column('locationStarts'),
    locations: column('locations'),
  };
}

function wordsOf(bytes: Uint8Array, place: string): Uint32Array {
  if (bytes.length % 4 !== 0) throw new RefusedFile('section', place, `${bytes.length} bytes are no 32-bit words`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, index) => view.getUint32(index * 4, true));
}
