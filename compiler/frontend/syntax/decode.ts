/** The bytes of a Python file to text, as PEP 263 says: UTF-8 unless a comment in the first two lines names an encoding. */
import { diagnose, failure, ok, type Diagnostic, type Result } from '../../ir/index.ts';
import { syntaxDiagnostics } from './diagnostics.ts';

const cookie = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;
const blankOrComment = /^[ \t\f]*(?:#.*)?$/;

/** The name of the encoding that the first two lines declare; null when they declare none. */
function declaredEncoding(bytes: Uint8Array): string | null {
  const head = String.fromCharCode(...bytes.subarray(0, 512));
  const [first, second] = head.split(/\r\n?|\n/, 2);
  const found = cookie.exec(first) ?? (blankOrComment.test(first) ? cookie.exec(second ?? '') : null);
  return found === null ? null : found[1].toLowerCase().replaceAll('_', '-');
}

function isUtf8(name: string): boolean {
  return name === 'utf-8' || name === 'utf8' || name.startsWith('utf-8-');
}

function isLatin1(name: string): boolean {
  return /^(?:latin-?1|iso-8859-1|iso-latin-1|l1)(?:-|$)/.test(name);
}

/** Decodes a file; fails with a diagnostic when its bytes are no text in the encoding that it declares. */
export function decodePython(bytes: Uint8Array, fileName: string): Result<string, Diagnostic> {
  const wrong = (problem: string): Result<string, Diagnostic> => {
    const span = { file: { name: fileName, text: '' }, start: 0, end: 0 };
    return failure(diagnose(syntaxDiagnostics.encoding, span, [problem]));
  };
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const body = hasMark ? bytes.subarray(3) : bytes;
  const encoding = declaredEncoding(body) ?? 'utf-8';
  if (hasMark && !isUtf8(encoding)) return wrong(`the file has a UTF-8 byte order mark but declares ${encoding}`);
  if (isLatin1(encoding)) return ok(Array.from(body, (byte) => String.fromCharCode(byte)).join(''));
  if ((encoding === 'ascii' || encoding === 'us-ascii') && body.some((byte) => byte >= 128)) {
    return wrong('the file declares ascii but has other characters');
  }
  const decoder = decoderOf(isUtf8(encoding) ? 'utf-8' : encoding);
  if (decoder === null) return wrong(`unknown encoding ${encoding}`);
  try {
    return ok(decoder.decode(body));
  } catch {
    return wrong(`the file is not valid ${encoding}`);
  }
}

function decoderOf(encoding: string): InstanceType<typeof TextDecoder> | null {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  } catch {
    return null;
  }
}
