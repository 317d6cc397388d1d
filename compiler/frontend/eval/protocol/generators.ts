/** Resuming generators: next, send, throw, close. */
import {
  exceptionType,
  isRaised,
  PyException,
  Raised,
  runtimeError,
  stopIteration,
  typeError,
  valueError,
} from '../objects/exceptions.ts';
import type { PyGenerator, Resume } from '../objects/iterators.ts';
import type { PyValue } from '../objects/object.ts';

/** How a generator answered. */
export type Answer =
  { readonly done: false; readonly value: PyValue } | { readonly done: true; readonly value: PyValue };

function advance(generator: PyGenerator, resume: Resume): IteratorResult<PyValue, PyValue> {
  if ('raise' in resume && generator.state === 'created') {
    generator.state = 'finished';
    throw resume.raise;
  }
  generator.state = 'running';
  try {
    const step = generator.body.next(resume);
    generator.state = step.done ? 'finished' : 'suspended';
    return step;
  } catch (error) {
    generator.state = 'finished';
    if (!isRaised(error, 'StopIteration')) throw error;
    const wrapped = runtimeError('generator raised StopIteration');
    wrapped.exception.cause = error.exception;
    throw wrapped;
  }
}

/** Resumes a generator; a finished one answers done. */
export function sendInto(generator: PyGenerator, resume: Resume): Answer {
  if (generator.state === 'running') throw valueError('generator already executing');
  if (generator.state === 'finished') {
    if ('raise' in resume) throw resume.raise;
    return { done: true, value: null };
  }
  if (generator.state === 'created' && 'value' in resume && resume.value !== null) {
    throw typeError("can't send non-None value to a just-started generator");
  }
  const step = advance(generator, resume);
  return step.done ? { done: true, value: step.value } : { done: false, value: step.value };
}

/** The next value, or undefined at the end; the value of `return` is dropped. */
export function resumeGenerator(generator: PyGenerator, resume: Resume): PyValue | undefined {
  const answer = sendInto(generator, resume);
  return answer.done ? undefined : answer.value;
}

/** `generator.send(value)` and `generator.throw(…)`: the end is StopIteration with the returned value. */
export function answerOrStop(answer: Answer): PyValue {
  if (answer.done) throw stopIteration(answer.value);
  return answer.value;
}

/** `generator.close()`. */
export function closeGenerator(generator: PyGenerator): void {
  if (generator.state === 'finished') return;
  try {
    const answer = sendInto(generator, { raise: new Raised(new PyException(exceptionType('GeneratorExit'))) });
    if (!answer.done) throw runtimeError('generator ignored GeneratorExit');
  } catch (error) {
    if (!isRaised(error, 'GeneratorExit') && !isRaised(error, 'StopIteration')) throw error;
  }
}
