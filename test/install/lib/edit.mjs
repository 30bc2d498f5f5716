// Changes of files as a document shows them: a diff without line numbers, and keys to add to a JSON or YAML file. Pure.
import { parse, parseAllDocuments, stringify } from 'yaml';

/** Applies a diff whose lines that stay, taken together, must stand in the text exactly once. */
export function applyDiff(text, diff) {
  const lines = diff.replace(/\n$/, '').split('\n');
  const stays = line => line === '' || line.startsWith(' ');
  const side = sign =>
    lines
      .filter(line => stays(line) || line.startsWith(sign))
      .map(line => line.slice(1))
      .join('\n');
  const before = side('-');
  const count = text.split(before).length - 1;
  if (count !== 1) {
    throw new Error(
      `This stands ${count} times in the file, not once:\n${before}`,
    );
  }
  return text.replace(before, () => side('+'));
}

/** Adds keys to a JSON text. */
export const mergeJson = (text, added) =>
  `${JSON.stringify(merge(JSON.parse(text), JSON.parse(added)), null, 2)}\n`;

/** Adds keys to a YAML text, whose comments get lost. */
export const mergeYaml = (text, added) =>
  stringify(merge(parse(text) ?? {}, parse(added)));

/** Adds keys to the one of several YAML documents that describes the entity with this kind and name. */
export function mergeEntity(text, { kind, name }, added) {
  const entities = parseAllDocuments(text)
    .map(document => document.toJS())
    .filter(Boolean);
  const entity = entities.find(
    candidate => candidate.kind === kind && candidate.metadata.name === name,
  );
  if (!entity) throw new Error(`No ${kind} ${name} there`);
  merge(entity, parse(added));
  return entities.map(each => stringify(each)).join('---\n');
}

/** Lists grow, objects are merged, and what is neither is replaced. */
function merge(into, added) {
  if (Array.isArray(into) && Array.isArray(added)) return [...into, ...added];
  const isObject = value => value !== null && typeof value === 'object';
  if (!isObject(into) || !isObject(added)) return added;
  for (const [key, value] of Object.entries(added)) {
    into[key] = key in into ? merge(into[key], value) : value;
  }
  return into;
}
