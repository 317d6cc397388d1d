/** Why bytes are no program file, as a value. */

export interface ProgramFileError {
  readonly kind: 'program file error';
  readonly problem:
    /** Not a zip, or cut off. */
    | 'container'
    /** Written by another version. */
    | 'schema'
    /** The manifest does not say what it must. */
    | 'manifest'
    /** A section is missing, or its bytes are not the ones that were written. */
    | 'section'
    /** An address or number is outside its range. */
    | 'range'
    /** An instruction stream does not decode. */
    | 'stream';
  /** Place in the file, e.g. `manifest.json: kernels[2].name`. */
  readonly place: string;
  readonly message: string;
}

export const programFileError = (
  problem: ProgramFileError['problem'],
  place: string,
  message: string,
): ProgramFileError => ({
  kind: 'program file error',
  problem,
  place,
  message,
});

/** Whether reading gave an error. */
export const isProgramFileError = (value: object): value is ProgramFileError =>
  'kind' in value && value.kind === 'program file error';

/** Leaves the reader from any depth; `readProgram` turns it into its value and nothing else catches it. */
export class RefusedFile extends Error {
  readonly problem: ProgramFileError;
  constructor(problem: ProgramFileError['problem'], place: string, message: string) {
    super(message);
    this.problem = programFileError(problem, place, message);
  }
}
