/** A program as the bytes of a `*.msp` file; a function of the program alone. */

import { createHash } from 'node:crypto';
import { zipSync, type Zippable } from 'fflate';
import { disassemble } from '../isa/index.ts';
import type { DataSource, Kernel, KernelStream, Program, StoredTensor } from './program.ts';

/** Version of the manifest. */
export const schemaVersion = 2;
export const manifestName = 'manifest.json';
/** Holds the SHA-256 of the manifest, which holds those of all other sections. */
export const manifestHashName = 'manifest.sha256';

/** The earliest time a zip can hold, so that the bytes do not depend on the clock. */
const epoch = new Date(1980, 0, 1);

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Sections by name, collected while the manifest is built. */
class Sections {
  readonly files: Record<string, Uint8Array> = {};
  readonly hashes: Record<string, string> = {};

  add(name: string, bytes: Uint8Array): string {
    this.files[name] = bytes;
    this.hashes[name] = sha256(bytes);
    return name;
  }
}

/** Writes the program. */
export function writeProgram(program: Program): Uint8Array {
  const sections = new Sections();
  const manifest = {
    schema: schemaVersion,
    target: program.target,
    entry: program.entry,
    gmBytes: program.gmBytes,
    inputs: program.inputs,
    outputs: program.outputs,
    parameters: program.parameters.map((tensor, index) =>
      storedManifest(tensor, `data/parameter${index}.bin`, sections),
    ),
    constants: program.constants.map((tensor, index) => storedManifest(tensor, `data/constant${index}.bin`, sections)),
    kernels: program.kernels.map((kernel, index) => kernelManifest(kernel, index, sections)),
    prepare: program.prepare.map(ordered),
    main: program.main.map(ordered),
    locations: program.locations,
    sections: sections.hashes,
  };
  const manifestBytes = new TextEncoder().encode(`${JSON.stringify(manifest, undefined, 1)}\n`);
  const files: Record<string, Uint8Array> = {
    [manifestName]: manifestBytes,
    [manifestHashName]: new TextEncoder().encode(sha256(manifestBytes)),
    ...sections.files,
  };
  const zippable: Zippable = Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [name, [bytes, { level: 6, mtime: epoch, os: 3 }]]),
  );
  return zipSync(zippable);
}

/** The same value with the members of objects in the order of their names, so that equal steps have equal bytes. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, ordered(member)]));
}

function storedManifest(tensor: StoredTensor, name: string, sections: Sections): object {
  const { source, ...slot } = tensor;
  return { ...slot, source: sourceManifest(source, name, sections) };
}

function sourceManifest(source: DataSource, name: string, sections: Sections): object {
  return source.kind === 'embedded' ? { kind: 'embedded', section: sections.add(name, source.data) } : source;
}

function kernelManifest(kernel: Kernel, index: number, sections: Sections): object {
  return {
    name: kernel.name,
    core: kernel.core,
    streams: kernel.streams.map((stream) => streamManifest(stream, `kernels/${index}.${stream.core}`, sections)),
  };
}

function streamManifest(stream: KernelStream, name: string, sections: Sections): object {
  return {
    core: stream.core,
    words: sections.add(`${name}.bin`, littleEndian(stream.words)),
    locationStarts: sections.add(`${name}.starts`, littleEndian(stream.locationStarts)),
    locations: sections.add(`${name}.locations`, littleEndian(stream.locations)),
    text: sections.add(`${name}.s`, new TextEncoder().encode(disassemble(stream))),
  };
}

/** The bytes of 32-bit words, whatever the order of this machine. */
export function littleEndian(words: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(words.length * 4);
  const view = new DataView(bytes.buffer);
  words.forEach((word, index) => view.setUint32(index * 4, word, true));
  return bytes;
}
