/**
 * Kubernetes label selectors, the whole grammar of `kubectl -l`: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b,c)`,
 * `a`, `!a`, joined by commas; all must hold. As in Kubernetes, `!=` and `notin` also match what lacks the label. Pure.
 */

export type Labels = ReadonlyMap<string, string>;

export interface Requirement {
  key: string;
  operator: 'in' | 'notin' | 'exists' | 'absent';
  values: readonly string[];
}

export type Selector = readonly Requirement[];

export class SelectorError extends Error {
  constructor(selector: string, detail: string) {
    super(`the label selector '${selector}' is not valid: ${detail}`);
    this.name = 'SelectorError';
  }
}

export function matches(selector: Selector, labels: Labels): boolean {
  return selector.every(({ key, operator, values }) => {
    const value = labels.get(key);
    switch (operator) {
      case 'exists':
        return value !== undefined;
      case 'absent':
        return value === undefined;
      case 'in':
        return value !== undefined && values.includes(value);
      default:
        return value === undefined || !values.includes(value);
    }
  });
}

type Token =
  | { type: 'word'; text: string }
  | { type: '=' | '==' | '!=' | '!' | '(' | ')' | ',' };

class Parsing {
  private readonly tokens: Token[];
  private position = 0;

  constructor(private readonly text: string) {
    this.tokens = this.tokenize();
  }

  selector(): Selector {
    if (this.tokens.length === 0) throw this.error('it is empty');
    const requirements = [this.requirement()];
    while (this.peek()) {
      this.take(',');
      requirements.push(this.requirement());
    }
    return requirements;
  }

  private requirement(): Requirement {
    if (this.peek()?.type === '!') {
      this.position++;
      return { key: this.key(), operator: 'absent', values: [] };
    }
    const key = this.key();
    const next = this.peek();
    if (!next || next.type === ',')
      return { key, operator: 'exists', values: [] };
    if (next.type === '=' || next.type === '==' || next.type === '!=') {
      this.position++;
      const operator = next.type === '!=' ? 'notin' : 'in';
      return { key, operator, values: [this.value()] };
    }
    if (next.type === 'word' && (next.text === 'in' || next.text === 'notin')) {
      this.position++;
      return { key, operator: next.text, values: this.values() };
    }
    throw this.error(`after '${key}' comes neither an operator nor a comma`);
  }

  private values(): string[] {
    this.take('(');
    const values = [this.value()];
    while (this.peek()?.type === ',') {
      this.position++;
      values.push(this.value());
    }
    this.take(')');
    return values;
  }

  /** A label value may be empty: `a=` and `a in (,b)` are valid. */
  private value(): string {
    const token = this.peek();
    if (token?.type !== 'word') return '';
    this.position++;
    if (
      !/^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(token.text) ||
      token.text.length > 63
    ) {
      throw this.error(`'${token.text}' is no label value`);
    }
    return token.text;
  }

  private key(): string {
    const token = this.peek();
    if (token?.type !== 'word') throw this.error('a label key is missing');
    this.position++;
    if (
      !/^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(
        token.text,
      )
    ) {
      throw this.error(`'${token.text}' is no label key`);
    }
    return token.text;
  }

  private peek(): Token | undefined {
    return this.tokens[this.position];
  }

  private take(type: Token['type']): void {
    const token = this.peek();
    if (token?.type !== type) {
      throw this.error(`'${type}' is missing`);
    }
    this.position++;
  }

  private tokenize(): Token[] {
    const tokens: Token[] = [];
    const pattern = /\s*(==|!=|=|!|\(|\)|,|[^\s=!(),]+)\s*/y;
    while (pattern.lastIndex < this.text.length) {
      const at = pattern.lastIndex;
      const match = pattern.exec(this.text);
      if (!match) {
        if (this.text.slice(at).trim() === '') break;
        throw this.error(`cannot read '${this.text.slice(at)}'`);
      }
      const [, text] = match;
      tokens.push(
        /^(==|!=|=|!|\(|\)|,)$/.test(text)
          ? { type: text as '=' }
          : { type: 'word', text },
      );
    }
    return tokens;
  }

  private error(detail: string): SelectorError {
    return new SelectorError(this.text, detail);
  }
}

/** @throws SelectorError */
export function parseSelector(text: string): Selector {
  return new Parsing(text).selector();
}
