/** What Python code can catch. */
import { exceptionType, PyException, Raised } from '../objects/exceptions.ts';
import { Stop } from '../objects/interpreter.ts';

/** JavaScript's own stack overflow, and mistakes that the library tells, become exceptions where Python code can catch them. */
export function asRaised(error: unknown): Raised | null {
  if (error instanceof Raised) return error;
  if (error instanceof Stop && error.catchableAs !== null) {
    const exception = new PyException(exceptionType(error.catchableAs), [error.diagnostics[0].message]);
    exception.told = error.diagnostics;
    return new Raised(exception);
  }
  if (error instanceof RangeError && error.message.includes('call stack')) {
    return new Raised(new PyException(exceptionType('RecursionError'), ['maximum recursion depth exceeded']));
  }
  return null;
}
