/** The patterns of `case`. */
import type { Constant, Expr, MatchAs, Pattern } from '../ast.ts';
import { syntaxDiagnostics } from '../diagnostics.ts';
import { keyword, T } from '../lexer/token-types.ts';
import type { Rule } from './base.ts';
import { ParameterGrammar } from './parameters.ts';

/** What stands between the parentheses of a class pattern. */
interface ClassArguments {
  readonly patterns: Pattern[];
  readonly kwd_attrs: string[];
  readonly kwd_patterns: Pattern[];
}

/** What stands between the braces of a mapping pattern. */
interface MappingItems {
  readonly keys: Expr[];
  readonly patterns: Pattern[];
  rest: string | null;
}

const WILDCARD = '_';

export abstract class PatternGrammar extends ParameterGrammar {
  /** What follows `case`: a pattern, or a sequence without brackets. */
  protected readonly casePattern = this.RULE('casePattern', (): Pattern => {
    const start = this.here;
    const first = this.SUBRULE(this.sequenceElement);
    const patterns = [first];
    if (this.restOfList(patterns, this.sequenceElement)) {
      return { kind: 'MatchSequence', start, end: this.readEnd, patterns };
    }
    this.checkNotAlone(first);
    return first;
  });

  private checkNotAlone(pattern: Pattern): void {
    if (pattern.kind !== 'MatchStar') return;
    this.reject(syntaxDiagnostics.pattern, pattern, ['a starred pattern must be part of a sequence']);
  }

  private readonly sequenceElementAlternatives = [
    { ALT: (): Pattern => this.starPattern() },
    { ALT: (): Pattern => this.SUBRULE(this.pattern) },
  ];

  private readonly sequenceElement: Rule<Pattern> = this.RULE('sequenceElement', (): Pattern =>
    this.OR(this.sequenceElementAlternatives),
  );

  private starPattern(): Pattern {
    const start = this.here;
    this.CONSUME(T.Star);
    const name = this.CONSUME(T.Name).image;
    return { kind: 'MatchStar', start, end: this.readEnd, name: name === WILDCARD ? null : name };
  }

  /** `a | b as name` */
  private readonly pattern: Rule<Pattern> = this.RULE('pattern', (): Pattern => {
    const start = this.here;
    const patterns = [this.SUBRULE(this.closedPattern)];
    this.MANY(() => {
      this.CONSUME(T.VerticalBar);
      patterns.push(this.SUBRULE2(this.closedPattern));
    });
    const pattern: Pattern =
      patterns.length === 1 ? patterns[0] : { kind: 'MatchOr', start, end: this.readEnd, patterns };
    return (
      this.OPTION((): MatchAs => {
        this.CONSUME(keyword('as'));
        const name = this.captureName(this.CONSUME(T.Name).image);
        if (this.isNext(T.Dot)) this.rejectNext(null);
        return { kind: 'MatchAs', start, end: this.readEnd, pattern, name };
      }) ?? pattern
    );
  });

  private captureName(name: string): string {
    if (name !== WILDCARD) return name;
    const end = this.readEnd;
    this.reject(syntaxDiagnostics.pattern, { start: end - 1, end }, ["'_' is the wildcard and cannot be a target"]);
    return name;
  }

  private readonly closedAlternatives = [
    { ALT: (): Pattern => this.namePattern() },
    { ALT: (): Pattern => this.valuePattern(this.SUBRULE(this.patternNumber)) },
    { ALT: (): Pattern => this.valuePattern(this.SUBRULE(this.strings)) },
    { ALT: (): Pattern => this.singletonPattern() },
    { ALT: (): Pattern => this.SUBRULE(this.groupPattern) },
    { ALT: (): Pattern => this.SUBRULE(this.listPattern) },
    { ALT: (): Pattern => this.SUBRULE(this.mappingPattern) },
  ];

  private readonly closedPattern: Rule<Pattern> = this.RULE('closedPattern', (): Pattern =>
    this.OR(this.closedAlternatives),
  );

  private valuePattern(value: Expr): Pattern {
    return { kind: 'MatchValue', start: value.start, end: value.end, value };
  }

  private singletonPattern(): Pattern {
    const { startOffset: start, image } = this.CONSUME(T.Singleton);
    return { kind: 'MatchSingleton', start, end: this.readEnd, value: image === 'None' ? null : image === 'True' };
  }

  /** A capture, the wildcard, a dotted value, or a class. */
  private namePattern(): Pattern {
    const name = this.SUBRULE(this.dottedValue);
    const isClass = this.isNext(T.LeftParenthesis);
    const inside = this.OPTION(() => this.SUBRULE(this.classArguments));
    const { start } = name;
    const end = this.readEnd;
    if (isClass && inside !== undefined) return { kind: 'MatchClass', start, end, cls: name, ...inside };
    if (name.kind !== 'Name') return this.valuePattern(name);
    return { kind: 'MatchAs', start, end, pattern: null, name: name.id === WILDCARD ? null : name.id };
  }

  /** `name` or `name.attribute.attribute` */
  private readonly dottedValue: Rule<Expr> = this.RULE('dottedValue', (): Expr => {
    const { startOffset: start, image } = this.CONSUME(T.Name);
    let node: Expr = { kind: 'Name', start, end: this.readEnd, id: image, ctx: 'Load' };
    this.MANY(() => {
      this.CONSUME(T.Dot);
      const attr = this.CONSUME2(T.Name).image;
      node = { kind: 'Attribute', start, end: this.readEnd, value: node, attr, ctx: 'Load' };
    });
    return node;
  });

  // ---- numbers

  private readonly plainNumber = this.RULE('plainNumber', (): Constant => this.number());

  private readonly signAlternatives = [{ ALT: () => this.CONSUME(T.Plus) }, { ALT: () => this.CONSUME2(T.Minus) }];

  /** `-1`, `2`, `1 - 2j` */
  private readonly patternNumber: Rule<Expr> = this.RULE('patternNumber', (): Expr => {
    const start = this.here;
    const isNegative = this.isNext(T.Minus);
    this.OPTION(() => {
      this.CONSUME(T.Minus);
    });
    const number = this.SUBRULE(this.plainNumber);
    const real: Expr = isNegative ? { kind: 'UnaryOp', start, end: this.readEnd, op: 'USub', operand: number } : number;
    return (
      this.OPTION2((): Expr => {
        const sign = this.OR(this.signAlternatives);
        const imaginary = this.SUBRULE2(this.plainNumber);
        this.checkComplex(number, imaginary);
        const op = sign.tokenType === T.Plus ? 'Add' : 'Sub';
        return { kind: 'BinOp', start, end: this.readEnd, left: real, op, right: imaginary };
      }) ?? real
    );
  });

  private checkComplex(real: Constant, imaginary: Constant): void {
    if (real.type === 'complex') {
      this.reject(syntaxDiagnostics.pattern, real, ['the first part of a complex literal must be real']);
    }
    if (imaginary.type !== 'complex') {
      this.reject(syntaxDiagnostics.pattern, imaginary, ['the second part of a complex literal must be imaginary']);
    }
  }

  // ---- sequences

  private readonly groupPattern: Rule<Pattern> = this.RULE('groupPattern', (): Pattern => {
    const start = this.here;
    const patterns: Pattern[] = [];
    this.CONSUME(T.LeftParenthesis);
    const hasComma = this.sequenceInside(patterns);
    this.CONSUME(T.RightParenthesis);
    if (patterns.length === 1 && !hasComma) {
      this.checkNotAlone(patterns[0]);
      return patterns[0];
    }
    return { kind: 'MatchSequence', start, end: this.readEnd, patterns };
  });

  private readonly listPattern: Rule<Pattern> = this.RULE('listPattern', (): Pattern => {
    const start = this.here;
    const patterns: Pattern[] = [];
    this.CONSUME(T.LeftBracket);
    this.sequenceInside(patterns);
    this.CONSUME(T.RightBracket);
    return { kind: 'MatchSequence', start, end: this.readEnd, patterns };
  });

  private sequenceInside(patterns: Pattern[]): boolean {
    return (
      this.OPTION(() => {
        patterns.push(this.SUBRULE(this.sequenceElement));
        return this.restOfList(patterns, this.sequenceElement);
      }) ?? false
    );
  }

  // ---- mappings

  private items: MappingItems = { keys: [], patterns: [], rest: null };

  private readonly mappingPattern: Rule<Pattern> = this.RULE('mappingPattern', (): Pattern => {
    const start = this.here;
    const outer = this.items;
    const items: MappingItems = { keys: [], patterns: [], rest: null };
    this.CONSUME(T.LeftBrace);
    this.OPTION(() => {
      this.items = items;
      this.SUBRULE(this.mappingItem);
      this.restOfList([], this.mappingItem);
    });
    this.CONSUME(T.RightBrace);
    this.items = outer;
    const { keys, patterns, rest } = items;
    return { kind: 'MatchMapping', start, end: this.readEnd, keys, patterns, rest };
  });

  private readonly mappingItemAlternatives = [
    { ALT: (): void => this.mappingRest() },
    { ALT: (): void => this.mappingEntry() },
  ];

  private readonly mappingItem: Rule<void> = this.RULE('mappingItem', (): void => {
    if (this.items.rest !== null) {
      this.reject(syntaxDiagnostics.pattern, this.rangeOf(this.next), ['nothing can follow ** in a mapping pattern']);
    }
    this.OR(this.mappingItemAlternatives);
  });

  private mappingRest(): void {
    this.CONSUME(T.DoubleStar);
    this.items.rest = this.captureName(this.CONSUME(T.Name).image);
    if (this.RECORDING_PHASE) this.items.rest = null;
  }

  private mappingEntry(): void {
    const { items } = this;
    const key = this.SUBRULE(this.mappingKey);
    this.CONSUME(T.Colon);
    items.keys.push(key);
    items.patterns.push(this.SUBRULE(this.pattern));
    this.items = items;
  }

  private readonly keyAlternatives = [
    { ALT: (): Expr => this.attributeKey() },
    { ALT: (): Expr => this.SUBRULE(this.patternNumber) },
    { ALT: (): Expr => this.SUBRULE(this.strings) },
    { ALT: (): Expr => this.singleton() },
  ];

  private readonly mappingKey: Rule<Expr> = this.RULE('mappingKey', (): Expr => this.OR(this.keyAlternatives));

  private attributeKey(): Expr {
    const key = this.SUBRULE(this.dottedValue);
    if (key.kind === 'Name') this.reject(syntaxDiagnostics.pattern, key, ['a key must be a literal or a dotted name']);
    return key;
  }

  // ---- classes

  private classReader: ClassArguments = { patterns: [], kwd_attrs: [], kwd_patterns: [] };

  private readonly classArguments: Rule<ClassArguments> = this.RULE('classArguments', (): ClassArguments => {
    const outer = this.classReader;
    const reader: ClassArguments = { patterns: [], kwd_attrs: [], kwd_patterns: [] };
    this.CONSUME(T.LeftParenthesis);
    this.OPTION(() => {
      this.classReader = reader;
      this.SUBRULE(this.classArgument);
      this.restOfList([], this.classArgument);
    });
    this.CONSUME(T.RightParenthesis);
    this.classReader = outer;
    return reader;
  });

  private readonly classArgument: Rule<void> = this.RULE('classArgument', (): void => {
    const { classReader: reader, here: start } = this;
    const pattern = this.SUBRULE(this.pattern);
    const isKeyword = this.isNext(T.Equal);
    this.OPTION(() => {
      this.CONSUME(T.Equal);
      reader.kwd_attrs.push(this.keywordOf(pattern, start));
      reader.kwd_patterns.push(this.SUBRULE2(this.pattern));
    });
    this.classReader = reader;
    if (isKeyword) return;
    if (reader.kwd_attrs.length > 0 && !this.RECORDING_PHASE) {
      this.reject(syntaxDiagnostics.pattern, pattern, ['positional patterns follow keyword patterns']);
    }
    reader.patterns.push(pattern);
  });

  /** The name before `=`: it was read as a capture. */
  private keywordOf(pattern: Pattern, start: number): string {
    const text = this.file.text.slice(pattern.start, pattern.end);
    const isName = pattern.kind === 'MatchAs' && pattern.pattern === null && pattern.start === start;
    if (isName) return pattern.name ?? WILDCARD;
    this.reject(syntaxDiagnostics.pattern, pattern, [`'${text}' is no keyword of a class pattern`]);
    return text;
  }
}
