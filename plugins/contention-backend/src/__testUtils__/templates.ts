/**
 * The rules by which alert tools fill in a template, as far as the templates of docs/incidents.md use them. What is not known
 * here throws, so that a template cannot pass by being misread.
 */

type Data = Record<string, any>;

/** A Go `time.Time`. */
export class GoTime {
  constructor(
    readonly iso: string,
    readonly offset = '+0000',
    readonly zone = 'UTC',
  ) {}

  /** As `{{ .StartsAt }}` prints it. */
  toString(): string {
    return `${this.iso.slice(0, 19).replace('T', ' ')} ${this.offset} ${this.zone}`;
  }

  get unix(): number {
    const hours = Number(this.offset.slice(0, 3));
    return Date.parse(`${this.iso.slice(0, 19)}Z`) / 1000 - hours * 3600;
  }

  rfc3339(): string {
    const zone =
      this.offset === '+0000'
        ? 'Z'
        : `${this.offset.slice(0, 3)}:${this.offset.slice(3)}`;
    return `${this.iso.slice(0, 19)}${zone}`;
  }
}

/** Go's `url.QueryEscape`, which `urlquery` is: a blank becomes a plus. */
function queryEscape(text: string): string {
  return new URLSearchParams({ '': text })
    .toString()
    .slice(1)
    .replace(/\*/g, '%2A');
}

/** Go's text/template: fields, `index`, pipes into `urlquery`, `.Unix`, `.Format` with RFC 3339, and `with … end`. */
export function go(template: string, data: Data): string {
  const inner = /\{\{ with index \.Alerts 0 \}\}(.*)\{\{ end \}\}/.exec(
    template,
  );
  if (inner) {
    return template.replace(inner[0], () => go(inner[1], data.Alerts[0]));
  }
  return template.replace(/\{\{(.*?)\}\}/g, (_, action: string) => {
    const [expression, ...pipes] = action.split('|').map(part => part.trim());
    let value: unknown = goValue(expression, data);
    for (const pipe of pipes) {
      if (pipe !== 'urlquery') throw new Error(`unknown function '${pipe}'`);
      value = queryEscape(goText(value));
    }
    return goText(value);
  });
}

/** A label that is not there is an empty string in a map of strings. */
function goText(value: unknown): string {
  return value === undefined ? '' : String(value);
}

function goValue(expression: string, data: Data): unknown {
  const match =
    /^(?:\(index \.Alerts 0\))?((?:\.\w+)+)(?: "2006-01-02T15:04:05Z07:00")?$/.exec(
      expression,
    );
  if (!match) throw new Error(`cannot read '${expression}'`);
  const start = expression.startsWith('(') ? data.Alerts[0] : data;
  return match[1]
    .slice(1)
    .split('.')
    .reduce((value: any, key) => {
      if (value instanceof GoTime) {
        if (key === 'Unix') return value.unix;
        if (key === 'Format') return value.rfc3339();
        throw new Error(`times have no '${key}'`);
      }
      return value?.[key];
    }, start);
}

/** Opsgenie: `{{path}}`, filled in as it is; nothing where there is nothing. */
export function opsgenie(template: string, alert: Data): string {
  return template.replace(/\{\{([\w.]+)\}\}/g, (_, path) =>
    goText(at(alert, path)),
  );
}

/** Jira's smart values, which are Mustache's with functions: `urlEncode` and `first`; nothing where there is nothing. */
export function jira(template: string, data: Data): string {
  return template.replace(/\{\{([\w.]+)\}\}/g, (_, path: string) => {
    const isEncoded = path.endsWith('.urlEncode');
    const value = goText(
      at(data, isEncoded ? path.slice(0, -'.urlEncode'.length) : path),
    );
    // Java's URLEncoder: a blank becomes a plus.
    return isEncoded ? queryEscape(value) : value;
  });
}

/** A path in braces, as `encodeURIComponent` encodes it. */
export function braces(template: string, data: Data): string {
  return template.replace(/\{([\w.]+)\}/g, (_, path) =>
    encodeURIComponent(goText(at(data, path))),
  );
}

function at(data: Data, path: string): unknown {
  return path
    .split('.')
    .reduce(
      (value: any, key) =>
        Array.isArray(value) && key === 'first' ? value[0] : value?.[key],
      data,
    );
}
