/**
 * What is wrong with a file. Readers return it as a value; inside this room it travels as an exception of one class,
 * caught at the border by `attempt`, so that the decoding code states only the right form.
 */
import { failure, ok, type Result } from '../../compiler/ir/support/index.ts';

export type FormatProblem =
  /** The file ends before what it announces. */
  | 'truncated'
  /** The bytes contradict the format or one another. */
  | 'corrupt'
  /** Legal, but not read by msc. */
  | 'unsupported'
  /** Announces more than msc takes in. */
  | 'too-large'
  /** No tensor of that name. */
  | 'missing'
  /** The operating system refused. */
  | 'io';

export interface FormatError {
  readonly problem: FormatProblem;
  /** What was expected and what was found. */
  readonly message: string;
  /** Byte offset in the file (or in the unpacked entry of an archive); null when there is no place. */
  readonly offset: number | null;
}

class FormatFault extends Error {
  readonly error: FormatError;
  constructor(error: FormatError) {
    super(error.message);
    this.error = error;
  }
}

/** Ends decoding; `attempt` turns it into an error value. */
export function fault(problem: FormatProblem, message: string, offset: number | null): never {
  throw new FormatFault({ problem, message, offset });
}

/** Runs a decoder; its fault becomes an error value, any other exception is a bug and goes on. */
export function attempt<Value>(decode: () => Value): Result<Value, FormatError> {
  try {
    return ok(decode());
  } catch (thrown) {
    if (thrown instanceof FormatFault) return failure(thrown.error);
    throw thrown;
  }
}

/** Runs a decoder and puts `context` (an entry's name) before the message of its fault. */
export function within<Value>(context: string, decode: () => Value): Value {
  try {
    return decode();
  } catch (thrown) {
    if (!(thrown instanceof FormatFault)) throw thrown;
    const { problem, message, offset } = thrown.error;
    throw new FormatFault({ problem, message: `${context}: ${message}`, offset });
  }
}
